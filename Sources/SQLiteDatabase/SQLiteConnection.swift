import CSQLite
import Synchronization

/// A connection to one SQLite database.
///
/// Every call blocks its thread until SQLite has finished. A connection belongs to one thread
/// at a time; only ``interrupter`` may be used from another one.
public final class SQLiteConnection {
    /// Where the database is and what may be done with it.
    public enum Mode: Hashable, Sendable {
        /// A file that is created where it does not exist.
        case readWriteCreate
        /// An existing file that is changed.
        case readWrite
        /// An existing file that is not changed.
        case readOnly
        /// A database that is gone when the connection is.
        case inMemory
        /// A database in a file without a name, which the operating system takes away with the
        /// connection or the process, however that ends; it can be larger than memory.
        ///
        /// Lies where `SQLITE_TMPDIR` or `TMPDIR` say, else in `/var/tmp`.
        case temporary
    }

    /// How a connection works.
    public struct Configuration: Hashable, Sendable {
        /// When SQLite waits for the disk.
        public enum Synchronization: String, Hashable, Sendable {
            /// Never: a power failure may damage the database.
            case off = "OFF"
            /// At checkpoints: with a write-ahead log, a power failure may undo the last
            /// transactions but leaves the database whole.
            case normal = "NORMAL"
            /// At every commit.
            case full = "FULL"
        }

        /// How long to wait for another connection's lock.
        public var busyTimeoutMilliseconds: Int32
        /// Whether readers and the writer do not wait for each other; a file keeps this.
        public var usesWriteAheadLog: Bool
        /// When SQLite waits for the disk.
        public var synchronization: Synchronization
        /// Whether SQL can ask for the time; where it cannot, `now` is `NULL`.
        public var hasClock: Bool

        /// Whether rows that refer to others must find them.
        public var enforcesForeignKeys: Bool

        /// The pages of a write-ahead log after which a commit moves them into the database, and
        /// waits for the disk: with many, seldom and long.
        public var logPageCountMax: Int

        /// Makes a configuration; without arguments, that of a derived database.
        public init(
            busyTimeoutMilliseconds: Int32 = 5000,
            usesWriteAheadLog: Bool = true,
            synchronization: Synchronization = .normal,
            hasClock: Bool = true,
            enforcesForeignKeys: Bool = false,
            logPageCountMax: Int = 1000
        ) {
            self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
            self.usesWriteAheadLog = usesWriteAheadLog
            self.synchronization = synchronization
            self.hasClock = hasClock
            self.enforcesForeignKeys = enforcesForeignKeys
            self.logPageCountMax = logPageCountMax
        }
    }

    let handle: OpaquePointer
    let supervisor = Supervisor()
    /// Stops whatever the connection is doing, from any thread.
    public let interrupter: SQLiteInterrupter

    /// Opens a database.
    ///
    /// - Parameters:
    ///   - path: the file; without meaning for a database in memory or a temporary one.
    ///   - mode: whether it is created, only read, or has no name at all.
    ///   - configuration: how the connection works.
    /// - Throws: `cannotOpen` where the file cannot be opened or created, `notADatabase` for
    ///   a file of another kind, `busy` where another process holds it for too long.
    public init(
        path: String,
        mode: Mode,
        configuration: Configuration = Configuration()
    ) throws(SQLiteError) {
        SQLiteConnection.configureLibrary
        var opened: OpaquePointer?
        let flags =
            switch mode {
            case .readWriteCreate, .temporary: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readWrite: SQLITE_OPEN_READWRITE
            case .readOnly: SQLITE_OPEN_READONLY
            case .inMemory: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY
            }
        let name =
            switch mode {
            case .inMemory: ":memory:"
            case .temporary: ""
            // A path that begins with `:` or `file:` would have a meaning of its own.
            case .readWriteCreate, .readWrite, .readOnly: path.hasPrefix("/") ? path : "./\(path)"
            }
        let allFlags = flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let fileSystem = configuration.hasClock ? nil : ClocklessFileSystem.name
        let code = sqlite3_open_v2(name, &opened, allFlags, fileSystem)
        guard code == SQLITE_OK, let opened else {
            let reason = SQLiteError(code, on: opened)
            sqlite3_close_v2(opened)
            throw SQLiteError(code: reason.code, message: "\(reason.message): \(path)")
        }
        handle = opened
        interrupter = SQLiteInterrupter(opened)
        sqlite3_busy_timeout(opened, configuration.busyTimeoutMilliseconds)
        try execute("PRAGMA synchronous = \(configuration.synchronization.rawValue)")
        if configuration.enforcesForeignKeys { try execute("PRAGMA foreign_keys = ON") }
        if mode == .readWriteCreate, configuration.usesWriteAheadLog {
            try useWriteAheadLog(waitingMilliseconds: configuration.busyTimeoutMilliseconds)
            try execute("PRAGMA wal_autocheckpoint = \(configuration.logPageCountMax)")
        }
        if mode == .temporary { try execute(SQLiteConnection.forSpeed) }
    }

