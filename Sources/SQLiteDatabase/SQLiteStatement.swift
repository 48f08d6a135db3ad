import CSQLite

/// A compiled statement, to be run any number of times.
///
/// Parameters are numbered from 1 and columns from 0, as in SQLite. The statement keeps its
/// connection open and belongs to the same thread.
public final class SQLiteStatement {
    let handle: OpaquePointer
    let connection: SQLiteConnection
    /// Whether the connection's restrictions do not apply.
    public let isTrusted: Bool
    private var isRunning = false
    private var isLent = false

    init(_ handle: OpaquePointer, on connection: SQLiteConnection, isTrusted: Bool) {
        self.handle = handle
        self.connection = connection
        self.isTrusted = isTrusted
    }

    deinit {
        sqlite3_finalize(handle)
    }

    /// The statement's own text.
    public var sql: String {
        sqlite3_sql(handle).map { String(cString: $0) } ?? ""
    }

    /// Whether running it leaves the database as it is.
    public var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }

    /// Goes to the next row.
    ///
    /// - Returns: whether there is one; after the last the statement can be run again.
    /// - Throws: what SQLite reports, after which the statement can be run again too.
    ///   `constraint` for a row that its table does not allow, `busy`, `full`, `interrupted`
    ///   also when the time limit of the restrictions has passed, `notAllowed`.
    public func step() throws(SQLiteError) -> Bool {
        precondition(!isLent, "A statement must not go on while the bytes of a row are lent out.")
        if !isRunning {
            isRunning = true
            connection.supervisor.start(isTrusted: isTrusted)
        }
        connection.supervisor.isTrusting = isTrusted
        let code = sqlite3_step(handle)
        connection.supervisor.isTrusting = false
        switch code {
        case SQLITE_ROW:
            return true
        case SQLITE_DONE:
            reset()
            return false
        default:
            let error = connection.failure(code, sql: sql)
            reset()
            throw error
        }
    }

    /// Runs the statement to its end, passing over rows.
    public func run() throws(SQLiteError) {
        while try step() {}
    }

    /// Ends the run before the last row; what is bound stays.
    public func reset() {
        precondition(!isLent, "A statement must not be reset while bytes of a row are lent out.")
        isRunning = false
        sqlite3_reset(handle)
    }

    /// Lends out bytes of the current row, which must not change meanwhile.
    func lend<Result, Failure: Error>(
        _ bytes: UnsafeBufferPointer<UInt8>,
        to body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let wasLent = isLent
        isLent = true
        defer { isLent = wasLent }
        return try body(bytes.span)
    }
}
