import Aggregates
import EventModel
import EventSchema
import EventStorage
import RecountTesting
import Synchronization

/// A bank account, the smallest aggregate with a rule.
struct Account: Aggregate, Codable, Hashable {
    enum Command: Sendable {
        case open(owner: String)
        case deposit(cents: Int)
        case withdraw(cents: Int)
        case settle
    }

    enum Event: DomainEvent, Hashable {
        case opened(owner: String)
        case deposited(cents: Int)
        case withdrawn(cents: Int)

        static let forms = EventForms(
            prefix: "Account",
            cases: "opened",
            "deposited",
            "withdrawn"
        )
    }

    enum Rejection: Error, Hashable {
        case alreadyOpen
        case insufficientFunds(short: Int)
    }

    static let category = Category("account")
    static var snapshotEvery: Int? { 10 }

    var owner: String?
    var balanceCents = 0
    var eventCount = 0

    func decide(_ command: Command) throws(Rejection) -> [Event] {
        switch command {
        case .open(let owner):
            guard self.owner == nil else { throw .alreadyOpen }
            return [.opened(owner: owner)]
        case .deposit(let cents):
            return [.deposited(cents: cents)]
        case .withdraw(let cents):
            guard cents <= balanceCents else {
                throw .insufficientFunds(short: cents - balanceCents)
            }
            return [.withdrawn(cents: cents)]
        case .settle:
            return balanceCents == 0
                ? [] : [.deposited(cents: 0), .withdrawn(cents: balanceCents)]
        }
    }

    mutating func evolve(_ event: Event) {
        eventCount += 1
        switch event {
        case .opened(let owner): self.owner = owner
        case .deposited(let cents): balanceCents += cents
        case .withdrawn(let cents): balanceCents -= cents
        }
    }
}

/// A store in memory with what is needed to fold and to command.
struct Bank {
    let clock = TestClock()
    let store: InMemoryEventStore
    let snapshots = InMemorySnapshotStore()

    init() {
        store = InMemoryEventStore(now: clock.now)
    }

    var folds: Folds { Folds([Fold(Account.self)]) }
    var reader: StateReader { StateReader(store: store, snapshots: snapshots, folds: folds) }
    var plainReader: StateReader { StateReader(store: store, folds: folds) }
    var repository: AggregateRepository<Account> {
        AggregateRepository(store: store, snapshots: snapshots, now: clock.now)
    }
    var snapshotter: Snapshotter {
        Snapshotter(store: store, snapshots: snapshots, folds: folds, now: clock.now)
    }

    /// Opens an account and deposits one cent so many times, times in steps of ten.
    @discardableResult
    func fill(_ identifier: String, deposits: Int, seed: UInt64 = 0) throws -> StreamName {
        let stream = Account.stream(identifier)
        let events = try (0...deposits).map { index in
            try pending(
                index == 0 ? .opened(owner: "Ana") : .deposited(cents: 1),
                number: seed + UInt64(index),
                time: Int64(index) * 10
            )
        }
        for start in stride(from: 0, to: events.count, by: 4096) {
            let batch = Array(events[start...].prefix(4096))
            _ = try store.append(AppendRequest(batch, to: stream))
        }
        return stream
    }

    func pending(
        _ event: Account.Event,
        number: UInt64,
        time: Int64
    ) throws -> PendingEvent {
        let content = try Account.codec.encode(event)
        return PendingEvent(
            id: EventID(high: 0xACC, low: number),
            type: content.form.type,
            eventTime: Timestamp(microseconds: time),
            payload: content.payload
        )
    }
}

/// Metadata of the command with a number.
func command(_ number: UInt64) -> CommandMetadata {
    CommandMetadata(commandID: EventID(high: 0xC0, low: number), actor: "ana")
}
