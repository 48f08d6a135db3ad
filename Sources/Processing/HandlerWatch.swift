import EventModel
import Synchronization

/// Which event the handlers of a group have in their hands, for another thread to see.
final class HandlerWatch: Sendable {
    private let number = Atomic<UInt64>(0)

    /// Notes that handlers are given an event.
    func enter(_ position: Position) {
        number.store(position.number, ordering: .relaxed)
    }

    /// Notes that they have none.
    func leave() {
        number.store(0, ordering: .relaxed)
    }

    /// The event they have now; nothing where they have none.
    var position: Position? {
        let number = number.load(ordering: .relaxed)
        return number == 0 ? nil : Position(number)
    }
}
