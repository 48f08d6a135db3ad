import EventModel
import EventStorage

/// The events that are whole in a record of which some bytes are damaged.
struct WholeEvents: Hashable, Sendable {
    /// One of them.
    struct Slot: Hashable, Sendable {
        /// Its number in the record.
        var place: Int
        /// Its bytes in the file.
        var bytes: Range<Int>
    }

    /// Those that were found, in their order.
    private(set) var slots: [Slot] = []

    /// Looks for them from the first byte of a record's body up to `end`.
    ///
    /// An event is taken for whole where it is at its distance from the record and has its
    /// checksum; behind a damaged one every byte is tried.
    init(in file: ExaminedFile, recordAt start: Int, end: Int) {
        var offset = start + LogFormat.recordHeaderSize
        while offset < end {
            if let slot = WholeEvents.slot(at: offset, of: file, recordAt: start, end: end),
                slot.place > (slots.last?.place ?? -1)
            {
                slots.append(slot)
                offset = slot.bytes.upperBound
            } else {
                offset += 1
            }
        }
    }

    /// What is damaged of a record with `count` events whose body ends at `end`: the bytes and the
    /// places; nothing where every event is whole.
    func damage(from start: Int, end: Int, count: Int) -> (bytes: Range<Int>, places: Range<Int>)? {
        var bytes: Range<Int>?
        var places: Range<Int>?
        var last = Slot(place: -1, bytes: start..<start)
        for slot in slots + [Slot(place: count, bytes: end..<end)] {
            if slot.place > last.place + 1 {
                let lower = bytes?.lowerBound ?? last.bytes.upperBound
                bytes = lower..<slot.bytes.lowerBound
                places = (places?.lowerBound ?? last.place + 1)..<slot.place
            }
            last = slot
        }
        guard let bytes, let places else { return nil }
        return (bytes, places)
    }

    private static func slot(
        at offset: Int,
        of file: ExaminedFile,
        recordAt start: Int,
        end: Int
    ) -> Slot? {
        var reader = EncodingReader(file.bytes.extracting(offset..<end))
        guard (try? reader.skip(EventSlot.checksumSize)) != nil,
            (try? reader.variable()) != nil,
            (try? reader.variable()) == UInt64(offset - start),
            let slot = try? EventSlot(at: offset, of: file.bytes, end: end, file: file.checksum)
        else { return nil }
        return Slot(place: slot.place, bytes: offset..<offset + slot.length)
    }
}
