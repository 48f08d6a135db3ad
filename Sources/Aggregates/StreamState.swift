public import EventModel
import EventStorage

/// A point in the history of a stream.
public enum HistoryPoint: Hashable, Sendable {
    /// After the last event.
    case head
    /// After the event with this sequence; after the last one where there is none.
    case sequence(Sequence)
    /// After the last event whose position is at most this.
    case position(Position)
    /// After exactly those events whose event time is at most this, in their order.
    ///
    /// Where times go back inside a stream, an event that says it happened later is left out
    /// although events after it are taken in.
    case time(Timestamp)
}

/// The state of an aggregate at one point of its history.
public struct StreamState: Hashable, Sendable {
    /// The aggregate's stream.
    public var stream: StreamName
    /// The last event that went in; nothing where the stream did not exist yet.
    public var last: RecordedEvent?
    /// The state as compact JSON; nothing where the stream did not exist yet.
    public var json: [UInt8]?
    /// The sequence of the snapshot the fold started from; nothing where it started at the
    /// beginning.
    public var snapshotSequence: Sequence?
    /// Where the rules come from.
    public var rules: String

    /// Makes a state from its parts.
    public init(
        stream: StreamName,
        last: RecordedEvent?,
        json: [UInt8]?,
        snapshotSequence: Sequence?,
        rules: String
    ) {
        self.stream = stream
        self.last = last
        self.json = json
        self.snapshotSequence = snapshotSequence
        self.rules = rules
    }
}

/// What is told of an event without what it carries.
public struct EventFacts: Hashable, Sendable {
    /// The number of the event in the store.
    public var position: Position
    /// The number of the event in its stream.
    public var sequence: Sequence
    /// The identity under which it was appended.
    public var id: EventID
    /// The kind of fact.
    public var type: EventType
    /// When the producer says it happened.
    public var eventTime: Timestamp
    /// When the store committed it.
    public var recordedTime: Timestamp

    init(_ event: borrowing EventView) {
        position = event.position
        sequence = event.sequence
        id = event.id
        type = event.eventType
        eventTime = event.eventTime
        recordedTime = event.recordedTime
    }
}
