/// A fact that has not been appended yet.
public struct PendingEvent: Hashable, Sendable {
    /// The identity, which makes a repeated append harmless.
    public var id: EventID
    /// The kind of fact.
    public var type: EventType
    /// Which form of the type the payload has, from 1.
    public var revision: UInt32
    /// When the producer says it happened; nothing means: when it is recorded.
    public var eventTime: Timestamp?
    /// What the event can be found by besides stream and type.
    public var tags: [EventTag]
    /// The media type of the payload.
    public var contentType: String
    /// Facts about the event rather than of the domain, as JSON; may be empty.
    public var metadata: [UInt8]
    /// The fact itself; stored and hashed byte for byte.
    public var payload: [UInt8]

    /// Makes an event; only identity, type and payload have no default.
    public init(
        id: EventID,
        type: EventType,
        revision: UInt32 = 1,
        eventTime: Timestamp? = nil,
        tags: [EventTag] = [],
        contentType: String = PendingEvent.contentTypeJSON,
        metadata: [UInt8] = [],
        payload: [UInt8]
    ) {
        self.id = id
        self.type = type
        self.revision = revision
        self.eventTime = eventTime
        self.tags = tags
        self.contentType = contentType
        self.metadata = metadata
        self.payload = payload
    }

    /// The media type of payloads where none is given.
    public static let contentTypeJSON = "application/json"
}
