public import Disk
public import EventModel
public import EventStorage
import Synchronization

extension EventLog {
    /// Makes a new, empty store.
    ///
    /// - Parameters:
    ///   - directory: where; it must not exist, or be empty.
    ///   - id: the identity of the store.
    ///   - name: what people call it; nothing means after the directory.
    ///   - options: how the log is made.
    ///   - disk: the file system.
    ///   - now: tells the recorded times.
    /// - Returns: the store, open.
    /// - Throws: ``StorageError`` where there is something already, or the disk fails.
    public static func create(
        _ directory: StoreDirectory,
        id: EventID,
        name: String? = nil,
        options: LogOptions = LogOptions(),
        disk: any Disk = RealDisk(),
        now: @escaping TimeSource = EventLog.systemTime
    ) throws(StorageError) -> EventLog {
        let identity = StoreIdentity(id: id, incarnation: 1, name: name ?? directory.name)
        let manifest = StoreManifest(identity: identity, logFileSize: options.fileSize)
        do {
            if disk.exists(directory.path), try !disk.names(in: directory.path).isEmpty {
                throw StorageError(
                    .notAStore,
                    "the directory exists and is not empty; choose another",
                    location: directory.path
                )
            }
            try disk.createDirectory(directory.path)
            try disk.createDirectory(directory.log)
            try disk.createDirectory(directory.groups)
            let header = LogFileHeader(
                fileSize: UInt64(options.fileSize),
                store: id,
                incarnation: identity.incarnation,
                firstPosition: Position.start.next,
                salt: disk.randomNumber(),
                predecessor: 0,
                createdTime: now()
            )
            let path = directory.logFile(LogFile.name(firstPosition: header.firstPosition))
            try LogFile.create(path, header: header, disk: disk)
            try disk.syncDirectory(directory.log)
            try manifest.write(directory, disk: disk)
        } catch let error as DiskError {
            throw StorageError(error)
        } catch let error as StorageError {
            throw error
        } catch {
            preconditionFailure("Making a store throws only its own two errors.")
        }
        return try open(directory, disk: disk, now: now)
    }

    /// Opens a store that exists, and brings it in order where a writer died.
    ///
    /// - Throws: ``StorageError`` where there is no store, or its first file is damaged. Damage
    ///   further on leaves the store readable up to it, and read-only.
    public static func open(
        _ directory: StoreDirectory,
        disk: any Disk = RealDisk(),
        now: @escaping TimeSource = EventLog.systemTime
    ) throws(StorageError) -> EventLog {
        let manifest = try StoreManifest.read(directory, disk: disk)
        do {
            let page = try disk.share(directory.sharedPage)
            let log = EventLog(
                manifest: manifest,
                directory: directory,
                disk: disk,
                page: page,
                now: now
            )
            try log.recover()
            return log
        } catch let error as DiskError {
            throw StorageError(error)
        } catch let error as StorageError {
            throw error
        } catch {
            preconditionFailure("Opening a store throws only its own two errors.")
        }
    }

    /// The time of the machine.
    public static let systemTime: TimeSource = {
        Timestamp(microseconds: SystemClock.microseconds())
    }

    /// Takes in the log, and ends what a writer that died had begun.
    private func recover() throws {
        try page.lock()
        defer { page.unlock() }
        try writer.withLock { writer in
            try state.withLock { state in try state.openNextFile() }
            try bringInOrder(&writer, checkingTail: page.load(.boot) != disk.bootIdentity)
        }
    }
}

extension Disk {
    /// A number that nobody can guess.
    func randomNumber() -> UInt64 {
        randomBytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
