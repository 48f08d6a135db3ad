import Aggregates
import Billing
import DomainModel
import EventModel
import EventSchema
import EventStorage
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

/// Runs groups over a store until they have decided everything.
private final class Groups {
    private let directory = TemporaryDirectory()

    init(_ projections: [any Projection], over store: InMemoryEventStore) throws {
        let groups = projections.map { projection in
            ReadModelGroup(name: projection.name, directory: directory.path) { [projection] }
        }
        let clock = TestClock()
        let host = ProcessorHost(groups, store: store, process: 1, now: clock.now)
        let behind = try host.waitUntilDecided(store.head())
        let statuses = host.statuses
        host.stop()
        #expect(behind == [], "\(statuses)")
    }

    func database(_ group: String) throws -> SQLiteConnection {
        let path = GroupFiles(group: group, directory: directory.path).database
        return try SQLiteConnection(path: path, mode: .readOnly)
    }

    func rows(_ group: String, _ query: String) throws -> [[SQLiteValue]] {
        let statement = try database(group).prepare(query)
        var rows: [[SQLiteValue]] = []
        while try statement.step() {
            rows.append((0..<statement.columnCount).map { statement.value(at: $0) })
        }
        return rows
    }
}

/// Projections as a program runs them.
private func current(_ projections: [any Projection]) throws -> [any Projection] {
    let upcastings = Upcastings([Subscription.category: Subscription.upcasting])
    return projections.map { CurrentProjection($0, upcastings) }
}

private let queries = [
    "billing-history": "SELECT * FROM history ORDER BY stream, sequence",
    "revenue": "SELECT * FROM revenue ORDER BY month, plan",
    "dunning": "SELECT * FROM openInvoices ORDER BY stream, invoice",
]

/// What the events themselves say was received and paid back.
private func sums(_ store: InMemoryEventStore) throws -> (received: Int64, refunded: Int64) {
    var sums: (received: Int64, refunded: Int64) = (0, 0)
    for event in try store.events(EventSelection()) where event.revision == 1 {
        guard let content = try? Subscription.codec.decode(event) else { continue }
        switch content {
        case .paymentReceived(_, _, let cents): sums.received += Int64(cents)
        case .paymentRefunded(_, _, let cents): sums.refunded += Int64(cents)
        default: break
        }
    }
    return sums
}

@Test func `the read models of Swift and of the repaired text are the same`() throws {
    let store = try loadedStore(5000)
    let swift = try Groups(current([BillingHistory(), Revenue(), Dunning()]), over: store)
    let model = try DomainModel(parsing: BillingModel.repairedYAML, file: "recount.yaml")
    let text = try Groups(model.projections, over: store)
    for (group, query) in queries {
        let rows = try swift.rows(group, query)
        #expect(!rows.isEmpty)
        #expect(try text.rows(group, query) == rows, "\(group)")
    }
    let (received, refunded) = try sums(store)
    let total = try swift.rows("revenue", "SELECT sum(cents) FROM revenue")
    #expect(total == [[.integer(received - refunded)]])
}

@Test func `the bug of the demonstration shows in the sum, and one line repairs it`() throws {
    let store = try loadedStore(5000)
    let (received, refunded) = try sums(store)
    try #require(refunded > 0)
    let buggy = try DomainModel(parsing: BillingModel.yaml, file: "recount.yaml")
    let groups = try Groups(buggy.projections.filter { $0.name == "revenue" }, over: store)
    let total = try groups.rows("revenue", "SELECT sum(cents) FROM revenue")
    #expect(total == [[.integer(received + refunded)]])

    let lines = BillingModel.yaml.split(separator: "\n", omittingEmptySubsequences: false)
    let repaired = BillingModel.repairedYAML
        .split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == repaired.count)
    let changed = zip(lines, repaired).filter { $0 != $1 }
    #expect(changed.count == 1)
    #expect(changed.first?.0 == BillingModel.buggyLine[...])
    #expect(BillingModel.yaml.contains("# BUG refunds-counted-as-revenue: "))
}

@Test func `the groups of the demonstration are named and the right ones are idempotent`() throws {
    let model = try DomainModel(parsing: BillingModel.yaml, file: "recount.yaml")
    #expect(
        model.projections.map(\.name) == ["billing-history", "revenue", "dunning", "slow-ledger"]
    )
    #expect(model.projections.filter(\.isIdempotent).map(\.name) == ["billing-history"])
    #expect(model.objectives.lagCritical == 10_000)
}

@Test func `an open invoice is open in the aggregate and in the read model`() throws {
    let store = try loadedStore(3000)
    let groups = try Groups(current([Dunning()]), over: store)
    let clock = TestClock()
    let repository = AggregateRepository<Subscription>(store: store, now: clock.now)
    var open: [[SQLiteValue]] = []
    for summary in store.streams(StreamsRequest(limit: .max)) {
        let root = try repository.load(summary.stream.identifier).root
        for invoice in root.openInvoices.sorted(by: { $0.number < $1.number }) {
            open.append([
                .text(summary.stream.text), .text(invoice.number),
                .integer(Int64(invoice.amountCents)),
                .integer(Int64(invoice.failedPaymentCount)),
            ])
        }
    }
    let columns = "SELECT stream, invoice, amountCents, failedPayments FROM openInvoices"
    #expect(try groups.rows("dunning", "\(columns) ORDER BY stream, invoice") == open)
}

@Test func `the history of a subscription is asked for by its identifier`() throws {
    let store = InMemoryEventStore(now: TestClock().now)
    for (identifier, events) in [("7", [created, issued("1"), paid("1")]), ("70", [created])] {
        for (number, event) in events.enumerated() {
            let content = try Subscription.codec.encode(event)
            let pending = PendingEvent(
                id: EventID(high: UInt64(identifier.utf8.count), low: UInt64(number)),
                type: content.form.type,
                eventTime: Timestamp(microseconds: Int64(number) * 1_000_000),
                payload: content.payload
            )
            _ = try store.append(AppendRequest([pending], to: Subscription.stream(identifier)))
        }
    }
    let database = try Groups([BillingHistory()], over: store).database("billing-history")
    let expected = [
        BillingHistory.Entry(
            sequence: Sequence(0),
            time: "1970-01-01T00:00:00Z",
            type: "SubscriptionCreated"
        ),
        BillingHistory.Entry(
            sequence: Sequence(1),
            time: "1970-01-01T00:00:01Z",
            type: "InvoiceIssued",
            amountCents: 4_900
        ),
        BillingHistory.Entry(
            sequence: Sequence(2),
            time: "1970-01-01T00:00:02Z",
            type: "PaymentReceived",
            amountCents: 4_900
        ),
    ]
    #expect(try BillingHistory.entries(of: "7", in: database) == expected)
    #expect(try BillingHistory.entries(of: "70", in: database).map(\.sequence) == [.first])
    #expect(try BillingHistory.entries(of: "8", in: database) == [])
}
