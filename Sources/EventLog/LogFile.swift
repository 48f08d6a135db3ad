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

    /// The name of the file whose first event has a position.
    static func name(firstPosition: Position) -> String {
        let digits = String(firstPosition.number)
        return String(repeating: "0", count: 20 - digits.utf8.count) + digits + ".log"
    }

    /// The first position that a file's name tells; nothing where it is not a log file's name.
    static func firstPosition(ofName name: String) -> Position? {
        guard name.hasSuffix(".log"), name.utf8.count == 24 else { return nil }
        return UInt64(name.dropLast(4)).map(Position.init)
    }

    /// Opens a file for reading and checks that it belongs to the store and to its name.
    static func open(
        _ path: String,
        store: EventID,
        firstPosition: Position,
        disk: any Disk
    ) throws(StorageError) -> LogFile {
        do {
            let file = try disk.open(path, writable: false)
            let size = try file.size()
            guard LogOptions.fileSizes.contains(size) else { throw LogFile.damaged(path) }
            let mapping = try file.map(size: size)
            let bytes = RawSpan(_unsafeBytes: mapping.buffer)
            guard let header = try LogFileHeader(bytes, path: path),
                header.fileSize == UInt64(size), header.store == store,
                header.firstPosition == firstPosition
            else { throw LogFile.damaged(path) }
            return LogFile(header: header, path: path, mapping: mapping)
        } catch let error as DiskError {
            throw StorageError(error)
        } catch let error as StorageError {
            throw error
        } catch {
            preconditionFailure("Opening a log file throws only its own two errors.")
        }
    }

    /// Makes a file under a temporary name, so that a log file is always whole.
    static func create(
        _ path: String,
        header: LogFileHeader,
        disk: any Disk
    ) throws(DiskError) {
        let temporary = path + ".new"
        if disk.exists(temporary) { try disk.remove(temporary) }
        do {
            let file = try disk.create(temporary, size: Int(header.fileSize))
            try file.write(header.encoded.span.bytes, at: 0)
            try file.sync()
        } catch {
            try? disk.remove(temporary)
            throw error
        }
        try disk.rename(temporary, to: path)
    }

    private static func damaged(_ path: String) -> StorageError {
        StorageError(
            .damaged,
            "the file's header is damaged or belongs to another store; restore it from a backup",
            location: path
        )
    }
}

extension StorageError {
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
