import CSQLite

/// SQLite through its C interface, as the peers use it.
enum RawSQLite {
    /// Opens a file, and makes it where there is none, for one thread at a time, as we do.
    static func open(_ path: String) throws -> OpaquePointer {
        var connection: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let status = sqlite3_open_v2(path, &connection, flags, nil)
        guard let connection else { throw BenchmarkError("SQLite has no memory") }
        try check(status, is: SQLITE_OK, on: connection)
        sqlite3_busy_timeout(connection, 60_000)
        return connection
    }

    /// Runs statements that take nothing and give nothing.
    static func run(_ text: String, on connection: OpaquePointer) throws {
        try check(sqlite3_exec(connection, text, nil, nil, nil), is: SQLITE_OK, on: connection)
    }

    /// Compiles a statement that is run many times.
    static func prepare(_ text: String, on connection: OpaquePointer) throws -> OpaquePointer {
        var statement: OpaquePointer?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        try check(
            sqlite3_prepare_v3(connection, text, -1, flags, &statement, nil),
            is: SQLITE_OK,
            on: connection
        )
        guard let statement else { throw BenchmarkError("no statement: \(text)") }
        return statement
    }

    /// Binds text without a copy: the statement is run before the bytes go away.
    static func bind(text: UnsafeRawBufferPointer, at index: Int32, of statement: OpaquePointer) {
        let start = text.baseAddress?.assumingMemoryBound(to: CChar.self)
        sqlite3_bind_text(statement, index, start, Int32(text.count), nil)
    }

    /// Sees to it that a call ended as it should.
    static func check(
        _ status: Int32,
        is expected: Int32,
        on connection: OpaquePointer
    ) throws {
        guard status != expected else { return }
        throw BenchmarkError("SQLite: \(String(cString: sqlite3_errmsg(connection)))")
    }
}
