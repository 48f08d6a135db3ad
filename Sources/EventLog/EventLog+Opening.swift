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
        try make(directory, id: id, name: name, options: options, disk: disk, now: now)
        return try open(directory, disk: disk, now: now)
    }

    /// Makes the files of a new, empty store.
    package static func make(
        _ directory: StoreDirectory,
        id: EventID,
        name: String? = nil,
        options: LogOptions = LogOptions(),
        disk: any Disk,
        now: @escaping TimeSource
    ) throws(StorageError) {
        let identity = StoreIdentity(id: id, incarnation: 1, name: name ?? directory.name)
        let manifest = StoreManifest(identity: identity, options: options)
        do {
            try clearUnfinished(directory, disk: disk)
            try disk.createDirectory(directory.path)
            try disk.syncDirectory(directory.parent)
            try disk.createDirectory(directory.log)
            try disk.createDirectory(directory.groups)
            try disk.syncDirectory(directory.path)
            let header = LogFileHeader(
                fileSize: UInt64(options.fileSize),
                store: id,
                incarnation: identity.incarnation,
                number: 0,
                firstPosition: Position.start.next,
                salt: disk.randomNumber(),
                predecessor: 0,
                durableUpTo: .start,
                createdTime: now()
            )
            let path = directory.logFile(LogFile.name(firstPosition: header.firstPosition))
            let zeros = path + ".zeros"
            try LogFile.makeZeros(zeros, size: options.fileSize, disk: disk)
            try LogFile.begin(path, from: zeros, header: header, isSynced: true, disk: disk)
            try disk.syncDirectory(directory.log)
            try manifest.write(directory, disk: disk)
        } catch let error as DiskError {
            throw StorageError(error)
        } catch let error as StorageError {
            throw error
        } catch {
            preconditionFailure("Making a store throws only its own two errors.")
        }
    }

    /// Removes what a creation left behind that did not come to its end.
    ///
    /// - Throws: ``StorageError`` where there is anything else.
    private static func clearUnfinished(_ directory: StoreDirectory, disk: any Disk) throws {
        guard disk.exists(directory.path) else { return }
        let names = try disk.names(in: directory.path)
        let own = [directory.log, directory.groups, directory.manifest + ".new"]
        let first = LogFile.name(firstPosition: Position.start.next)
        let logNames = disk.exists(directory.log) ? try disk.names(in: directory.log) : []
        let groupNames = disk.exists(directory.groups) ? try disk.names(in: directory.groups) : []
        let file = try? LogFile.open(directory.logFile(first), expecting: nil, disk: disk)
        guard names.allSatisfy({ own.contains(directory.path + "/" + $0) }), groupNames.isEmpty,
            logNames.allSatisfy({ $0.hasPrefix(first) }),
            file?.record(at: LogFormat.fileHeaderSize) == nil
        else {
            throw StorageError(
                .notAStore,
                "the directory exists and is not empty; choose another",
                location: directory.path
            )
        }
        for name in names { try disk.removeAll(directory.path + "/" + name) }
    }

    /// Opens a store that exists, and brings it in order where a writer died.
    ///
    /// A store that this user may not write to is opened for reading.
    ///
    /// - Throws: ``StorageError`` where there is no store, its owner or permissions are not safe,
    ///   or its first file is damaged. Damage further on leaves the store readable up to it, and
    ///   read-only.
    public static func open(
        _ directory: StoreDirectory,
        disk: any Disk = RealDisk(),
        now: @escaping TimeSource = EventLog.systemTime
    ) throws(StorageError) -> EventLog {
        try open(directory, disk: disk, upkeep: .inThread, now: now)
    }

    /// Opens a store that exists, and says where upkeep is done.
    package static func open(
        _ directory: StoreDirectory,
        disk: any Disk,
        upkeep: UpkeepMode,
        now: @escaping TimeSource
    ) throws(StorageError) -> EventLog {
        let manifest = try StoreManifest.read(directory, disk: disk)
        do {
            try checkPermissions(of: directory, disk: disk)
            let access = try LogAccess(directory, disk: disk)
            let names = try LogNames(directory, disk: disk)
            var state = try LogState(directory, manifest, names, disk: disk)
            state.adoptIndex(names, witnessed: access.witnessed)
            let log = EventLog(
                manifest: manifest,
                directory: directory,
                disk: disk,
                access: access,
                upkeep: LogUpkeep(access.readOnlyReason == nil ? upkeep : .never),
                state: state,
                now: now
            )
            try log.recover()
            log.keepUpAfterOpening()
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

    /// Refuses a store that somebody else could change, or whose files would be somebody else's.
    private static func checkPermissions(
        of directory: StoreDirectory,
        disk: any Disk
    ) throws {
        for path in [directory.path, directory.log] {
            let status = try disk.status(path)
            let fault: String? =
                if status.kind != .directory {
                    "is not a directory; give the path of the directory itself"
                } else if !status.isOwn {
                    "belongs to another user; run the program as that user"
                } else if status.isWritableByOthers {
                    "can be written to by others; take that right away with 'chmod go-w'"
                } else {
                    nil
                }
            guard let fault else { continue }
            throw StorageError(.unsafePermissions, "the store's directory \(fault)", location: path)
        }
    }
}

/// The names of the files of a log, by their first positions.
struct LogNames {
    /// The first positions of the log files, ascending.
    let logFiles: [Position]
    /// The first positions of the index files, ascending.
    let indexFiles: [Position]
    /// What was begun under a name of its own and never finished.
    let leftovers: [String]

    init(_ directory: StoreDirectory, disk: any Disk) throws(DiskError) {
        let names = try disk.names(in: directory.log)
        logFiles = names.compactMap { LogFile.firstPosition(ofName: $0) }
        indexFiles = names.compactMap { LogFile.firstPosition(ofName: $0, ending: ".index") }
        leftovers = names.filter { $0.hasSuffix(".zeros") || $0.hasSuffix(".zeros.new") }
    }
}

extension Disk {
    /// Removes a file, or a directory and everything below it.
    fileprivate func removeAll(_ path: String) throws(DiskError) {
        if try status(path).kind == .directory { try removeTree(path) } else { try remove(path) }
    }

    /// A number that nobody can guess.
    func randomNumber() -> UInt64 {
        randomBytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
