public import SQLiteDatabase

/// The columns of a table, and which of them are its primary key.
public struct TableColumns: Hashable, Sendable {
    /// The name of the table as it was made.
    public let table: String
    /// The names of the columns that `SELECT *` shows, generated ones among them.
    public let names: [String]
    /// The columns of the primary key in their order, as indexes into ``names``; none where the
    /// table declares no key.
    public let key: [Int]

    /// Reads the columns of a table that is there.
    init(of table: String, in database: SQLiteConnection) throws(SQLiteError) {
        let rows = try database.prepare(
            "PRAGMA main.table_xinfo(\(table.quotedAsName))",
            isTrusted: true
        )
        var names: [String] = []
        var key: [(place: Int64, index: Int)] = []
        while try rows.step() {
            let isHidden = rows.integer(at: 6) == 1
            if isHidden { continue }
            let place = rows.integer(at: 5)
            if place > 0 { key.append((place, names.count)) }
            names.append(rows.string(at: 1) ?? "")
        }
        self.table = table
        self.names = names
        self.key = key.sorted { $0.place < $1.place }.map(\.index)
    }

    /// The names of the columns of the primary key, in their order.
    public var keyNames: [String] { key.map { names[$0] } }
}

extension ReadModelRows {
    /// The columns of a table; nothing where the projections have none of that name, by SQL's rule
    /// that ASCII letters in either case are equal.
    public func columns(of table: String) throws(SQLiteError) -> TableColumns? {
        let name = try database.prepare(
            "SELECT name FROM (\(ComparedTable.list)) WHERE name = ? COLLATE NOCASE",
            isTrusted: true
        )
        try name.bind(text: table, at: 1)
        guard try name.step(), let found = name.string(at: 0) else { return nil }
        return try TableColumns(of: found, in: database)
    }
}
