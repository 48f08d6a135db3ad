import Aggregates
import Billing
import EventModel
import EventStorage
import RecountTesting
import Testing

private let end = Timestamp("2026-11-20T00:00:00Z") ?? .epoch

/// A store with a whole history.
func loadedStore(_ count: Int, seed: UInt64 = 1) throws -> InMemoryEventStore {
    let store = InMemoryEventStore(now: TestClock().now)
    var load = BillingLoad(seed: seed, eventCount: count, through: end)
    while true {
        let request = load.next(500)
        if request.entries.isEmpty { return store }
        _ = try store.append(request)
    }
}

@Test func `a history has as many events as asked for, in two years`() throws {
    let store = try loadedStore(20_000)
    #expect(store.head() == Position(20_000))
    var last = Timestamp(microseconds: .min)
    var first: Timestamp?
    try store.read(EventSelection()) { event in
        #expect(event.eventTime >= last)
        last = event.eventTime
        first = first ?? event.eventTime
        return .more
    }
    let years = last.seconds(since: try #require(first)) / (365 * 86_400)
    #expect((1.98...2.0).contains(years), "\(years)")
    #expect(last <= end && last > end.advanced(bySeconds: -86_400))
}

@Test func `every kind of event happens, and as often as one would think`() throws {
    let store = try loadedStore(20_000)
    let counts = Dictionary(
        store.census().map { ($0.type.text, $0.count) },
        uniquingKeysWith: +
    )
    #expect(counts.count == 10)
    func share(_ part: String, of whole: String) -> Double {
        Double(counts[part] ?? 0) / Double(counts[whole] ?? 1)
    }
    #expect((0.85...1).contains(share("PaymentReceived", of: "InvoiceIssued")))
    #expect((0.05...0.2).contains(share("PaymentFailed", of: "InvoiceIssued")))
    #expect((0.005...0.03).contains(share("PaymentRefunded", of: "PaymentReceived")))
    #expect((0.002...0.03).contains(share("InvoiceVoided", of: "InvoiceIssued")))
    #expect((0.3...0.9).contains(share("SubscriptionReactivated", of: "SubscriptionSuspended")))
    #expect((0.05...0.6).contains(share("SubscriptionCancelled", of: "SubscriptionCreated")))
    let revisions = store.census().filter { $0.type.text == "SubscriptionSuspended" }
    #expect(revisions.map(\.revision) == [1, 2])
}

@Test func `the same seed gives the same history, another seed another`() {
    var loads = [1, 1, 2].map { BillingLoad(seed: $0, eventCount: 1000, through: end) }
    let requests = loads.indices.map { loads[$0].next(1000) }
    #expect(requests[0] == requests[1])
    #expect(requests[0] != requests[2])
    var other = BillingLoad(seed: 1, eventCount: 1000, through: end)
    let parts = (0..<10).flatMap { _ in other.next(100).entries }
    #expect(parts == requests[0].entries)
    #expect(other.next(100).entries.isEmpty)
}

@Test func `every history is a valid life of the aggregate`() throws {
    let store = try loadedStore(5000)
    let folds = Folds([Fold(Subscription.self)])
    let snapshots = InMemorySnapshotStore()
    let snapshotter = Snapshotter(
        store: store,
        snapshots: snapshots,
        folds: folds,
        now: { end }
    )
    let progress = try snapshotter.takeStale(of: Subscription.category)
    #expect(progress.failedCount == 0, "\(String(describing: progress.firstFailure))")
    #expect(progress.takenCount == store.streamCount())
}

@Test func `the load goes on live where the history stopped`() throws {
    let store = InMemoryEventStore(now: TestClock().now)
    var load = BillingLoad(eventCount: 2000, through: end)
    _ = try store.append(load.next(2000))
    for second in 1...50 {
        let time = end.advanced(bySeconds: Double(second))
        let request = load.live(20, at: time)
        #expect(request.entries.count == 20)
        _ = try store.append(request)
    }
    #expect(store.head() == Position(3000))
    #expect(load.emittedCount == 3000)
    let reader = StateReader(store: store, folds: Folds([Fold(Subscription.self)]))
    for stream in store.streams(StreamsRequest(limit: .max)) {
        #expect(throws: Never.self) { try reader.state(of: stream.stream) }
    }
}
