import EventModel
import EventStorage

/// The 80 bytes before the events of a record.
///
/// A record is one sync group: it becomes visible as a whole or not at all.
struct RecordHeader: Hashable, Sendable {
    /// The bytes of the events.
    ///
    /// Trusted only after the header's checksum.
    var bodySize: Int
    /// The number of events.
    ///
    /// Guards against a body that lost or gained some.
    var eventCount: Int
    /// The position of the first event.
    ///
    /// Guards against a record moved within the log.
    var firstPosition: Position
    /// When the record was committed.
    var recordedTime: Timestamp
    /// The position up to which the log was synced before.
    ///
    /// Guards against acknowledged events taken for a torn tail.
    var durableUpTo: Position
    /// The header checksum of the record before.
    ///
    /// Guards against one that was replaced.
    var predecessor: UInt64
    /// The checksum of the events.
    ///
    /// Guards against a body that was written in part.
    var bodyChecksum: UInt64
    /// What the salts of the events' content hashes are made of.
    var salt: RecordSalt

    /// The bytes of the record in the file.
    var length: Int { LogFormat.recordLength(bodyOf: bodySize) }

    /// The position of the last event.
    var lastPosition: Position { Position(firstPosition.number + UInt64(eventCount) - 1) }

    /// Writes the header over the first 80 bytes of a record, and returns its checksum.
    @discardableResult
    func write(to bytes: inout [UInt8], seed: UInt64) -> UInt64 {
        bytes.replace(littleEndian: LogFormat.recordMagic, at: 8)
        bytes.replace(littleEndian: UInt32(bodySize), at: 12)
        bytes.replace(littleEndian: UInt32(eventCount), at: 16)
        bytes.replace(littleEndian: UInt32(0), at: 20)
        bytes.replace(littleEndian: firstPosition.number, at: 24)
        bytes.replace(littleEndian: UInt64(bitPattern: recordedTime.microseconds), at: 32)
        bytes.replace(littleEndian: durableUpTo.number, at: 40)
        bytes.replace(littleEndian: predecessor, at: 48)
        bytes.replace(littleEndian: bodyChecksum, at: 56)
        bytes.replace(littleEndian: salt.low, at: 64)
        bytes.replace(littleEndian: salt.high, at: 72)
        let checksum = LogFormat.checksum(
            bytes.span.bytes.extracting(8..<LogFormat.recordHeaderSize),
            seed: seed
        )
        bytes.replace(littleEndian: checksum, at: 0)
        return checksum
    }

    /// Reads the header that starts at an offset of a file.
    ///
    /// - Returns: the header and its checksum; nothing where there is no undamaged header of a
    ///   record that fits into the file.
    static func read(
        at offset: Int,
        of bytes: RawSpan,
        seed: UInt64
    ) -> (header: RecordHeader, checksum: UInt64)? {
        guard offset >= 0, offset + LogFormat.recordHeaderSize <= bytes.byteCount else {
            return nil
        }
        // Most places without a record are known by this; looking there is to be cheap.
        let magic = bytes.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: UInt32.self)
        guard UInt32(littleEndian: magic) == LogFormat.recordMagic else { return nil }
        let field = bytes.extracting(offset..<offset + LogFormat.recordHeaderSize)
        func load<Value: FixedWidthInteger & BitwiseCopyable>(_ start: Int) -> Value {
            Value(littleEndian: field.unsafeLoadUnaligned(fromByteOffset: start, as: Value.self))
        }
        let checksum: UInt64 = load(0)
        let checked = field.extracting(8..<LogFormat.recordHeaderSize)
        guard checksum == LogFormat.checksum(checked, seed: seed) else { return nil }
        let bodySize: UInt32 = load(12)
        let eventCount: UInt32 = load(16)
        let firstPosition: UInt64 = load(24)
        guard eventCount > 0, firstPosition > 0, firstPosition <= UInt64.max - UInt64(eventCount),
            offset + LogFormat.recordLength(bodyOf: Int(bodySize)) <= bytes.byteCount
        else { return nil }
        let header = RecordHeader(
            bodySize: Int(bodySize),
            eventCount: Int(eventCount),
            firstPosition: Position(firstPosition),
            recordedTime: Timestamp(microseconds: load(32)),
            durableUpTo: Position(load(40)),
            predecessor: load(48),
            bodyChecksum: load(56),
            salt: RecordSalt(low: load(64), high: load(72))
        )
        return (header, checksum)
    }

    /// Whether what follows this header, read at an offset of a file, is the body it was made for.
    ///
    /// `file` is the checksum of the file's header.
    func isOfBody(in bytes: RawSpan, at offset: Int, file: UInt64) -> Bool {
        let start = offset + LogFormat.recordHeaderSize
        let body = bytes.extracting(start..<start + bodySize)
        let seed = LogFormat.seed(file: file, offset: offset)
        return LogFormat.checksum(body, seed: seed) == bodyChecksum
    }
}
