import Disk
import EventModel
import EventStorage
@testable import Processing

/// What the group of a history is like.
struct Plan {
    var sequencing = SequencingPolicy.perStream
    var isIdempotent = false
    var streamCount = 4
    var hostCountMax = 1
    /// Of how many events one is poison, in each of four ways; 0 means that none is.
    var poisonInterval: UInt64 = 0
    /// Of how many positions one is marked, where a batch ends there.
    var markInterval: UInt64 = 1
    /// Says which events are poison.
    var salt: UInt64 = 0

    static let group = "group"
    static let types = [EventType("Opened"), EventType("Changed"), unhandledType]
    /// The type that no handler is for.
    static let unhandledType = EventType("Ignored")

    /// A plan chosen at random.
    static func random(_ random: inout RandomSequence) -> Plan {
        var plan = Plan()
        switch random.next(below: 8) {
        case 0: plan.sequencing = .oneAtATime
        case 1: plan.sequencing = .concurrent
        default: plan.sequencing = .perStream
        }
        plan.isIdempotent = random.next(below: 3) == 0
        plan.streamCount = 1 + random.next(below: 6)
        plan.hostCountMax = 1 + random.next(below: 4)
        plan.poisonInterval = [0, 30, 60, 100][random.next(below: 4)]
        plan.salt = random.next()
        plan.markInterval = [1, 1, 3, 7][random.next(below: 4)]
        return plan
    }

    /// How the handling of an event fails.
    enum Defect {
        /// When it is handled.
        case poison
        /// When the transaction is committed.
        case latePoison
    }

    /// How the event at a position fails, and how often.
    func defect(at position: Position) -> (defect: Defect, times: Int)? {
        guard poisonInterval > 0 else { return nil }
        switch RandomSequence.mix(salt &+ position.number) % poisonInterval {
        case 0: return (.poison, .max)
        case 1: return (.poison, 2)
        case 2: return (.latePoison, .max)
        case 3: return (.latePoison, 1)
        default: return nil
        }
    }
}

/// What the simulation knows of an event.
struct EventFact {
    var position: Position
    var key: String
    var hash: UInt32
    /// Whether a handler is for it.
    var isHandled: Bool
}
