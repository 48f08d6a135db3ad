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
    /// When it was committed, which differs where it was lost and appended once more; nothing where
    /// an earlier version made the mark.
    public var recordedTime: Timestamp?

    /// Makes a mark from its parts.
    public init(
        position: Position,
        event: EventID,
        incarnation: UInt32,
        recordedTime: Timestamp?
    ) {
        self.position = position
        self.event = event
        self.incarnation = incarnation
        self.recordedTime = recordedTime
    }
}

/// What a group has handled is not what the log holds.
public struct HistoryBreak: Hashable, Sendable {
    /// The last position that the group has decided.
    public var position: Position
    /// The log's last position.
    public var head: Position
    /// The last event up to which both are known to be the same history; nothing where none is.
    public var ancestor: HistoryMark?

    /// Makes a break from its parts.
    public init(position: Position, head: Position, ancestor: HistoryMark?) {
        self.position = position
        self.head = head
        self.ancestor = ancestor
    }

    /// What happened, and what to do about it.
    var complaint: String {
        let what =
            position > head
            ? "the log does not hold positions \(head.next) to \(position)"
            : "the log holds other events after position \(ancestor?.position ?? .start)"
        return "the group has handled position \(position), and \(what): restore the log, or "
            + "replay the group, which makes its rows from what the log holds"
    }
}
