/// An immutable fact, as the store holds it.
public struct RecordedEvent: Hashable, Sendable {
    /// The number of the event in the whole store, from 1.
    public let position: Position
    /// The stream it belongs to.
    public let stream: StreamName
    /// The number of the event in its stream, from 0.
    public let sequence: Sequence
    /// When the store committed it; never decreases with the position.
    public let recordedTime: Timestamp
    /// When the producer says it happened; the recorded time where it said nothing.
    public let eventTime: Timestamp
    /// The identity under which it was appended.
    public let id: EventID
    /// The kind of fact.
    public let type: EventType
    /// Which form of the type the payload has, from 1.
    public let revision: UInt32
    /// What the event can be found by besides stream and type.
    public let tags: [EventTag]
    /// The media type of the payload.
    public let contentType: String
    /// Facts about the event rather than of the domain, as JSON; may be empty.
    public let metadata: [UInt8]
    /// The fact itself, byte for byte as appended.
    public let payload: [UInt8]

    /// Makes a recorded event from all its parts.
    public init(
        position: Position,
        stream: StreamName,
        sequence: Sequence,
        recordedTime: Timestamp,
        eventTime: Timestamp,
        id: EventID,
        type: EventType,
        revision: UInt32,
        tags: [EventTag],
        contentType: String,
        metadata: [UInt8],
        payload: [UInt8]
    ) {
        self.position = position
        self.stream = stream
        self.sequence = sequence
        self.recordedTime = recordedTime
        self.eventTime = eventTime
        self.id = id
        self.type = type
        self.revision = revision
        self.tags = tags
        self.contentType = contentType
        self.metadata = metadata
        self.payload = payload
    }
}

extension RecordedEvent {
    /// The event as it was before the append, with the event time said even where its producer said
    /// none.
    package var pending: PendingEvent {
        PendingEvent(
            id: id,
            type: type,
            revision: revision,
            eventTime: eventTime,
            tags: tags,
            contentType: contentType,
            metadata: metadata,
            payload: payload
        )
    }
}
