import CSQLite

/// Decides, for SQLite's callbacks, what a statement may do and for how long.
final class Supervisor {
    var restrictions: SQLiteRestrictions?
    /// Whether the statement that is being compiled or run is the program's own.
    var isTrusting = false
    /// Whether whoever waits for a statement has given up.
    var isGivenUp: () -> Bool = { false }
    private var timeLimit = TimeLimit.none
    private var hasExpired = false
    private var denied: String?

    /// How long the running statement may take, counted from the first look at the clock, before
    /// which most statements end.
    private enum TimeLimit {
        case none
        case milliseconds(Int)
        case deadline(ContinuousClock.Instant)
    }

    /// Begins a run of a statement.
    func start(isTrusted: Bool) {
        hasExpired = false
        let limit = isTrusted ? nil : restrictions?.timeLimitMilliseconds
        timeLimit = limit.map(TimeLimit.milliseconds) ?? .none
    }

    /// Whether the running statement has to stop.
    func mustStop() -> Bool {
        if isTrusting { return false }
        if isGivenUp() { return true }
        switch timeLimit {
        case .none: break
        case .milliseconds(let limit): timeLimit = .deadline(.now + .milliseconds(limit))
        case .deadline(let deadline): hasExpired = ContinuousClock.now >= deadline
        }
        return hasExpired
    }

    /// Says better than SQLite why a call failed, where the supervisor was the reason.
    func takeFailure(for code: Int32) -> (code: SQLiteError.Code, message: String)? {
        defer {
            denied = nil
            hasExpired = false
        }
        if let denied { return (.notAllowed, "not allowed: \(denied)") }
        guard hasExpired, code & 0xFF == SQLITE_INTERRUPT else { return nil }
        let limit = restrictions?.timeLimitMilliseconds ?? 0
        return (.interrupted, "the statement ran longer than \(limit) milliseconds")
    }

    /// Whether SQLite may compile a statement that does something; see `sqlite3_set_authorizer`.
    func allows(_ action: Int32, _ first: String?, _ second: String?, in database: String?) -> Bool
    {
        guard let restrictions, !isTrusting else { return true }
        let refusal = restrictions.refusal(
            of: action,
            first ?? "",
            second ?? "",
            in: database
        )
        if let refusal { denied = refusal }
        return refusal == nil
    }
}

extension SQLiteRestrictions {
    /// What must not be done, as words; nothing where it may.
    fileprivate func refusal(
        of action: Int32,
        _ first: String,
        _ second: String,
        in database: String?
    ) -> String? {
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE:
            return nil
        case SQLITE_FUNCTION:
            return allowedFunctions.contains(second.lowercased()) ? nil : "function \(second)"
        case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE:
            if first.lowercased().hasPrefix("sqlite_") {
                return allowsSchemaChanges ? nil : "changing \(first)"
            }
            return allowsWriting && database == "main" && !isProtected(first)
                ? nil : "changing \(first)"
        case SQLITE_CREATE_TABLE, SQLITE_CREATE_VIEW, SQLITE_DROP_TABLE, SQLITE_DROP_VIEW,
            SQLITE_REINDEX:
            return allowsSchemaChanges && !isProtected(first) ? nil : "changing the schema"
        case SQLITE_CREATE_INDEX, SQLITE_CREATE_TRIGGER, SQLITE_DROP_INDEX, SQLITE_DROP_TRIGGER:
            return allowsSchemaChanges && !isProtected(second) ? nil : "changing the schema"
        case SQLITE_PRAGMA: return "PRAGMA \(first)"
        case SQLITE_ATTACH: return "ATTACH"
        case SQLITE_DETACH: return "DETACH"
        case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: return "transactions"
        case SQLITE_CREATE_VTABLE, SQLITE_DROP_VTABLE: return "virtual tables"
        default: return "this kind of statement"
        }
    }

    private func isProtected(_ table: String) -> Bool {
        guard let protectedTablePrefix else { return false }
        return table.lowercased().hasPrefix(protectedTablePrefix.lowercased())
    }
}

extension SQLiteConnection {
    /// Restricts every statement that is not trusted, for as long as the connection lives.
    ///
    /// Databases must be attached and virtual tables registered before. Besides what the
    /// restrictions say, statements are held to depths and sizes that no honest one needs, and
    /// double-quoted text is always a name.
    public func restrict(to restrictions: SQLiteRestrictions) throws(SQLiteError) {
        try harden(allowingWriting: restrictions.allowsWriting || restrictions.allowsSchemaChanges)
        try supervise(restrictions)
    }

    /// Configures SQLite for SQL from outside; what is compiled already is compiled again.
    func harden(allowingWriting: Bool) throws(SQLiteError) {
        // A virtual table is declared when it is first used, which looks like `CREATE TABLE`.
        for table in ["json_each", "json_tree"] { try declareVirtualTable(table) }
        if !allowingWriting {
            try execute("PRAGMA query_only = 1", isTrusted: true)
        }
        for (option, value) in SQLiteConnection.hardening {
            try check(recount_sqlite_configure(handle, option, value))
        }
        for (limit, value) in SQLiteConnection.limits { sqlite3_limit(handle, limit, value) }
    }

    /// Lets the supervisor see to restrictions.
    func supervise(_ restrictions: SQLiteRestrictions) throws(SQLiteError) {
        sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, restrictions.lengthMax)
        sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, restrictions.sqlLengthMax)
        supervisor.restrictions = restrictions
        let context = Unmanaged.passUnretained(supervisor).toOpaque()
        // The supervisor lives as long as the connection, which ends both callbacks.
        let authorize:
            @convention(c) (
                UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
                UnsafePointer<CChar>?, UnsafePointer<CChar>?
            ) -> Int32 = { context, action, first, second, database, _ in
                guard let context else { return SQLITE_DENY }
                let supervisor = Unmanaged<Supervisor>.fromOpaque(context).takeUnretainedValue()
                let isAllowed = supervisor.allows(
                    action,
                    first.map { String(cString: $0) },
                    second.map { String(cString: $0) },
                    in: database.map { String(cString: $0) }
                )
                return isAllowed ? SQLITE_OK : SQLITE_DENY
            }
        try check(sqlite3_set_authorizer(handle, authorize, context))
        let instructionsBetweenChecks: Int32 = 1000
        sqlite3_progress_handler(
            handle,
            instructionsBetweenChecks,
            { context in
                guard let context else { return 1 }
                let supervisor = Unmanaged<Supervisor>.fromOpaque(context).takeUnretainedValue()
                return supervisor.mustStop() ? 1 : 0
            },
            context
        )
    }

    static let hardening: [(Int32, Int32)] = [
        (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
        (SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0), (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0),
        (SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0), (SQLITE_DBCONFIG_DQS_DML, 0),
        (SQLITE_DBCONFIG_DQS_DDL, 0),
    ]

    static let limits: [(Int32, Int32)] = [
        (SQLITE_LIMIT_ATTACHED, 0), (SQLITE_LIMIT_EXPR_DEPTH, 100),
        (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100), (SQLITE_LIMIT_COMPOUND_SELECT, 50),
        (SQLITE_LIMIT_COLUMN, 500), (SQLITE_LIMIT_VDBE_OP, 250_000),
        (SQLITE_LIMIT_VARIABLE_NUMBER, 1000), (SQLITE_LIMIT_TRIGGER_DEPTH, 10),
        (SQLITE_LIMIT_WORKER_THREADS, 0),
    ]
}
