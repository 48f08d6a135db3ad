import Billing
import Recount
import RecountTesting
import Testing

/// A long-lived subscription, billed and paid through its repository until it has so many events.
private struct LongLife {
    let clock = TestClock()
    let store: InMemoryEventStore
    let snapshots = InMemorySnapshotStore()

    init() {
        store = InMemoryEventStore(now: clock.now)
    }

    /// Loads from snapshots.
    var repository: AggregateRepository<Subscription> {
        AggregateRepository(store: store, snapshots: snapshots, now: clock.now)
    }

    /// Loads whole streams.
    var plainRepository: AggregateRepository<Subscription> {
        AggregateRepository(store: store, now: clock.now)
    }

    /// Carries out so many commands with one event each, and calls `check` with the number of
    /// events after each.
    func live(eventCount: Int, _ check: (Int) throws -> Void) throws {
        let repository = repository
        for number in 0..<eventCount {
            let invoice = "\(number / 2)"
            let command: SubscriptionCommand =
                switch number {
                case 0: .create(customer: "C1", plan: .team)
                case 1: .activate
                default:
                    number % 2 == 0
                        ? .issueInvoice(invoice)
                        : .receivePayment(invoice: invoice, amountCents: 4_900)
                }
            let metadata = CommandMetadata(commandID: EventID(high: 0, low: UInt64(number)))
            let outcome = try repository.handle(command, for: "1", metadata: metadata)
            #expect(outcome.events.count == 1)
            try check(number + 1)
        }
    }
}

@Suite struct SubscriptionSnapshotTests {
    @Test func `of five thousand events, at most 49 are loaded behind a snapshot`() throws {
        let life = LongLife()
        var eventsAfterSnapshotMax: UInt64 = 0
        try life.live(eventCount: 5_000) { eventCount in
            // Only around the lengths at which a snapshot is due does it matter.
            guard eventCount % 50 < 2 || eventCount % 50 == 49 else { return }
            let loaded = try life.repository.load("1")
            let last = try #require(loaded.last)
            #expect(last.next.number == UInt64(eventCount))
            guard eventCount >= 50 else {
                #expect(loaded.snapshotSequence == nil)
                return
            }
            let snapshot = try #require(loaded.snapshotSequence)
            eventsAfterSnapshotMax = max(eventsAfterSnapshotMax, last.number - snapshot.number)
        }
        #expect(eventsAfterSnapshotMax == 49)
        // Of a hundred, the newest four are kept, and one for each 1,024 events before.
        #expect(life.snapshots.list(of: Subscription.stream("1")).count == 9)
        let (short, whole) = (try life.repository.load("1"), try life.plainRepository.load("1"))
        #expect(short.snapshotSequence == Sequence(4_999) && whole.snapshotSequence == nil)
        #expect(short.root == whole.root)
        #expect(whole.root.paidCents == 2_499 * 4_900)
    }
}
