import EventLog
public import EventModel
package import EventStorage
import JSON
public import OperationsModel

extension StoreOperations {
    /// One page of events, in the order asked for.
    public func events(_ request: EventsRequest) throws(OperationsError) -> [EventSummary] {
        guard request.limit > 0 else { return [] }
        return try OperationsError.telling {
            var events: [EventSummary] = []
            try log.read(request.selection) { event in
                guard request.matches(event) else { return .more }
                events.append(EventSummary(event))
                return events.count < request.limit ? .more : .stop
            }
            return events
        }
    }

    /// One event with its payload; nothing where the position is beyond the head.
    public func event(at position: Position) throws(OperationsError) -> EventDetail? {
        guard position > .start else { return nil }
        return try OperationsError.telling {
            var detail: EventDetail?
            let before = Position(position.number - 1)
            try log.read(EventSelection(after: before, through: position)) { event in
                detail = EventDetail(event)
                return .stop
            }
            return detail
        }
    }
}

extension EventsRequest {
    fileprivate var selection: EventSelection {
        switch range {
        case .after(let position):
            EventSelection(after: position, types: types)
        case .before(let position):
            EventSelection(
                direction: .backwards,
                through: position.map { Position(max(1, $0.number) - 1) },
                types: types
            )
        case .stream(let name, let sequence):
            EventSelection(.stream(name), fromSequence: sequence, types: types)
        case .streamBackwards(let name, let sequence):
            EventSelection(
                .stream(name),
                direction: .backwards,
                throughSequence: sequence,
                types: types
            )
        }
    }

    /// Whether stream or type contain the text asked for.
    fileprivate func matches(_ event: borrowing EventView) -> Bool {
        containing.isEmpty || event.stream.text.contains(containing)
            || event.type.text.contains(containing)
    }
}

extension EventSummary {
    /// The bytes of a payload that a list shows at most.
    private static let previewSize = 240

    /// Sums up an event.
    package init(_ event: borrowing EventView) {
        self.init(
            position: event.position,
            stream: event.streamName,
            sequence: event.sequence,
            type: event.eventType,
            revision: event.revision,
            eventTime: event.eventTime,
            recordedTime: event.recordedTime,
            payloadSize: event.payload.byteCount,
            payloadPreview: EventSummary.preview(event.payload)
        )
    }

    /// Sums up an event that was copied.
    init(_ event: RecordedEvent) {
        self.init(
            position: event.position,
            stream: event.stream,
            sequence: event.sequence,
            type: event.type,
            revision: event.revision,
            eventTime: event.eventTime,
            recordedTime: event.recordedTime,
            payloadSize: event.payload.count,
            payloadPreview: EventSummary.preview(event.payload.span.bytes)
        )
    }

    /// The beginning of a payload, cut between characters.
    private static func preview(_ payload: RawSpan) -> String {
        guard payload.byteCount > previewSize else { return payload.text }
        // What follows the first byte of a character has 10 as its highest bits.
        var end = previewSize
        while end > previewSize - 4,
            payload.unsafeLoad(fromByteOffset: end, as: UInt8.self) & 0xC0 == 0x80
        {
            end -= 1
        }
        return payload.extracting(first: end).text
    }
}

extension EventDetail {
    fileprivate init(_ event: borrowing EventView) {
        self.init(
            summary: EventSummary(event),
            id: event.id,
            tags: event.tags,
            contentType: event.contentType,
            metadataLines: EventDetail.lines(event.metadata),
            payloadLines: EventDetail.lines(event.payload)
        )
    }

    /// The longest payload that is laid out for reading, in bytes.
    private static let sizeMax = 256 << 10

    /// Bytes laid out for reading: indented where they are JSON, else as text.
    private static func lines(_ bytes: RawSpan) -> [String] {
        guard bytes.byteCount <= sizeMax else {
            return ["\(bytes.byteCount) bytes; the first \(sizeMax):"]
                + textLines(bytes.extracting(first: sizeMax))
        }
        if let json = try? JSONValue(parsing: bytes.bytes) { return json.lines() }
        return textLines(bytes)
    }

    private static func textLines(_ bytes: RawSpan) -> [String] {
        bytes.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
