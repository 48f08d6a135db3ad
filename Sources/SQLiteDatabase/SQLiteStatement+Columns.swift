import CSQLite

extension SQLiteStatement {
    /// The number of columns that a row has; 0 for a statement without rows.
    public var columnCount: Int { Int(sqlite3_column_count(handle)) }

    /// The names of the columns in order.
    public var columnNames: [String] {
        (0..<sqlite3_column_count(handle)).map { index in
            sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
        }
    }

    /// The type of the value in a column of the current row.
    public func type(at index: Int) -> SQLiteType {
        switch sqlite3_column_type(handle, column(index)) {
        case SQLITE_INTEGER: .integer
        case SQLITE_FLOAT: .real
        case SQLITE_TEXT: .text
        case SQLITE_BLOB: .blob
        default: .null
        }
    }

    /// The integer in a column, converted by SQLite's rules; 0 for `NULL`.
    public func integer(at index: Int) -> Int64 {
        sqlite3_column_int64(handle, column(index))
    }

    /// The double in a column, converted by SQLite's rules; 0 for `NULL`.
    public func double(at index: Int) -> Double {
        sqlite3_column_double(handle, column(index))
    }

    /// The text in a column, converted by SQLite's rules; nothing for `NULL`.
    ///
    /// Bytes that are not valid UTF-8 come as U+FFFD.
    public func string(at index: Int) -> String? {
        withText(at: index) { $0.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
    }

    /// The bytes in a column, converted by SQLite's rules; nothing for `NULL`.
    public func blob(at index: Int) -> [UInt8]? {
        withBlob(at: index) { $0.withUnsafeBufferPointer { Array($0) } }
    }

    /// The value in a column with its own type.
    public func value(at index: Int) -> SQLiteValue {
        switch type(at: index) {
        case .null: .null
        case .integer: .integer(integer(at: index))
        case .real: .real(double(at: index))
        case .text: .text(string(at: index) ?? "")
        case .blob: .blob(blob(at: index) ?? [])
        }
    }

    /// Calls a closure with the bytes of the text in a column, without a copy.
    ///
    /// The statement must not go on or be reset inside the closure. The bytes are as stored:
    /// SQLite does not check that they are valid UTF-8.
    ///
    /// - Returns: what the closure returns; nothing for `NULL`.
    public func withText<Result, Failure: Error>(
        at index: Int,
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let text = sqlite3_column_text(handle, column(index)) else { return nil }
        let count = Int(sqlite3_column_bytes(handle, column(index)))
        return try lend(UnsafeBufferPointer(start: text, count: count), to: body)
    }

    /// Calls a closure with the bytes in a column, without a copy, as for text.
    ///
    /// - Returns: what the closure returns; nothing for `NULL`.
    public func withBlob<Result, Failure: Error>(
        at index: Int,
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        if type(at: index) == .null { return nil }
        let start = sqlite3_column_blob(handle, column(index))
        let count = Int(sqlite3_column_bytes(handle, column(index)))
        let bytes = UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
        return try lend(bytes.bindMemory(to: UInt8.self), to: body)
    }

    private func column(_ index: Int) -> Int32 {
        precondition(
            index >= 0 && index < columnCount,
            "The statement has \(columnCount) columns, so that there is no column \(index)."
        )
        return Int32(truncatingIfNeeded: index)
    }
}
