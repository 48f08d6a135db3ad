import Aggregates
import EventModel
import EventSchema
import Synchronization

/// What a counter accepts others to have done between its decision and the append.
enum Allowance {
    case nothing
    case deposits
}

/// An aggregate on the streams of accounts that tells how many events it had seen when it decided.
struct Counter: Aggregate {
    enum Command: Sendable {
        case countUp
    }

    enum Rejection: Error {}

    /// How often any counter has decided.
    static let decisions = Mutex(0)
    @TaskLocal static var allowance = Allowance.nothing

    static let category = Category("account")
    static let codec = Account.codec

    var eventCount = 0

    func decide(_ command: Command) throws(Rejection) -> [Account.Event] {
        Counter.decisions.withLock { $0 += 1 }
        return [.deposited(cents: eventCount)]
    }

    mutating func evolve(_ event: Account.Event) {
        eventCount += 1
    }

    func allows(_ decided: [Account.Event], after others: [Account.Event]) -> Bool {
        Counter.allowance == .deposits
            && others.allSatisfy {
                if case .deposited = $0 { true } else { false }
            }
    }
}
