public import EventModel

/// Which events to read, and in which order.
public struct EventSelection: Hashable, Sendable {
    /// Whose events.
    public enum Scope: Hashable, Sendable {
        /// Those of every stream.
        case all
        /// Those of every stream of one category.
        case category(Category)
        /// Those of one stream.
        case stream(StreamName)
    }

    /// Which way to go through them.
    public enum Direction: Hashable, Sendable {
        /// Oldest first.
        case forwards
        /// Newest first.
        case backwards
    }

    /// Whose events.
    public var scope: Scope
    /// Which way to go through them.
    public var direction: Direction
    /// Only events after this position.
    public var after: Position
    /// Only events up to and with this position.
    public var through: Position?
    /// Only events from this sequence on.
    public var fromSequence: Sequence
    /// Only events up to and with this sequence.
    public var throughSequence: Sequence?
    /// Only events of these types; empty means every type.
    public var types: [EventType]
    /// Only events that carry all these tags.
    public var tags: [EventTag]
    /// Only events whose event time is at or after this.
    public var fromTime: Timestamp?
    /// Only events whose event time is at or before this.
    public var throughTime: Timestamp?
    /// Only events recorded at or after this.
    public var fromRecordedTime: Timestamp?
    /// Only events recorded at or before this.
    public var throughRecordedTime: Timestamp?

    /// Makes a selection; without arguments it is every event, oldest first.
    public init(
        _ scope: Scope = .all,
        direction: Direction = .forwards,
        after: Position = .start,
        through: Position? = nil,
        fromSequence: Sequence = .first,
        throughSequence: Sequence? = nil,
        types: [EventType] = [],
        tags: [EventTag] = [],
        fromTime: Timestamp? = nil,
        throughTime: Timestamp? = nil,
        fromRecordedTime: Timestamp? = nil,
        throughRecordedTime: Timestamp? = nil
    ) {
        self.scope = scope
        self.direction = direction
        self.after = after
        self.through = through
        self.fromSequence = fromSequence
        self.throughSequence = throughSequence
        self.types = types
        self.tags = tags
        self.fromTime = fromTime
        self.throughTime = throughTime
        self.fromRecordedTime = fromRecordedTime
        self.throughRecordedTime = throughRecordedTime
    }
}
