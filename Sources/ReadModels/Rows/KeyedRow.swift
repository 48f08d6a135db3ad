public import SQLiteDatabase

/// One row of a table, which is looked up by its primary key as often as it may have changed; for
/// use by one thread at a time.
public final class KeyedRow {
    /// The columns of its table.
    public let columns: TableColumns
    /// The values of the row as of the last look; nothing where there was none.
    public private(set) var values: [SQLiteValue]?
    private let statement: SQLiteStatement

    /// Prepares the look-up and takes the first look.
    init(
        _ key: [String],
        of columns: TableColumns,
        in database: SQLiteConnection
    ) throws(SQLiteError) {
        precondition(
            !columns.key.isEmpty && columns.key.count == key.count,
            "A row is named by a value for each column of its primary key."
        )
        self.columns = columns
        let list = columns.names.map(\.quotedAsName).joined(separator: ", ")
        let names = columns.keyNames.map(\.quotedAsName)
        // Each value is compared as the affinity and the collation of its column want it.
        let condition = names.map { "\($0) IN (?, ?)" }.joined(separator: " AND ")
        statement = try database.prepare(
            "SELECT \(list) FROM main.\(columns.table.quotedAsName) WHERE \(condition) "
                + "ORDER BY \(names.joined(separator: ", ")) LIMIT 1",
            isTrusted: true
        )
        for (index, text) in key.enumerated() {
            try statement.bind(text: text, at: 2 * index + 1)
            try statement.bind(SQLiteValue(keyText: text), at: 2 * index + 2)
        }
        _ = try look()
    }

    /// Looks the row up again.
    ///
    /// - Returns: whether it is another one than at the last look, or there is one where none was,
    ///   or the reverse.
    /// - Throws: what SQLite reports.
    public func look() throws(SQLiteError) -> Bool {
        defer { statement.reset() }
        let found = try statement.step() ? columns.names.indices.map(statement.value) : nil
        let isOther = found != values
        values = found
        return isOther
    }
}

extension ReadModelRows {
    /// Looks up the row with a primary key.
    ///
    /// A value of the key is compared as the affinity of its column wants it. Where the column has
    /// none, `7` is also the number and `x'00ff'` also the bytes; where a key is both number and
    /// text, the number is meant. A key that holds `NULL` cannot be named.
    ///
    /// - Parameters:
    ///   - key: as many values as the primary key has columns, which are at least one.
    ///   - columns: those of the table.
    /// - Returns: the row, which need not be there.
    /// - Throws: what SQLite reports.
    public func row(
        _ key: [String],
        of columns: TableColumns
    ) throws(SQLiteError) -> KeyedRow {
        try KeyedRow(key, of: columns, in: database)
    }
}

extension SQLiteValue {
    /// What a text is besides text: a whole number or bytes, where it is written as SQLite writes
    /// them; text otherwise.
    fileprivate init(keyText text: String) {
        if let number = Int64(text), String(number) == text {
            self = .integer(number)
        } else if let bytes = SQLiteValue.bytes(ofLiteral: text) {
            self = .blob(bytes)
        } else {
            self = .text(text)
        }
    }

    /// The bytes of `x'…'`; nothing where the text is something else.
    private static func bytes(ofLiteral text: String) -> [UInt8]? {
        let (start, digits) = (text.utf8.prefix(2), Array(text.utf8.dropFirst(2).dropLast()))
        guard start.elementsEqual("x'".utf8), text.utf8.count > 2, text.utf8.last == start.last,
            digits.count.isMultiple(of: 2),
            digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
        else { return nil }
        return stride(from: 0, to: digits.count, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16)
        }
    }
}
