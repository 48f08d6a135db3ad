import SQLiteDatabase

/// Goes through the rows of one table in two databases side by side.
struct TableMerge {
    private let before: (table: ComparedTable, rows: RowCursor)
    private let after: (table: ComparedTable, rows: RowCursor)
    private let order: RowOrder
    private let rowCountMax: Int
    private(set) var difference: TableDifference

    /// Begins with two tables of the same columns.
    ///
    /// - Parameters:
    ///   - difference: what is known of the table.
    ///   - before: the table before, in its database.
    ///   - after: the table after, in its database.
    ///   - rowCountMax: how many of the rows that differ are kept.
    /// - Throws: what SQLite reports.
    init(
        _ difference: TableDifference,
        _ before: (table: ComparedTable, database: SQLiteConnection),
        _ after: (table: ComparedTable, database: SQLiteConnection),
        rowCountMax: Int
    ) throws(SQLiteError) {
        let isKeyed = before.table.keyColumns == after.table.keyColumns
        let all = RowOrder(columns: Array(before.table.columns.indices), isByKey: false)
        order = isKeyed ? before.table.order : all
        self.before = (before.table, try before.table.cursor(by: order, in: before.database))
        self.after = (after.table, try after.table.cursor(by: order, in: after.database))
        self.difference = difference
        self.rowCountMax = rowCountMax
    }

    /// Compares all rows.
    ///
    /// - Parameter advance: called for every row of either table.
    /// - Throws: what SQLite reports, and what `advance` throws.
    mutating func run(advance: () throws -> Void) throws {
        var (hasBefore, hasAfter) = (try before.rows.next(), try after.rows.next())
        while hasBefore || hasAfter {
            let ordering: Ordering =
                !hasAfter
                ? .before
                : !hasBefore ? .behind : before.rows.order(to: after.rows, by: order.columns)
            note(ordering)
            if ordering != .behind {
                hasBefore = try before.rows.next()
                try advance()
            }
            if ordering != .before {
                hasAfter = try after.rows.next()
                try advance()
            }
        }
    }

    private mutating func note(_ ordering: Ordering) {
        switch ordering {
        case .before: difference.removedCount += 1
        case .behind: difference.addedCount += 1
        case .equal:
            if !order.isByKey || before.rows.equals(after.rows) { return }
            difference.changedCount += 1
        }
        guard difference.rows.count < rowCountMax else { return }
        difference.rows.append(
            SQLiteRowDifference(
                table: difference.name,
                columns: before.table.columns,
                keyColumns: order.isByKey ? order.columns : [],
                before: ordering == .behind ? nil : before.rows.values,
                after: ordering == .before ? nil : after.rows.values
            )
        )
    }
}
