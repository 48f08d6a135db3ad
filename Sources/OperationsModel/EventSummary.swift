public import EventModel

/// What a list says about one event.
public struct EventSummary: Hashable, Sendable {
    /// The number of the event in the store.
    public var position: Position
    /// The stream it belongs to.
    public var stream: StreamName
    /// The number of the event in its stream.
    public var sequence: Sequence
    /// The kind of fact.
    public var type: EventType
    /// Which form of the type the payload has.
    public var revision: UInt32
    /// When the producer says it happened.
    public var eventTime: Timestamp
    /// When the store committed it.
    public var recordedTime: Timestamp
    /// The bytes of the payload.
    public var payloadSize: Int
    /// The beginning of the payload, cut between characters.
    public var payloadPreview: String

    /// Makes a summary from its parts.
    public init(
        position: Position,
        stream: StreamName,
        sequence: Sequence,
        type: EventType,
        revision: UInt32,
        eventTime: Timestamp,
        recordedTime: Timestamp,
        payloadSize: Int,
        payloadPreview: String
    ) {
        self.position = position
        self.stream = stream
        self.sequence = sequence
        self.type = type
        self.revision = revision
        self.eventTime = eventTime
        self.recordedTime = recordedTime
        self.payloadSize = payloadSize
        self.payloadPreview = payloadPreview
    }
}

/// One event with everything it carries.
public struct EventDetail: Hashable, Sendable {
    /// What a list says about it.
    public var summary: EventSummary
    /// Its identity.
    public var id: EventID
    /// What it can be found by besides stream and type.
    public var tags: [EventTag]
    /// The media type of the payload.
    public var contentType: String
    /// The metadata, laid out for reading, one line each.
    public var metadataLines: [String]
    /// The payload, laid out for reading, one line each.
    public var payloadLines: [String]

    /// Makes a detail from its parts.
    public init(
        summary: EventSummary,
        id: EventID,
        tags: [EventTag],
        contentType: String,
        metadataLines: [String],
        payloadLines: [String]
    ) {
        self.summary = summary
        self.id = id
        self.tags = tags
        self.contentType = contentType
        self.metadataLines = metadataLines
        self.payloadLines = payloadLines
    }
}

/// Which events to list.
public struct EventsRequest: Hashable, Sendable {
    /// From where events are taken, and in which direction.
    public enum Range: Hashable, Sendable {
        /// Ascending, those after a position.
        case after(Position)
        /// Descending, those before a position; `nil` starts at the head.
        case before(Position?)
        /// Ascending, those of one stream from a sequence on.
        case stream(StreamName, from: Sequence)
        /// Descending, those of one stream up to and with a sequence; `nil` starts at its last.
        case streamBackwards(StreamName, through: Sequence?)
    }

    /// From where, and in which direction.
    public var range: Range
    /// Only events of these types; empty means every type.
    public var types: [EventType]
    /// Only events whose stream name or type contains this text.
    public var containing: String
    /// How many events at most.
    public var limit: Int

    /// Makes a request.
    public init(
        range: Range,
        types: [EventType] = [],
        containing: String = "",
        limit: Int = 200
    ) {
        self.range = range
        self.types = types
        self.containing = containing
        self.limit = limit
    }
}
