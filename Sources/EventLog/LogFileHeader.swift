import EventModel
import EventStorage

/// The first 4,096 bytes of a log file.
struct LogFileHeader: Hashable, Sendable {
    /// The bytes of the whole file.
    ///
    /// Guards against a file cut short or grown.
    var fileSize: UInt64
    /// Which store the file belongs to.
    ///
    /// Guards against a file of another store.
    var store: EventID
    /// The store's incarnation when the file was made.
    ///
    /// Guards against a file of another past.
    var incarnation: UInt32
    /// How many log files come before.
    ///
    /// Guards against a missing file.
    var number: UInt32
    /// The position of the file's first event.
    ///
    /// Guards against a renamed file.
    var firstPosition: Position
    /// A random number.
    ///
    /// Guards against bytes left from an earlier use of the same blocks.
    var salt: UInt64
    /// The header checksum of the last record before this file.
    ///
    /// Guards against a predecessor that was replaced.
    var predecessor: UInt64
    /// The position up to which the log was synced when the file was made.
    ///
    /// Guards against acknowledged events taken for a torn tail.
    var durableUpTo: Position
    /// When the file was made; for people.
    var createdTime: Timestamp

    /// The header as bytes.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt64(0))
        bytes.append(littleEndian: LogFormat.fileMagic)
        bytes.append(littleEndian: LogFormat.version)
        bytes.append(littleEndian: UInt32(LogFormat.fileHeaderSize))
        bytes.append(littleEndian: fileSize)
        bytes.append(littleEndian: store.high.byteSwapped)
        bytes.append(littleEndian: store.low.byteSwapped)
        bytes.append(littleEndian: incarnation)
        bytes.append(littleEndian: number)
        bytes.append(littleEndian: firstPosition.number)
        bytes.append(littleEndian: salt)
        bytes.append(littleEndian: predecessor)
        bytes.append(littleEndian: durableUpTo.number)
        bytes.append(littleEndian: UInt64(bitPattern: createdTime.microseconds))
        bytes.append(contentsOf: repeatElement(0, count: LogFormat.fileHeaderSize - bytes.count))
        let checksum = LogFileHeader.checksum(of: bytes.span.bytes)
        bytes.replace(littleEndian: checksum, at: 0)
        return bytes
    }

    /// What ties the file's records to it: the header's own checksum.
    static func checksum(of bytes: RawSpan) -> UInt64 {
        LogFormat.checksum(bytes.extracting(8..<LogFormat.fileHeaderSize), seed: 0)
    }
}

extension LogFileHeader {
    /// Reads a header; nothing where the bytes are not a whole, undamaged one.
    ///
    /// - Throws: ``StorageError`` where a newer program wrote it.
    init?(_ bytes: RawSpan, path: String) throws(StorageError) {
        guard bytes.byteCount >= LogFormat.fileHeaderSize else { return nil }
        var reader = EncodingReader(bytes)
        do {
            let checksum = try reader.unsigned64()
            guard try reader.unsigned64() == LogFormat.fileMagic,
                checksum == LogFileHeader.checksum(of: bytes)
            else { return nil }
            let version = try reader.unsigned32()
            guard version == LogFormat.version else {
                throw StorageError(
                    .formatUnknown,
                    "log format \(version) is unknown to this program; use the recount that wrote it",
                    location: path
                )
            }
            _ = try reader.unsigned32()
            fileSize = try reader.unsigned64()
            store = EventID(high: try reader.bigEndian64(), low: try reader.bigEndian64())
            incarnation = try reader.unsigned32()
            number = try reader.unsigned32()
            firstPosition = Position(try reader.unsigned64())
            salt = try reader.unsigned64()
            predecessor = try reader.unsigned64()
            durableUpTo = Position(try reader.unsigned64())
            createdTime = Timestamp(microseconds: Int64(bitPattern: try reader.unsigned64()))
        } catch let error as StorageError {
            throw error
        } catch {
            return nil
        }
    }
}
