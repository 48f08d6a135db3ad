import EventModel
import EventStorage

/// The 64 bytes before the events of a record.
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
    /// The position up to which the log was durable before.
    ///
    /// Guards against acknowledged events
    /// taken for a torn tail: what a later record vouches for was synced.
    var durableUpTo: Position
    /// The header checksum of the record before.
    ///
    /// Guards against one that was replaced.
    var predecessor: UInt64
    /// The checksum of the events.
    ///
    /// Guards against damage in them.
    var bodyChecksum: UInt64

    /// The bytes of the record in the file.
    var length: Int { LogFormat.recordLength(bodyOf: bodySize) }

    /// The position of the last event.
    var lastPosition: Position { Position(firstPosition.number + UInt64(eventCount) - 1) }

    /// What the checksums of a record at a place of a file are seeded with, so that bytes of
    /// another file, store or place are not taken for it.
    static func seed(file: UInt64, offset: Int) -> UInt64 {
        file &+ UInt64(offset)
    }

    /// Writes the header over the first 64 bytes of a record.
    func write(to bytes: inout [UInt8], seed: UInt64) {
        bytes.replace(littleEndian: LogFormat.recordMagic, at: 8)
        bytes.replace(littleEndian: UInt32(bodySize), at: 12)
        bytes.replace(littleEndian: UInt32(eventCount), at: 16)
        bytes.replace(littleEndian: UInt32(0), at: 20)
        bytes.replace(littleEndian: firstPosition.number, at: 24)
        bytes.replace(littleEndian: UInt64(bitPattern: recordedTime.microseconds), at: 32)
        bytes.replace(littleEndian: durableUpTo.number, at: 40)
        bytes.replace(littleEndian: predecessor, at: 48)
        bytes.replace(littleEndian: bodyChecksum, at: 56)
        let checksum = LogFormat.checksum(
            bytes.span.bytes.extracting(8..<LogFormat.recordHeaderSize),
            seed: seed
        )
        bytes.replace(littleEndian: checksum, at: 0)
    }

    /// Reads the header that starts at an offset of a file.
    ///
    /// - Returns: the header and its checksum; nothing where there is no undamaged header.
    static func read(
        at offset: Int,
        of bytes: RawSpan,
        seed: UInt64
    ) -> (header: RecordHeader, checksum: UInt64)? {
        guard offset + LogFormat.recordHeaderSize <= bytes.byteCount else { return nil }
        let field = bytes.extracting(offset..<offset + LogFormat.recordHeaderSize)
        var reader = EncodingReader(field)
        guard let checksum = try? reader.unsigned64(),
            let magic = try? reader.unsigned32(), magic == LogFormat.recordMagic,
            checksum
                == LogFormat.checksum(
                    field.extracting(8..<LogFormat.recordHeaderSize),
                    seed: seed
                ),
            let bodySize = try? reader.unsigned32(),
            let eventCount = try? reader.unsigned32(), eventCount > 0,
            (try? reader.unsigned32()) != nil,
            let firstPosition = try? reader.unsigned64(),
            let recordedTime = try? reader.unsigned64(),
            let durableUpTo = try? reader.unsigned64(),
            let predecessor = try? reader.unsigned64(),
            let bodyChecksum = try? reader.unsigned64(),
            offset + LogFormat.recordLength(bodyOf: Int(bodySize)) <= bytes.byteCount
        else { return nil }
        let header = RecordHeader(
            bodySize: Int(bodySize),
            eventCount: Int(eventCount),
            firstPosition: Position(firstPosition),
            recordedTime: Timestamp(microseconds: Int64(bitPattern: recordedTime)),
            durableUpTo: Position(durableUpTo),
            predecessor: predecessor,
            bodyChecksum: bodyChecksum
        )
        return (header, checksum)
    }
}