    /// What suits a database that nobody needs to find again: a rollback needs no file either, and
    /// 64 MiB of pages stay in memory.
    private static let forSpeed = "PRAGMA journal_mode = MEMORY; PRAGMA cache_size = -65536"

    /// Says once for the process how SQLite works.
    private static let configureLibrary: Void = recount_sqlite_count_no_memory()

    /// Switches the file to a write-ahead log.
    ///
    /// Where several connections switch a new file at once, SQLite tells all but one that it is
    /// busy without waiting as it does elsewhere.
    private func useWriteAheadLog(waitingMilliseconds: Int32) throws(SQLiteError) {
        let end = ContinuousClock.now + .milliseconds(waitingMilliseconds)
        while true {
            do {
                return try execute("PRAGMA journal_mode = WAL")
            } catch {
                guard error.code.primary == .busy, ContinuousClock.now < end else { throw error }
                sqlite3_sleep(2)
            }
        }
    }

    deinit {
        interrupter.close()
        // Statements keep their connection, so that none is left here.
        sqlite3_close_v2(handle)
    }

    /// The row identifier of the last row inserted.
    public var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// The number of rows that the last `INSERT`, `UPDATE` or `DELETE` changed.
    public var changedRowCount: Int64 { sqlite3_changes64(handle) }

    /// How many rows its statements have changed since it was opened, also those taken back.
    public var totalChangedRowCount: Int64 { sqlite3_total_changes64(handle) }

    /// Whether the file was removed or has another name since it was opened.
    public var hasMoved: Bool {
        var moved: Int32 = 0
        let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved)
        return code == SQLITE_OK && moved != 0
    }

    /// Whether a transaction is open.
    public var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    func check(_ code: Int32, sql: String? = nil) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw failure(code, sql: sql) }
    }

    func failure(_ code: Int32, sql: String?, sqlOffset: Int = 0) -> SQLiteError {
        let error = SQLiteError(code, on: handle, sql: sql, sqlOffset: sqlOffset)
        guard let reason = supervisor.takeFailure(for: code) else { return error }
        return SQLiteError(
            code: reason.code,
            message: reason.message,
            sql: sql,
            byteOffset: error.byteOffset
        )
    }
}

/// Stops the statement that a connection is running, from any thread.
public final class SQLiteInterrupter: Sendable {
    private let handle: Mutex<Handle>

    // Sendable: SQLite allows this one call from any thread as long as the connection is open,
    // which the lock sees to.
    private struct Handle: @unchecked Sendable {
        var pointer: OpaquePointer?
    }

    init(_ pointer: OpaquePointer) {
        handle = Mutex(Handle(pointer: pointer))
    }

    /// Makes the running statement fail with `interrupted`; without one, does nothing.
    public func interrupt() {
        handle.withLock { handle in
            if let pointer = handle.pointer { sqlite3_interrupt(pointer) }
        }
    }

    func close() {
        handle.withLock { $0.pointer = nil }
    }
}
