import SQLiteDatabase

/// Goes through the rows of a table, and compares and digests them where SQLite has them.
final class RowCursor {
    private let statement: SQLiteStatement
    private let columnCount: Int

    init(_ statement: SQLiteStatement, columnCount: Int) {
        self.statement = statement
        self.columnCount = columnCount
    }

    /// Goes to the next row; false after the last.
    func next() throws(SQLiteError) -> Bool {
        try statement.step()
    }

    /// The values of the row.
    var values: [SQLiteValue] {
        (0..<columnCount).map { statement.value(at: $0) }
    }

    /// Adds the row to a digest: each value as a byte for its type, then the 8 bytes of a number,
    /// or those of a count and the bytes.
    ///
    /// -0.0 is told as 0.0: a table may keep either for the other.
    func add(to digest: DigestMaker) {
        for column in 0..<columnCount {
            let type = statement.type(at: column)
            digest.append(type.mark)
            switch type {
            case .null: break
            case .integer:
                digest.append(UInt64(bitPattern: statement.integer(at: column)))
            case .real:
                digest.append((statement.double(at: column) + 0.0).bitPattern)
            case .text: statement.withText(at: column) { digest.append(counted: $0) }
            case .blob: statement.withBlob(at: column) { digest.append(counted: $0) }
            }
        }
    }

    /// How the row stands to that of another cursor, by the first of some columns in which they
    /// differ.
    func order(to other: RowCursor, by columns: [Int]) -> Ordering {
        for column in columns {
            let order = order(of: column, to: other)
            if order != .equal { return order }
        }
        // Numbers that are as large may still be of two types.
        for column in columns {
            let (mine, theirs) = (statement.type(at: column), other.statement.type(at: column))
            if mine != theirs { return Ordering(of: mine.mark, to: theirs.mark) }
        }
        return .equal
    }

    /// Whether all values are those of the row of another cursor.
    func equals(_ other: RowCursor) -> Bool {
        for column in 0..<columnCount {
            guard statement.type(at: column) == other.statement.type(at: column),
                order(of: column, to: other) == .equal
            else { return false }
        }
        return true
    }

    private func order(of column: Int, to other: RowCursor) -> Ordering {
        let (mine, theirs) = (statement, other.statement)
        let types = (mine.type(at: column), theirs.type(at: column))
        switch types {
        case (.null, .null): return .equal
        case (.integer, .integer):
            return Ordering(of: mine.integer(at: column), to: theirs.integer(at: column))
        case (.real, .real):
            return Ordering(of: mine.double(at: column), to: theirs.double(at: column))
        case (.integer, .real):
            return Ordering(of: mine.integer(at: column), to: theirs.double(at: column))
        case (.real, .integer):
            return Ordering(of: theirs.integer(at: column), to: mine.double(at: column)).reversed
        case (.text, .text):
            return mine.withText(at: column) { mine in
                mine.withUnsafeBytes { mine in
                    theirs.withText(at: column) { theirs in
                        theirs.withUnsafeBytes { Ordering(of: mine, to: $0) }
                    }
                }
            }.flatMap(\.self) ?? .equal
        case (.blob, .blob):
            return mine.withBlob(at: column) { mine in
                mine.withUnsafeBytes { mine in
                    theirs.withBlob(at: column) { theirs in
                        theirs.withUnsafeBytes { Ordering(of: mine, to: $0) }
                    }
                }
            }.flatMap(\.self) ?? .equal
        default: return Ordering(of: types.0.rank, to: types.1.rank)
        }
    }
}

extension SQLiteType {
    /// The byte that stands for the type in a digest.
    fileprivate var mark: UInt8 {
        switch self {
        case .null: 0
        case .integer: 1
        case .real: 2
        case .text: 3
        case .blob: 4
        }
    }

    /// Where SQLite sorts the type: numbers of both types are among each other.
    fileprivate var rank: UInt8 { self == .real ? SQLiteType.integer.mark : mark }
}
