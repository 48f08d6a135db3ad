import Disk
import EventModel
import EventStorage

/// A log file as it is found on disk, whatever its state.
final class ExaminedFile: Sendable {
    /// Where the file lies.
    let path: String
    /// The position that its name tells.
    let namedPosition: Position
    /// Its header; nothing where that is damaged.
    let header: LogFileHeader?
    /// Whether its first 4,096 bytes are all zero, or missing: it was never finished.
    let isUnfinished: Bool
    /// What ties its records to it, as far as that can be found out.
    let checksum: UInt64
    private let mapping: (any MappedBytes)?

    /// Maps a file.
    ///
    /// - Throws: ``StorageError`` where it cannot be read, or a newer program wrote it.
    init(_ position: Position, in directory: StoreDirectory, disk: any Disk) throws(StorageError) {
        path = directory.logFile(LogFile.name(firstPosition: position))
        namedPosition = position
        do throws(DiskError) {
            let file = try disk.open(path, writable: false)
            let size = try file.size()
            mapping = size > 0 ? try file.map(size: size) : nil
        } catch {
            throw StorageError(error)
        }
        let bytes = RawSpan(
            _unsafeBytes: mapping?.buffer ?? UnsafeRawBufferPointer(start: nil, count: 0)
        )
        header = try LogFileHeader(bytes, path: path)
        let start = bytes.extracting(first: min(bytes.byteCount, LogFormat.fileHeaderSize))
        isUnfinished = header == nil && start.withUnsafeBytes { $0.allSatisfy { $0 == 0 } }
        checksum = ExaminedFile.checksum(of: bytes)
    }

    /// The bytes of the file, as they are and as they become.
    var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let buffer = mapping?.buffer ?? UnsafeRawBufferPointer(start: nil, count: 0)
            return _overrideLifetime(RawSpan(_unsafeBytes: buffer), borrowing: self)
        }
    }

    /// How many bytes the file has.
    var size: Int { mapping?.buffer.count ?? 0 }

    /// The undamaged header of the record at an offset, and its checksum.
    func record(at offset: Int) -> (header: RecordHeader, checksum: UInt64)? {
        RecordHeader.read(
            at: offset,
            of: bytes,
            seed: LogFormat.seed(file: checksum, offset: offset)
        )
    }

    /// The first place at or behind an offset where a record may go on with a position, or a later
    /// one.
    func nextRecord(from start: Int, position: Position) -> Int? {
        var offset = start
        while offset + LogFormat.recordHeaderSize <= size {
            if let (header, _) = record(at: offset), header.firstPosition >= position {
                return offset
            }
            offset += LogFormat.alignment
        }
        return nil
    }

    /// The bytes from an offset to the last one that is not zero; empty where all are.
    func used(from offset: Int) -> Range<Int> {
        var end = max(offset, size)
        while end - offset >= 8,
            bytes.unsafeLoadUnaligned(fromByteOffset: end - 8, as: UInt64.self) == 0
        {
            end -= 8
        }
        while end > offset, bytes.unsafeLoad(fromByteOffset: end - 1, as: UInt8.self) == 0 {
            end -= 1
        }
        return offset..<end
    }

    /// The checksum of the header: the one that it has, or where records do not have that one, the
    /// one that is stored, since only one of the two can be damaged by a few bytes.
    private static func checksum(of bytes: RawSpan) -> UInt64 {
        guard bytes.byteCount >= LogFormat.fileHeaderSize else { return 0 }
        let stored = UInt64(
            littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self)
        )
        let seed = LogFormat.seed(file: stored, offset: LogFormat.fileHeaderSize)
        let isStored = RecordHeader.read(at: LogFormat.fileHeaderSize, of: bytes, seed: seed) != nil
        return isStored ? stored : LogFileHeader.checksum(of: bytes)
    }
}
