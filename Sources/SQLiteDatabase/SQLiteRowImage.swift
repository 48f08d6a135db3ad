import CSQLite

/// The values of a row as bytes: exact, also where text is not UTF-8.
///
/// Each value is its type in one byte; then a number in 8 bytes, or the count of its bytes in 8
/// bytes and the bytes.
struct SQLiteRowImage: Hashable, Sendable {
    private(set) var bytes: [UInt8] = []

    /// Adds a value that SQLite hands to a callback; nothing counts as `NULL`.
    mutating func append(_ value: OpaquePointer?) {
        let type = value.map { sqlite3_value_type($0) } ?? SQLITE_NULL
        switch type {
        case SQLITE_INTEGER: append(type, number: sqlite3_value_int64(value))
        case SQLITE_FLOAT: append(type, number: sqlite3_value_double(value).bits)
        case SQLITE_TEXT:
            append(type, UnsafeRawPointer(sqlite3_value_text(value)), of: value)
        case SQLITE_BLOB: append(type, sqlite3_value_blob(value), of: value)
        default: bytes.append(UInt8(truncatingIfNeeded: SQLITE_NULL))
        }
    }

    /// The count of the bytes is right only after SQLite was asked for the bytes.
    private mutating func append(
        _ type: Int32,
        _ start: UnsafeRawPointer?,
        of value: OpaquePointer?
    ) {
        let count = start == nil ? 0 : Int(sqlite3_value_bytes(value))
        append(
            type,
            UnsafeRawBufferPointer(start: start, count: count).bindMemory(to: UInt8.self).span
        )
    }

    /// Adds a value of a statement's current row.
    mutating func append(column index: Int, of statement: SQLiteStatement) {
        switch statement.type(at: index) {
        case .null: bytes.append(UInt8(truncatingIfNeeded: SQLITE_NULL))
        case .integer: append(SQLITE_INTEGER, number: statement.integer(at: index))
        case .real: append(SQLITE_FLOAT, number: statement.double(at: index).bits)
        case .text: statement.withText(at: index) { append(SQLITE_TEXT, $0) }
        case .blob: statement.withBlob(at: index) { append(SQLITE_BLOB, $0) }
        }
    }

    private mutating func append(_ type: Int32, number: Int64) {
        bytes.append(UInt8(truncatingIfNeeded: type))
        withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ type: Int32, _ content: Span<UInt8>) {
        append(type, number: Int64(content.count))
        content.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// The values, in which bytes of text that are not UTF-8 have become U+FFFD.
    var values: [SQLiteValue] {
        contents.map { content in
            switch content.type {
            case SQLITE_INTEGER: .integer(content.number)
            case SQLITE_FLOAT: .real(Double(bits: content.number))
            case SQLITE_TEXT: .text(String(decoding: content.bytes, as: UTF8.self))
            case SQLITE_BLOB: .blob(Array(content.bytes))
            default: .null
            }
        }
    }

    /// Binds the values to the parameters of a statement from one on.
    func bind(to statement: SQLiteStatement, from first: Int) throws(SQLiteError) {
        for (offset, content) in contents.enumerated() {
            let index = first + offset
            switch content.type {
            case SQLITE_INTEGER: try statement.bind(integer: content.number, at: index)
            case SQLITE_FLOAT: try statement.bind(double: Double(bits: content.number), at: index)
            case SQLITE_TEXT: try statement.bind(text: content.bytes.span, at: index)
            case SQLITE_BLOB: try statement.bind(blob: content.bytes.span, at: index)
            default: try statement.bindNull(at: index)
            }
        }
    }

    /// A value taken apart: its type, what it is as a number, and its bytes.
    private struct Content {
        let type: Int32
        var number: Int64 = 0
        var bytes: ArraySlice<UInt8> = []
    }

    private var contents: [Content] {
        var rest = bytes[...]
        var contents: [Content] = []
        while let type = rest.popFirst().map(Int32.init) {
            var content = Content(type: type)
            if type != SQLITE_NULL {
                let number = rest.prefix(8)
                rest = rest.dropFirst(8)
                content.number = number.withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }
            }
            if type == SQLITE_TEXT || type == SQLITE_BLOB {
                content.bytes = rest.prefix(Int(content.number))
                rest = rest.dropFirst(Int(content.number))
            }
            contents.append(content)
        }
        return contents
    }
}

extension Double {
    fileprivate init(bits: Int64) {
        self.init(bitPattern: UInt64(bitPattern: bits))
    }

    fileprivate var bits: Int64 { Int64(bitPattern: bitPattern) }
}
