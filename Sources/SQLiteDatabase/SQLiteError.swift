import CSQLite

/// Why SQLite refused or failed, and where in the SQL.
public struct SQLiteError: Error, Hashable, Sendable {
    /// SQLite's extended result code, of which the low byte is the primary code.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The number that SQLite's documentation lists.
        public let rawValue: Int32

        /// Makes a code from SQLite's number.
        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// The code without what extends it.
        public var primary: Code { Code(rawValue: rawValue & 0xFF) }

        /// The SQL is wrong, or its tables are missing.
        public static let error = Code(rawValue: SQLITE_ERROR)
        /// Another connection holds a lock for longer than the busy timeout.
        public static let busy = Code(rawValue: SQLITE_BUSY)
        /// There is not enough memory.
        public static let outOfMemory = Code(rawValue: SQLITE_NOMEM)
        /// The database or the connection only allows reading.
        public static let readOnly = Code(rawValue: SQLITE_READONLY)
        /// The statement was stopped from outside or by its time limit.
        public static let interrupted = Code(rawValue: SQLITE_INTERRUPT)
        /// The operating system reported a failure.
        public static let inputOutput = Code(rawValue: SQLITE_IOERR)
        /// The database file is damaged.
        public static let corrupt = Code(rawValue: SQLITE_CORRUPT)
        /// The disk is full.
        public static let full = Code(rawValue: SQLITE_FULL)
        /// The file cannot be opened.
        public static let cannotOpen = Code(rawValue: SQLITE_CANTOPEN)
        /// A string, blob or statement is larger than allowed.
        public static let tooBig = Code(rawValue: SQLITE_TOOBIG)
        /// A row breaks a constraint of its table.
        public static let constraint = Code(rawValue: SQLITE_CONSTRAINT)
        /// A value is of another type than its column.
        public static let mismatch = Code(rawValue: SQLITE_MISMATCH)
        /// The API was used in a way that it does not allow.
        public static let misuse = Code(rawValue: SQLITE_MISUSE)
        /// The restrictions do not allow the statement.
        public static let notAllowed = Code(rawValue: SQLITE_AUTH)
        /// A parameter or column number is out of range.
        public static let range = Code(rawValue: SQLITE_RANGE)
        /// The file is no SQLite database.
        public static let notADatabase = Code(rawValue: SQLITE_NOTADB)

        /// Whether a code is the pattern's or extends it, for use in `catch`.
        public static func ~= (pattern: Code, code: Code) -> Bool {
            pattern == code || pattern == code.primary
        }
    }

    /// What kind of failure it is.
    public let code: Code
    /// What happened, in SQLite's words where it has some.
    public let message: String
    /// The statement or script, where there is one.
    public let sql: String?
    /// The 0-based place in ``sql``, in bytes, where it is known.
    public let byteOffset: Int?

    /// Makes an error from its parts.
    public init(code: Code, message: String, sql: String? = nil, byteOffset: Int? = nil) {
        self.code = code
        self.message = message
        self.sql = sql
        self.byteOffset = byteOffset
    }

    /// What the operator can do about it; nothing where the message says it all.
    public var remedy: String? {
        switch code.primary {
        case .busy: "try again when the other process has finished"
        case .readOnly: "check the permissions of the database file and its folder"
        case .inputOutput: "check the disk and the kernel's messages"
        case .corrupt, .notADatabase: "delete the file if it is derived, or restore it"
        case .full: "make room on the disk"
        case .cannotOpen: "check that the folder exists and can be written to"
        default: nil
        }
    }
}

extension SQLiteError: CustomStringConvertible {
    /// What happened, where, and what to do about it.
    public var description: String {
        var text = "\(message) (SQLite \(code.rawValue)"
        if let byteOffset { text += ", at byte \(byteOffset) of the SQL" }
        text += ")"
        if let remedy { text += ": \(remedy)" }
        return text
    }
}

extension SQLiteError {
    /// The failure that a connection reports for its last call.
    init(_ code: Int32, on handle: OpaquePointer?, sql: String? = nil, sqlOffset: Int = 0) {
        let offset = handle.map { Int(sqlite3_error_offset($0)) } ?? -1
        let extended = handle.map { sqlite3_extended_errcode($0) } ?? code
        let known = handle.map { String(cString: sqlite3_errmsg($0)) }
        self.init(
            code: Code(rawValue: extended & 0xFF == code & 0xFF ? extended : code),
            message: known ?? String(cString: sqlite3_errstr(code)),
            sql: sql,
            byteOffset: offset >= 0 && sql != nil ? offset + sqlOffset : nil
        )
    }
}
