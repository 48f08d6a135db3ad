import CSQLite

extension SQLiteConnection {
    /// Compiles exactly one statement.
    ///
    /// - Parameters:
    ///   - sql: the statement, with or without a semicolon.
    ///   - isTrusted: whether ``restrict(to:)`` does not apply to it, for statements of the
    ///     program's own.
    /// - Returns: the statement, ready to be run.
    /// - Throws: `error` with the place for wrong SQL, `notAllowed` for what the restrictions
    ///   forbid, `misuse` where there is no statement or more than one.
    public func prepare(
        _ sql: String,
        isTrusted: Bool = false
    ) throws(SQLiteError) -> SQLiteStatement {
        let (statement, end) = try prepare(sql, from: 0, isTrusted: isTrusted)
        guard let statement else {
            throw SQLiteError(code: .misuse, message: "there is no statement", sql: sql)
        }
        if let (_, range) = try nextStatement(in: sql, from: end, isTrusted: isTrusted) {
            throw SQLiteError(
                code: .misuse,
                message: "there is more than one statement",
                sql: sql,
                byteOffset: range.lowerBound
            )
        }
        return statement
    }

    /// Compiles and runs the statements of a script one after the other.
    ///
    /// What the statements before a failing one did stays, unless a transaction is around.
    ///
    /// - Throws: what ``prepare(_:isTrusted:)`` and ``SQLiteStatement/step()`` throw, with
    ///   places counted from the start of the script.
    public func execute(_ script: String, isTrusted: Bool = false) throws(SQLiteError) {
        var offset = 0
        while let next = try nextStatement(in: script, from: offset, isTrusted: isTrusted) {
            try next.statement.run()
            offset = next.range.upperBound
        }
    }

    /// Compiles the first statement of a script that starts at or after an offset.
    ///
    /// - Returns: the statement with its range in the script in bytes, from its first comment
    ///   or word to its semicolon; nothing where none is left.
    public func nextStatement(
        in script: String,
        from byteOffset: Int,
        isTrusted: Bool = false
    ) throws(SQLiteError) -> (statement: SQLiteStatement, range: Range<Int>)? {
        var offset = byteOffset
        while offset < script.utf8.count {
            let (statement, end) = try prepare(script, from: offset, isTrusted: isTrusted)
            let text = script.utf8.dropFirst(offset)
            let blank = text.prefix { " \t\n\r;".utf8.contains($0) }.count
            if let statement { return (statement, min(offset + blank, end)..<end) }
            // Nothing but whitespace, comments or a lone semicolon was found.
            guard end > offset else { return nil }
            offset = end
        }
        return nil
    }

    private func prepare(
        _ script: String,
        from offset: Int,
        isTrusted: Bool
    ) throws(SQLiteError) -> (SQLiteStatement?, end: Int) {
        var pointer: OpaquePointer?
        var end = 0
        supervisor.isTrusting = isTrusted
        defer { supervisor.isTrusting = false }
        var copy = script
        let code: Int32 = copy.withUTF8 { utf8 in
            guard let base = utf8.baseAddress, offset < utf8.count else {
                end = utf8.count
                return SQLITE_OK
            }
            return base.withMemoryRebound(to: CChar.self, capacity: utf8.count) { characters in
                var tail: UnsafePointer<CChar>?
                let code = sqlite3_prepare_v3(
                    handle,
                    characters + offset,
                    Int32(clamping: utf8.count - offset),
                    UInt32(SQLITE_PREPARE_PERSISTENT),
                    &pointer,
                    &tail
                )
                end = tail.map { $0 - characters } ?? utf8.count
                return code
            }
        }
        guard code == SQLITE_OK else { throw failure(code, sql: script, sqlOffset: offset) }
        guard let pointer else { return (nil, end) }
        return (SQLiteStatement(pointer, on: self, isTrusted: isTrusted), end)
    }
}
