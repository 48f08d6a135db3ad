import SQLiteDatabase

/// A table as far as its rows are compared: its columns, and what tells its rows apart.
struct ComparedTable: Hashable {
    let name: String
    /// The columns that `SELECT *` shows, generated ones among them.
    let columns: [String]
    /// The columns of the primary key in their order, as indexes into ``columns``; none where there
    /// is no key, or a row whose key holds `NULL`, so that it need not be the only one.
    let keyColumns: [Int]

    /// The tables of the projections, by name.
    ///
    /// A virtual table counts with the rows that it shows. The tables that it is made of do not:
    /// how rows lie in them depends on what was committed together.
    static func all(in database: SQLiteConnection) throws(SQLiteError) -> [ComparedTable] {
        let rows = try database.prepare(ComparedTable.list, isTrusted: true)
        var names: [String] = []
        while try rows.step() { names.append(rows.string(at: 0) ?? "") }
        var tables: [ComparedTable] = []
        for name in names { tables.append(try ComparedTable(name, in: database)) }
        return tables
    }

    private init(_ name: String, in database: SQLiteConnection) throws(SQLiteError) {
        let columns = try TableColumns(of: name, in: database)
        var isKeyed = true
        for column in columns.keyNames where isKeyed {
            isKeyed = try !database.hasRows(
                "\(name.quotedAsName) WHERE \(column.quotedAsName) IS NULL"
            )
        }
        self.name = name
        self.columns = columns.names
        keyColumns = isKeyed ? columns.key : []
    }

    func rowCount(in database: SQLiteConnection) throws(SQLiteError) -> Int64 {
        let row = try database.prepare("SELECT count(*) FROM \(main)", isTrusted: true)
        return try row.step() ? row.integer(at: 0) : 0
    }

    /// All rows in an order.
    func cursor(
        by order: RowOrder,
        in database: SQLiteConnection
    ) throws(SQLiteError) -> RowCursor {
        let list = columns.map(\.quotedAsName).joined(separator: ", ")
        let values = order.columns.map { "\(columns[$0].quotedAsName) COLLATE BINARY" }
        let types = order.isByKey ? [] : order.columns.map { "typeof(\(columns[$0].quotedAsName))" }
        let terms = (values + types).joined(separator: ", ")
        let statement = try database.prepare(
            "SELECT \(list) FROM \(main) ORDER BY \(terms)",
            isTrusted: true
        )
        return RowCursor(statement, columnCount: columns.count)
    }

    /// The order of its primary key, or that of all values where it has none.
    var order: RowOrder {
        keyColumns.isEmpty
            ? RowOrder(columns: Array(columns.indices), isByKey: false)
            : RowOrder(columns: keyColumns, isByKey: true)
    }

    private var main: String { "main.\(name.quotedAsName)" }

    /// Selects the names of the tables of the projections.
    static let list = """
        SELECT name FROM pragma_table_list
        WHERE schema = 'main' AND type IN ('table', 'virtual')
            AND name NOT LIKE 'recount\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        ORDER BY name
        """
}

/// In which order rows are gone through: by values as SQLite sorts them, text by its bytes, and an
/// integer before a floating-point number that is as large.
struct RowOrder: Hashable {
    let columns: [Int]
    /// Whether no two rows have the same values in the columns.
    let isByKey: Bool
}

extension SQLiteConnection {
    fileprivate func hasRows(_ source: String) throws(SQLiteError) -> Bool {
        let row = try prepare("SELECT 1 FROM main.\(source) LIMIT 1", isTrusted: true)
        return try row.step()
    }
}
