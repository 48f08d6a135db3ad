import CSQLite

extension SQLiteStatement {
    /// The names of the parameters in the order of their numbers, with their `:`, `@` or `$`;
    /// nothing for those without a name.
    public var parameterNames: [String?] {
        (0..<sqlite3_bind_parameter_count(handle)).map { index in
            sqlite3_bind_parameter_name(handle, index + 1).map { String(cString: $0) }
        }
    }

    /// The number of the parameter with a name such as `:data`; nothing where there is none.
    public func parameterIndex(_ name: String) -> Int? {
        let index = sqlite3_bind_parameter_index(handle, name)
        return index == 0 ? nil : Int(index)
    }

    /// Binds `NULL`, which is also what a parameter is before anything is bound.
    public func bindNull(at index: Int) throws(SQLiteError) {
        try check(sqlite3_bind_null(handle, Int32(clamping: index)))
    }

    /// Binds an integer.
    public func bind(integer value: Int64, at index: Int) throws(SQLiteError) {
        try check(sqlite3_bind_int64(handle, Int32(clamping: index), value))
    }

    /// Binds a double; SQLite stores not-a-number as `NULL`.
    public func bind(double value: Double, at index: Int) throws(SQLiteError) {
        try check(sqlite3_bind_double(handle, Int32(clamping: index), value))
    }

    /// Binds text, of which SQLite makes a copy.
    public func bind(text: String, at index: Int) throws(SQLiteError) {
        try bind(text: text.utf8.span, at: index)
    }

    /// Binds text from UTF-8 bytes, of which SQLite makes a copy.
    public func bind(text: Span<UInt8>, at index: Int) throws(SQLiteError) {
        let code = text.withUnsafeBufferPointer { bytes in
            bindText(bytes, at: index, recount_sqlite_transient())
        }
        try check(code)
    }

    /// Binds bytes, of which SQLite makes a copy.
    public func bind(blob: Span<UInt8>, at index: Int) throws(SQLiteError) {
        let code = blob.withUnsafeBufferPointer { bytes in
            bindBlob(bytes, at: index, recount_sqlite_transient())
        }
        try check(code)
    }

    /// Binds text from UTF-8 bytes without a copy.
    ///
    /// The bytes must stay where they are until something else is bound to the parameter or
    /// the statement is gone.
    public func bindUncopied(
        text: UnsafeBufferPointer<UInt8>,
        at index: Int
    ) throws(SQLiteError) {
        try check(bindText(text, at: index, nil))
    }

    /// Binds bytes without a copy, on the same condition as for text.
    public func bindUncopied(
        blob: UnsafeBufferPointer<UInt8>,
        at index: Int
    ) throws(SQLiteError) {
        try check(bindBlob(blob, at: index, nil))
    }

    /// Binds a value of any type.
    public func bind(_ value: SQLiteValue, at index: Int) throws(SQLiteError) {
        switch value {
        case .null: try bindNull(at: index)
        case .integer(let value): try bind(integer: value, at: index)
        case .real(let value): try bind(double: value, at: index)
        case .text(let value): try bind(text: value, at: index)
        case .blob(let value): try bind(blob: value.span, at: index)
        }
    }

    /// Binds `NULL` to every parameter.
    public func clearBindings() {
        sqlite3_clear_bindings(handle)
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw connection.failure(code, sql: sql) }
    }

    /// Binds values from the first parameter on, and runs the statement to its end.
    ///
    /// - Throws: ``SQLiteError`` as binding and running do.
    public func run(_ values: SQLiteValue...) throws(SQLiteError) {
        for (index, value) in values.enumerated() { try bind(value, at: index + 1) }
        try run()
    }

    /// An empty buffer may have no address, which SQLite would take for `NULL`.
    private func bindText(
        _ bytes: UnsafeBufferPointer<UInt8>,
        at index: Int,
        _ destructor: sqlite3_destructor_type?
    ) -> Int32 {
        let index = Int32(clamping: index)
        guard let base = bytes.baseAddress else {
            return sqlite3_bind_text64(
                handle,
                index,
                "",
                0,
                recount_sqlite_transient(),
                UInt8(SQLITE_UTF8)
            )
        }
        return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) { characters in
            sqlite3_bind_text64(
                handle,
                index,
                characters,
                UInt64(bytes.count),
                destructor,
                UInt8(SQLITE_UTF8)
            )
        }
    }

    private func bindBlob(
        _ bytes: UnsafeBufferPointer<UInt8>,
        at index: Int,
        _ destructor: sqlite3_destructor_type?
    ) -> Int32 {
        let index = Int32(clamping: index)
        guard let base = bytes.baseAddress else { return sqlite3_bind_zeroblob(handle, index, 0) }
        return sqlite3_bind_blob64(handle, index, base, UInt64(bytes.count), destructor)
    }
}
