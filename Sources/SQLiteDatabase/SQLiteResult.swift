import CSQLite

/// Where a virtual table puts a value; SQLite copies the bytes at once.
public struct SQLiteResult: ~Copyable {
    private let context: OpaquePointer

    init(_ context: OpaquePointer) {
        self.context = context
    }

    /// Hands over `NULL`.
    public func null() {
        sqlite3_result_null(context)
    }

    /// Hands over an integer.
    public func integer(_ value: Int64) {
        sqlite3_result_int64(context, value)
    }

    /// Hands over a double.
    public func double(_ value: Double) {
        sqlite3_result_double(context, value)
    }

    /// Hands over text.
    public func text(_ value: String) {
        text(value.utf8.span)
    }

    /// Hands over text from UTF-8 bytes.
    public func text(_ value: Span<UInt8>) {
        value.withUnsafeBytes { bytes in
            guard let base = bytes.bindMemory(to: CChar.self).baseAddress else {
                return sqlite3_result_text(context, "", 0, nil)
            }
            sqlite3_result_text64(
                context,
                base,
                UInt64(bytes.count),
                recount_sqlite_transient(),
                UInt8(SQLITE_UTF8)
            )
        }
    }

    /// Hands over bytes.
    public func blob(_ value: Span<UInt8>) {
        value.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else {
                _ = sqlite3_result_zeroblob64(context, 0)
                return
            }
            sqlite3_result_blob64(context, base, UInt64(bytes.count), recount_sqlite_transient())
        }
    }
}
