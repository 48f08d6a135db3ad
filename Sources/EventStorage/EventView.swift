public import EventModel

/// One event, borrowed from the store's memory for the length of a call.
///
/// The fields are ranges of the encoded event (``EventEncoding``); nothing is copied until a
/// value is asked for.
public struct EventView: ~Escapable {
    /// The number of the event in the store.
    public let position: Position
    /// When the store committed it.
    public let recordedTime: Timestamp
    /// The number of the event in its stream.
    public let sequence: Sequence
    /// When the producer says it happened.
    public let eventTime: Timestamp
    /// The identity under which it was appended.
    public let id: EventID
    /// Which form of the type the payload has.
    public let revision: UInt32
    /// The stream's name, in UTF-8.
    public let stream: RawSpan
    /// The type's name, in UTF-8.
    public let type: RawSpan
    /// The media type of the payload in UTF-8; empty stands for JSON.
    public let contentTypeBytes: RawSpan
    /// The tags as encoded.
    package let tagBytes: RawSpan
    /// Facts about the event rather than of the domain, as JSON; may be empty.
    public let metadata: RawSpan
    /// The fact itself.
    public let payload: RawSpan

    /// Takes an encoded event apart.
    ///
    /// - Parameters:
    ///   - bytes: the event, and nothing else.
    ///   - position: its place in the store, which the encoding does not hold.
    ///   - recordedTime: when it was committed, which the encoding does not hold.
    /// - Throws: ``EventDecodingError`` where the bytes are no event.
    @_lifetime(copy bytes)
    package init(
        encoded bytes: RawSpan,
        position: Position,
        recordedTime: Timestamp
    ) throws(EventDecodingError) {
        var reader = EncodingReader(bytes)
        let flags = EventEncoding.Flags(rawValue: try reader.byte())
        guard flags.isSubset(of: .all) else { throw EventDecodingError() }
        self.position = position
        self.recordedTime = recordedTime
        id = EventID(high: try reader.bigEndian64(), low: try reader.bigEndian64())
        sequence = Sequence(try reader.variable())
        let number = flags.contains(.revision) ? try reader.variable() : 1
        guard let revision = UInt32(exactly: number) else { throw EventDecodingError() }
        self.revision = revision
        eventTime =
            flags.contains(.eventTime)
            ? Timestamp(microseconds: Int64(bitPattern: try reader.unsigned64())) : recordedTime
        stream = try reader.counted()
        type = try reader.counted()
        contentTypeBytes = flags.contains(.contentType) ? try reader.counted() : reader.nothing
        tagBytes = flags.contains(.tags) ? try reader.counted() : reader.nothing
        metadata = try reader.counted()
        payload = reader.rest
    }
}

/// The bytes given as an event are none.
public struct EventDecodingError: Error, Hashable, Sendable {
    /// Makes the error.
    public init() {}
}

extension EventView {
    /// The stream's name as a value.
    public var streamName: StreamName { StreamName(stream.text) }

    /// The type as a value.
    public var eventType: EventType { EventType(type.text) }

    /// The media type of the payload.
    public var contentType: String {
        contentTypeBytes.isEmpty ? PendingEvent.contentTypeJSON : contentTypeBytes.text
    }

    /// Whether the media type says that the payload is JSON.
    public var isDeclaredJSON: Bool {
        if contentTypeBytes.isEmpty { return true }
        let name = contentType.lowercased().prefix { $0 != ";" && $0 != " " }
        return name.hasSuffix("/json") || name.hasSuffix("+json")
    }

    /// What the event can be found by besides stream and type.
    public var tags: [EventTag] {
        var tags: [EventTag] = []
        var reader = EncodingReader(tagBytes)
        while !reader.isAtEnd, let key = try? reader.counted(), let value = try? reader.counted() {
            tags.append(EventTag(key: key.text, value: value.text))
        }
        return tags
    }

    /// Whether the event belongs to Recount itself: its stream's name starts with `$`.
    public var isOfSystemStream: Bool {
        stream.withUnsafeBytes { $0.first == UInt8(ascii: "$") }
    }

    /// Whether the stream's name is `category` up to its first `-`.
    package func isOfCategory(_ category: [UInt8]) -> Bool { stream.category.equals(category) }

    /// A copy that outlives the call.
    public var recorded: RecordedEvent {
        RecordedEvent(
            position: position,
            stream: streamName,
            sequence: sequence,
            recordedTime: recordedTime,
            eventTime: eventTime,
            id: id,
            type: eventType,
            revision: revision,
            tags: tags,
            contentType: contentType,
            metadata: metadata.bytes,
            payload: payload.bytes
        )
    }
}
