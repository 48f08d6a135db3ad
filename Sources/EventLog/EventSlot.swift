import EventModel
import EventStorage

/// One event in a record: what comes before its encoding, and the encoding.
///
/// | field | form |
/// | --- | --- |
/// | checksum of the rest | 4 bytes |
/// | place in the record | variable |
/// | distance from the record's start | variable |
/// | size of the event | variable |
/// | event | ``EventEncoding`` |
struct EventSlot: ~Escapable {
    /// The number of the event in its record.
    let place: Int
    /// The bytes from the start of the record to that of the slot.
    let distance: Int
    /// The encoded event.
    let event: RawSpan
    /// The bytes of the slot.
    let length: Int

    /// The bytes of the checksum.
    static let checksumSize = 4
    /// The most bytes that come before the event.
    static let headSizeMax = checksumSize + 3 * 10

    /// Reads and verifies the slot that starts at an offset of a file and ends before another.
    ///
    /// `file` is the checksum of the file's header, which ties those of its slots to it.
    ///
    /// - Throws: ``EventDecodingError`` where there is no undamaged slot.
    @_lifetime(copy bytes)
    init(
        at offset: Int,
        of bytes: RawSpan,
        end: Int,
        file: UInt64
    ) throws(EventDecodingError) {
        guard offset >= 0, offset <= end, end <= bytes.byteCount else {
            throw EventDecodingError()
        }
        let slot = bytes.extracting(offset..<end)
        var reader = EncodingReader(slot)
        let checksum = try reader.unsigned32()
        place = Int(clamping: try reader.variable())
        distance = Int(clamping: try reader.variable())
        event = try reader.counted()
        length = slot.byteCount - reader.rest.byteCount
        let checked = slot.extracting(EventSlot.checksumSize..<length)
        guard checksum == EventSlot.checksum(of: checked, at: offset, file: file) else {
            throw EventDecodingError()
        }
    }

    /// The lower half of the checksum of a slot's bytes after its checksum.
    static func checksum(of bytes: RawSpan, at offset: Int, file: UInt64) -> UInt32 {
        let seed = LogFormat.seed(file: file, offset: offset)
        return UInt32(truncatingIfNeeded: LogFormat.checksum(bytes, seed: seed))
    }
}
