public import EventModel

/// One event, borrowed from the store's memory for the length of a call.
///
/// The fields are ranges of the encoded event (``EventEncoding``); nothing is copied until a
/// value is asked for.
public struct EventView: ~Escapable {
    /// The encoded event.
    @usableFromInline let bytes: RawSpan
    /// What the event tells without its bytes.
    @usableFromInline package let outline: EventOutline

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
        outline = try EventOutline(of: bytes, position: position, recordedTime: recordedTime)
        self.bytes = bytes
    }

    /// Shows an encoded event that was taken apart before.
    ///
    /// - Parameters:
    ///   - outline: what came of it.
    ///   - bytes: the same event, and nothing else.
    @inlinable @_lifetime(copy bytes)
    package init(_ outline: EventOutline, of bytes: RawSpan) {
        self.outline = outline
        self.bytes = bytes
    }
}

extension EventView {
    /// The number of the event in the store.
    public var position: Position { outline.position }

    /// When the store committed it.
    public var recordedTime: Timestamp { outline.recordedTime }

    /// The number of the event in its stream.
    public var sequence: Sequence { outline.sequence }

    /// When the producer says it happened.
    public var eventTime: Timestamp { outline.eventTime }

    /// The identity under which it was appended.
    public var id: EventID { outline.id }

    /// Which form of the type the payload has.
    public var revision: UInt32 { outline.revision }

    /// The stream's name, in UTF-8.
    public var stream: RawSpan {
        @_lifetime(copy self)
        get { bytes.extracting(outline.stream.range) }
    }

    /// The type's name, in UTF-8.
    public var type: RawSpan {
        @_lifetime(copy self)
        get { bytes.extracting(outline.type.range) }
    }

    /// The media type of the payload in UTF-8; empty stands for JSON.
    public var contentTypeBytes: RawSpan {
        @_lifetime(copy self)
        get { bytes.extracting(outline.contentType.range) }
    }

    /// The tags as encoded.
    package var tagBytes: RawSpan {
        @_lifetime(copy self)
        get { bytes.extracting(outline.tags.range) }
    }

    /// Facts about the event rather than of the domain, as JSON; may be empty.
    public var metadata: RawSpan {
        @_lifetime(copy self)
        get { bytes.extracting(outline.metadata.range) }
    }

    /// The fact itself.
    public var payload: RawSpan {
        @_lifetime(copy self)
        get { bytes.extracting(outline.payload.range) }
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
    public var isOfSystemStream: Bool { outline.isOfSystemStream }

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
