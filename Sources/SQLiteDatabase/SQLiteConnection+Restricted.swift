import CSQLite

extension SQLiteConnection {
    /// Runs a closure in which SQL that is not trusted can only read and is held to restrictions of
    /// its own; afterwards everything is as before.
    ///
    /// - Parameters:
    ///   - restrictions: what holds inside; they allow neither writing nor changes of the schema.
    ///   - hardens: whether SQLite is configured too as by ``restrict(to:)``, for which it compiles
    ///     all statements again, inside and afterwards; a statement that was prepared so once can
    ///     be run without.
    ///   - isGivenUp: asked while a statement runs; one that is given up fails with `interrupted`.
    ///   - body: what is done; a statement prepared inside must not be run outside.
    /// - Returns: what the closure returns.
    /// - Throws: what the closure throws, and what ``restrict(to:)`` does.
    public func reading<Result>(
        heldTo restrictions: SQLiteRestrictions,
        hardens: Bool = true,
        unless isGivenUp: @escaping () -> Bool = { false },
        _ body: () throws -> Result
    ) throws -> Result {
        precondition(
            !restrictions.allowsWriting && !restrictions.allowsSchemaChanges,
            "Who only reads writes nothing."
        )
        let outside = Supervision(of: self)
        let hardening = hardens ? Hardening(of: self) : nil
        defer {
            hardening?.restore(to: self)
            outside.restore(to: self)
        }
        if hardens { try harden(allowingWriting: false) }
        try supervise(restrictions)
        supervisor.isGivenUp = isGivenUp
        return try body()
    }
}

/// What the supervisor sees to, to be gone back to.
private struct Supervision {
    private let restrictions: SQLiteRestrictions?
    private let isGivenUp: () -> Bool
    private let limits: Limits

    init(of connection: SQLiteConnection) {
        restrictions = connection.supervisor.restrictions
        isGivenUp = connection.supervisor.isGivenUp
        limits = Limits([SQLITE_LIMIT_LENGTH, SQLITE_LIMIT_SQL_LENGTH], of: connection)
    }

    func restore(to connection: SQLiteConnection) {
        connection.supervisor.restrictions = restrictions
        connection.supervisor.isGivenUp = isGivenUp
        limits.restore(to: connection)
    }
}

/// How SQLite is configured, to be gone back to.
private struct Hardening {
    private let isReadOnly: Bool
    private let options: [(option: Int32, value: Int32)]
    private let limits: Limits

    init(of connection: SQLiteConnection) {
        isReadOnly =
            connection.supervisor.restrictions
            .map { !$0.allowsWriting && !$0.allowsSchemaChanges } ?? false
        options = SQLiteConnection.hardening.map { option, _ in
            (option, recount_sqlite_configuration(connection.handle, option))
        }
        limits = Limits(SQLiteConnection.limits.map(\.0), of: connection)
    }

    func restore(to connection: SQLiteConnection) {
        for (option, value) in options {
            _ = recount_sqlite_configure(connection.handle, option, value)
        }
        limits.restore(to: connection)
        // Only writing statements notice where this fails, and they say so.
        if !isReadOnly { try? connection.execute("PRAGMA query_only = 0", isTrusted: true) }
    }
}

/// Some of SQLite's limits.
private struct Limits {
    private let values: [(limit: Int32, value: Int32)]

    init(_ limits: [Int32], of connection: SQLiteConnection) {
        // A negative value asks without changing anything.
        values = limits.map { ($0, sqlite3_limit(connection.handle, $0, -1)) }
    }

    func restore(to connection: SQLiteConnection) {
        for (limit, value) in values { sqlite3_limit(connection.handle, limit, value) }
    }
}
