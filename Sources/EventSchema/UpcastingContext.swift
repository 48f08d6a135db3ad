public import EventModel

/// What an upcaster may know of an event besides its content: everything that never changes.
///
/// It tells of this one event only. What an upcaster gives is therefore the same wherever the
/// event is read: alone, in its stream, or in a batch of a processor.
public struct UpcastingContext: Hashable, Sendable {
    /// The stream, which tells category and identifier too.
    public let stream: StreamName
    /// The number of the event in the stream.
    public let sequence: Sequence
    /// The number of the event in the store.
    public let position: Position
    /// The identity under which it was appended.
    public let id: EventID
    /// When the producer says it happened.
    public let eventTime: Timestamp
    /// When the store committed it.
    public let recordedTime: Timestamp
    /// What it can be found by besides stream and type.
    public let tags: [EventTag]
    /// The media type of the payload.
    public let contentType: String
    /// Facts about the event rather than of the domain, as JSON; may be empty.
    public let metadata: [UInt8]

    /// Takes out of a recorded event what no upcaster changes.
    public init(_ event: RecordedEvent) {
        stream = event.stream
        sequence = event.sequence
        position = event.position
        id = event.id
        eventTime = event.eventTime
        recordedTime = event.recordedTime
        tags = event.tags
        contentType = event.contentType
        metadata = event.metadata
    }

    /// The event with a content of its own.
    public func event(with content: EventContent) -> RecordedEvent {
        RecordedEvent(
            position: position,
            stream: stream,
            sequence: sequence,
            recordedTime: recordedTime,
            eventTime: eventTime,
            id: id,
            type: content.form.type,
            revision: content.form.revision,
            tags: tags,
            contentType: contentType,
            metadata: metadata,
            payload: content.payload
        )
    }
}
