import EventModel
import EventStorage

/// The record that the appends of a group become: their events, encoded in the order of their
/// positions.
///
/// Pure: it is begun, filled and finished in memory, and then written with one call.
struct RecordDraft: Sendable {
    /// The bytes of the record: room for its header, then its events.
    private(set) var bytes: [UInt8] = []
    /// Where each event starts in the bytes.
    private(set) var starts: [Int] = []

    /// The number of events.
    var eventCount: Int { starts.count }

    /// The bytes of the events.
    var bodySize: Int { bytes.count - LogFormat.recordHeaderSize }

    /// Empties the draft, and keeps its memory.
    mutating func begin() {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: repeatElement(0, count: LogFormat.recordHeaderSize))
        starts.removeAll(keepingCapacity: true)
    }

    /// Adds the events that a plan writes.
    mutating func add(_ plan: AppendPlan, of request: AppendRequest) {
        let entries = request.entries.span
        for index in plan.written {
            let start = bytes.count
            let sequence = plan.placements[index].sequence
            let size = EventEncoding.size(
                of: entries[index].event,
                stream: entries[index].stream,
                sequence: sequence
            )
            bytes.append(addingCapacity: EventSlot.headSizeMax + size) { output in
                output.append(littleEndian: UInt32(0))
                output.append(variable: UInt64(starts.count))
                output.append(variable: UInt64(start))
                output.append(variable: UInt64(size))
                EventEncoding.append(
                    entries[index].event,
                    stream: entries[index].stream,
                    sequence: sequence,
                    to: &output
                )
            }
            starts.append(start)
        }
    }

    /// Takes the last events out again.
    mutating func removeEvents(from count: Int) {
        guard count < eventCount else { return }
        bytes.removeLast(bytes.count - starts[count])
        starts.removeLast(eventCount - count)
    }

    /// The encoded event with a number; the view's position is to be ignored.
    func withEvent(
        _ number: Int,
        position: Position,
        recordedTime: Timestamp,
        _ visit: (borrowing EventView) -> ReadControl
    ) -> ReadControl {
        let end = number + 1 < eventCount ? starts[number + 1] : bytes.count
        do {
            var reader = EncodingReader(bytes.span.bytes.extracting(starts[number]..<end))
            try reader.skip(EventSlot.checksumSize)
            _ = try reader.variable()
            _ = try reader.variable()
            let view = try EventView(
                encoded: reader.counted(),
                position: position,
                recordedTime: recordedTime
            )
            return visit(view)
        } catch {
            preconditionFailure("An event that was just encoded can be decoded.")
        }
    }

    /// Completes the record for its place in a file.
    ///
    /// - Parameters:
    ///   - header: what is known of the record; its body's size, count and checksum are set here.
    ///   - file: the checksum of the file's header.
    ///   - offset: where in the file the record begins.
    mutating func finish(_ header: RecordHeader, file: UInt64, offset: Int) {
        let end = bytes.count
        for (number, start) in starts.enumerated() {
            let slotEnd = number + 1 < starts.count ? starts[number + 1] : end
            let checksum = EventSlot.checksum(
                of: bytes.span.bytes.extracting(start + EventSlot.checksumSize..<slotEnd),
                at: offset + start,
                file: file
            )
            bytes.replace(littleEndian: checksum, at: start)
        }
        let seed = LogFormat.seed(file: file, offset: offset)
        var header = header
        header.bodySize = bodySize
        header.eventCount = eventCount
        header.bodyChecksum = LogFormat.checksum(
            bytes.span.bytes.extracting(LogFormat.recordHeaderSize..<end),
            seed: seed
        )
        header.write(to: &bytes, seed: seed)
        let padding = LogFormat.recordLength(bodyOf: header.bodySize) - end
        bytes.append(contentsOf: repeatElement(0, count: padding))
    }
}
