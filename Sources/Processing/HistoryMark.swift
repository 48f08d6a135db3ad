public import EventModel

/// An event that a group has decided, by which it knows the history of its store again.
///
/// After a restore, other events may take the positions of lost ones.
public struct HistoryMark: Hashable, Sendable {
    /// The position of the event.
    public var position: Position
    /// The event.
    public var event: EventID
    /// The store's incarnation when the event was decided.
    public var incarnation: UInt32

    /// The positions of a stretch, of which one event at most is kept as a mark.
    package static let interval: UInt64 = 1024

    /// Which stretch a position is in.
    package static func stretch(of position: Position) -> UInt64 {
        position.number / interval
    }

    /// Makes a mark from its parts.
    public init(position: Position, event: EventID, incarnation: UInt32) {
        self.position = position
        self.event = event
        self.incarnation = incarnation
    }
}

/// What a group has handled is not what the log holds.
public struct HistoryBreak: Hashable, Sendable {
    /// The last position that the group has decided.
    public var position: Position
    /// The log's last position.
    public var head: Position
    /// The last position up to which both are known to be the same history.
    public var ancestor: Position

    /// Makes a break from its parts.
    public init(position: Position, head: Position, ancestor: Position) {
        self.position = position
        self.head = head
        self.ancestor = ancestor
    }

    /// What happened, and what to do about it.
    var complaint: String {
        let what =
            position > head
            ? "the log does not hold positions \(head.next) to \(position)"
            : "the log holds other events after position \(ancestor)"
        return "the group has handled position \(position), and \(what): restore the log, or "
            + "replay the group, which makes its rows from what the log holds"
    }
}
