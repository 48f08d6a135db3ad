public import EventModel
public import EventStorage

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

    /// Finds out whether the log of a store is another one than that which a group has handled;
    /// nothing where it is the same.
    ///
    /// - Parameters:
    ///   - last: the last event that each segment has decided.
    ///   - earlier: asked for the marks before, by position, where one of the last is not held.
    ///   - store: the store.
    /// - Throws: what the store or the marks report.
    public init?(
        _ last: [HistoryMark],
        earlier: () throws -> [HistoryMark],
        in store: any EventStore
    ) throws {
        let head = try store.head()
        let lost = try last.filter { try !store.holds($0) }.max { $0.position < $1.position }
        guard let lost else { return nil }
        self.init(position: lost.position, head: head, ancestor: .start)
        if lost.position > head, lost.incarnation == store.identity.incarnation {
            // A log that only lost its end is the same up to there.
            ancestor = head
            return
        }
        for mark in try earlier() where try mark.position > ancestor && store.holds(mark) {
            ancestor = mark.position
        }
    }

    /// What happened.
    public var what: String {
        let what =
            position > head
            ? "the log does not hold positions \(head.next) to \(position)"
            : "the log holds other events after position \(ancestor)"
        return "the group has handled position \(position), and \(what)"
    }

    /// What happened, and what to do about it.
    var complaint: String {
        "\(what): restore the log, or replay the group, which makes its rows from what is there"
    }
}

extension EventStore {
    /// Whether the event is where a group has decided it.
    fileprivate func holds(_ mark: HistoryMark) throws -> Bool {
        try event(at: mark.position)?.id == mark.event
    }
}
