import Disk
import EventModel
import EventStorage

/// One file of the log, mapped into memory.
final class LogFile: Sendable {
    /// The file's header.
    let header: LogFileHeader
    /// Where the file lies.
    let path: String
    /// The header's checksum, to which every record is tied.
    let checksum: UInt64
    private let mapping: any MappedBytes

    private init(header: LogFileHeader, path: String, mapping: any MappedBytes) {
        self.header = header
        self.path = path
        self.mapping = mapping
        checksum = LogFileHeader.checksum(of: RawSpan(_unsafeBytes: mapping.buffer))
    }

    /// The bytes of the file, as they are and as they become.
    var bytes: RawSpan {
        @_lifetime(borrow self)
        get { _overrideLifetime(RawSpan(_unsafeBytes: mapping.buffer), borrowing: self) }
    }

    /// The bytes of the file.
    var size: Int { Int(header.fileSize) }

    /// The address of the file's first byte.
    var startAddress: UInt64 { UInt64(header.number) * header.fileSize }

    /// The name of the file whose first event has a position.
    static func name(firstPosition: Position) -> String {
        LogFile.digits(of: firstPosition) + ".log"
    }

    /// A position in 20 decimal digits, so that names sort as positions do.
    static func digits(of position: Position) -> String {
        let digits = String(position.number)
        return String(repeating: "0", count: 20 - digits.utf8.count) + digits
    }

    /// The first position that a name with an ending tells; nothing where it is not such a name.
    static func firstPosition(ofName name: String, ending: String = ".log") -> Position? {
        guard name.hasSuffix(ending), name.utf8.count == 20 + ending.utf8.count,
            name.utf8.prefix(20).allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return UInt64(name.prefix(20)).map(Position.init)
    }

    /// The undamaged header of the record at an offset, and its checksum; nothing where there is
    /// none.
    func record(at offset: Int) -> (header: RecordHeader, checksum: UInt64)? {
        let seed = LogFormat.seed(file: checksum, offset: offset)
        return RecordHeader.read(at: offset, of: bytes, seed: seed)
    }

    /// The undamaged slot at an offset.
    @_lifetime(borrow self)
    func slot(at offset: Int, end: Int) throws(EventDecodingError) -> EventSlot {
        try EventSlot(at: offset, of: bytes, end: end, file: checksum)
    }

    /// An error that names some bytes of the file.
    func damage(_ message: String, _ range: Range<Int>) -> StorageError {
        StorageError(
            .damaged,
            message,
            location: "\(path), bytes \(range.lowerBound) to \(range.upperBound)"
        )
    }
}

extension LogFile {
    /// What a log file must be to be the next one of its log.
    struct Expectation {
        var store: EventID
        var incarnations: ClosedRange<UInt32>
        var fileSize: Int
        var number: Int
        var firstPosition: Position
    }

    /// Opens a file for reading, and checks that it is the one that is expected where one is.
    ///
    /// - Returns: nothing where the file was never finished: its header is all zeros, or missing.
    /// - Throws: ``StorageError`` where it is another file, or damaged.
    static func open(
        _ path: String,
        expecting expected: Expectation?,
        disk: any Disk
    ) throws(StorageError) -> LogFile? {
        do {
            let file = try disk.open(path, writable: false)
            let size = try file.size()
            guard size >= LogFormat.fileHeaderSize else { return nil }
            let mapping = try file.map(size: size)
            let bytes = RawSpan(_unsafeBytes: mapping.buffer)
            guard let header = try LogFileHeader(bytes, path: path) else {
                let isZero = bytes.extracting(first: LogFormat.fileHeaderSize)
                    .withUnsafeBytes { $0.allSatisfy { $0 == 0 } }
                if isZero { return nil }
                throw LogFile.damaged(path, "its header is damaged")
            }
            guard header.fileSize == UInt64(size) else {
                throw LogFile.damaged(path, "it has \(size) bytes instead of \(header.fileSize)")
            }
            if let expected { try expected.check(header, path) }
            return LogFile(header: header, path: path, mapping: mapping)
        } catch let error as DiskError {
            throw StorageError(error)
        } catch let error as StorageError {
            throw error
        } catch {
            preconditionFailure("Opening a log file throws only its own two errors.")
        }
    }

    fileprivate static func damaged(_ path: String, _ what: String) -> StorageError {
        StorageError(
            .damaged,
            "this is not the log file of its name: \(what); restore it from a backup",
            location: path
        )
    }
}

extension LogFile.Expectation {
    /// Sees to it that a header is the one of this file.
    fileprivate func check(_ header: LogFileHeader, _ path: String) throws(StorageError) {
        guard header.store == store else {
            throw LogFile.damaged(path, "it belongs to store \(header.store)")
        }
        guard incarnations.contains(header.incarnation) else {
            throw LogFile.damaged(path, "it belongs to incarnation \(header.incarnation)")
        }
        guard header.fileSize == UInt64(fileSize) else {
            throw LogFile.damaged(
                path,
                "it has \(header.fileSize) bytes, and the store's log files have \(fileSize)"
            )
        }
        guard header.number == number, header.firstPosition == firstPosition else {
            throw LogFile.damaged(
                path,
                "it is file \(header.number) from position \(header.firstPosition), not file "
                    + "\(number) from position \(firstPosition)"
            )
        }
    }
}

extension StorageError {
    /// Whether bytes are not what was written, as opposed to a disk that fails at the moment.
    var isDamage: Bool { code == .damaged || code == .formatUnknown }

    /// A failed call of the operating system, told with what to do about it.
    init(_ error: DiskError) {
        let message =
            error.isFull
            ? "no space is left for the log; free some, appends go on by themselves"
            : error.isMissing
                ? "the file does not exist; check the path of the store"
                : "the operating system refused; check the disk and the permissions"
        self.init(
            error.isFull ? .full : .inputOutput,
            message,
            location: error.path,
            cause: "\(error.call): \(error.cause)"
        )
    }
}
