import EventModel
import EventStorage

/// Some events, copied one behind the other into one buffer that is used again and again.
struct EventChunk {
    /// The fields of an event, of which those of any length lie in the buffer.
    struct Entry {
        let position: Position
        let recordedTime: Timestamp
        let eventTime: Timestamp
        let sequence: Sequence
        let id: EventID
        let revision: UInt32
        let stream: Range<Int>
        let type: Range<Int>
        let metadata: Range<Int>
        let payload: Range<Int>
    }

    private(set) var bytes: [UInt8] = []
    private(set) var entries: [Entry] = []

    /// Copies an event behind the others.
    mutating func add(_ event: borrowing EventView) {
        entries.append(
            Entry(
                position: event.position,
                recordedTime: event.recordedTime,
                eventTime: event.eventTime,
                sequence: event.sequence,
                id: event.id,
                revision: event.revision,
                stream: add(event.stream),
                type: add(event.type),
                metadata: add(event.metadata),
                payload: add(event.payload)
            )
        )
    }

    private mutating func add(_ span: RawSpan) -> Range<Int> {
        let start = bytes.count
        span.withUnsafeBytes { bytes.append(contentsOf: $0) }
        return start..<bytes.count
    }

    /// Forgets the events but keeps the memory.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }
}
