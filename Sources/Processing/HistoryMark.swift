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

/// Which marks are kept: one about every sixteen positions; of earlier ones every second, every
/// fourth and so on, so that there are few, and most of them late.
extension HistoryMark {
    /// The positions of a stretch, of which one event at most is kept.
    package static let interval: UInt64 = 16
    /// How many marks of each level are kept.
    private static let countMax: UInt64 = 8

    /// Which stretch a position is in.
    package static func stretch(of position: Position) -> UInt64 { position.number / interval }

    /// How often the number of its stretch, which is not the first, can be halved.
    package var level: Int { HistoryMark.stretch(of: position).trailingZeroBitCount }

    /// How far behind the last mark one of a level may be.
    package static func reach(ofLevel level: Int) -> UInt64 {
        countMax * interval << UInt64(level + 1)
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

    /// Finds out whether the log of a store is another one than that which a group has handled;
    /// nothing where it is the same.
    ///
    /// - Parameters:
    ///   - progress: what the group has stored.
    ///   - marks: asked for earlier marks where the last ones are not what the log holds.
    ///   - store: the store.
    /// - Throws: what the store or the marks report.
    public init?(
        of progress: GroupProgress,
        marks: () throws -> [HistoryMark],
        in store: any EventStore
    ) throws {
        let (head, furthest) = (try store.head(), progress.furthestPosition)
        let last = Set(progress.segments.compactMap(\.mark))
        var position = furthest > head ? furthest : .start
        for mark in last where try !store.holds(mark) { position = max(position, mark.position) }
        guard position > .start else { return nil }
        self.init(position: position, head: head, ancestor: nil)
        // Marks behind one that the log does not hold may be of events that were handled since.
        for mark in (try marks() + last).sorted(by: { $0.position < $1.position }) {
            guard try store.holds(mark) else { break }
            ancestor = mark
        }
    }

    /// What happened.
    public var what: String {
        let what =
            position > head
            ? "the log does not hold positions \(head.next) to \(position)"
            : "the log holds other events after position \(ancestor?.position ?? .start)"
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
        guard let event = try event(at: mark.position), event.id == mark.event else {
            return false
        }
        return mark.recordedTime == nil || mark.recordedTime == event.recordedTime
    }
}
