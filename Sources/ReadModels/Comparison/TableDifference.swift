public import SQLiteDatabase

/// How the rows of one table differ between two read models, one of which counts as what was
/// before, the other as what is after.
public struct TableDifference: Hashable, Sendable {
    /// The table.
    public let name: String
    /// How many rows it has before; nothing where there is no such table.
    public let beforeCount: Int64?
    /// How many rows it has after; nothing where there is no such table.
    public let afterCount: Int64?
    /// The rows that are only there before.
    public internal(set) var removedCount: Int64 = 0
    /// The rows that are only there after.
    public internal(set) var addedCount: Int64 = 0
    /// The rows with the same primary key and other values.
    public internal(set) var changedCount: Int64 = 0
    /// The first rows that differ, in the order of the primary key, or of all values where there is
    /// none.
    public internal(set) var rows: [SQLiteRowDifference] = []
    /// Whether there are other columns, so that no row is the same.
    public internal(set) var hasOtherColumns = false

    /// How many rows differ.
    public var rowCount: Int64 { removedCount + addedCount + changedCount }

    /// Whether the table is the same.
    public var isEmpty: Bool {
        rowCount == 0 && !hasOtherColumns && beforeCount != nil && afterCount != nil
    }

    init(_ name: String, beforeCount: Int64?, afterCount: Int64?) {
        self.name = name
        self.beforeCount = beforeCount
        self.afterCount = afterCount
    }
}

extension [TableDifference] {
    /// How many rows differ in which tables, in words, the most first; nothing where none do.
    public var summary: String? {
        let parts = sortedBySize.filter { !$0.isEmpty }.map(\.words)
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// The tables with most rows that differ first; those with as many, the largest first.
    public var sortedBySize: [TableDifference] {
        sorted { left, right in
            (-left.rowCount, -left.tableSize, left.name)
                < (-right.rowCount, -right.tableSize, right.name)
        }
    }
}

extension TableDifference {
    fileprivate var tableSize: Int64 { Swift.max(beforeCount ?? 0, afterCount ?? 0) }

    fileprivate var words: String {
        if beforeCount == nil { return "\(name): a table that was not there" }
        if afterCount == nil { return "\(name): a table that is not there any more" }
        if hasOtherColumns { return "\(name): other columns" }
        return "\(name): \(addedCount) rows added, \(removedCount) removed, \(changedCount) changed"
    }
}
