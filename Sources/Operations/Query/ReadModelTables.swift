import OperationsModel
import SQLiteDatabase

/// A table or view of a group's read model.
public struct ReadModelTable: Hashable, Sendable {
    /// The name.
    public var name: String
    /// How many rows it has.
    public var rowCount: Int64
}

/// The tables and views in the database of a group, or in a scratch copy of it.
struct ReadModelTables {
    let group: String
    let database: SQLiteConnection

    /// What reading them is held to.
    static let restrictions = SQLiteRestrictions(
        timeLimitMilliseconds: nil,
        lengthMax: QueryConnection.valueSizeMax
    )

    /// The tables and views sorted by name, without Recount's own, all rows counted.
    func list() throws(SQLiteError) -> [ReadModelTable] {
        let names = try database.prepare(ReadModelSQL.tables, isTrusted: true)
        var tables: [ReadModelTable] = []
        while try names.step() {
            guard let name = names.string(at: 0) else { continue }
            let count = try database.prepare(ReadModelSQL.count(name))
            _ = try count.step()
            tables.append(ReadModelTable(name: name, rowCount: count.integer(at: 0)))
        }
        return tables
    }

    /// Shows rows of a table in the order of its primary key, until `row` says stop.
    func rows(
        of table: String,
        limit: Int?,
        row: (_ columns: [String], _ values: [SQLiteValue]) -> Bool
    ) throws -> QueryResult {
        let kind = try database.prepare(ReadModelSQL.kind, isTrusted: true)
        try kind.bind(text: table, at: 1)
        guard try kind.step() else {
            throw OperationsError.missing(table: table, of: group, among: try list().map(\.name))
        }
        let key = try primaryKey(of: table)
        let isTable = kind.string(at: 0) == "table"
        let order = key.isEmpty && isTable ? ["rowid"] : key.map(\.quotedAsName)
        return try database.prepare(ReadModelSQL.rows(table, order: order))
            .show(limit: limit, row: row)
    }

    private func primaryKey(of table: String) throws(SQLiteError) -> [String] {
        let columns = try database.prepare(ReadModelSQL.primaryKey, isTrusted: true)
        try columns.bind(text: table, at: 1)
        var key: [String] = []
        while try columns.step() { key.append(columns.string(at: 0) ?? "") }
        return key
    }
}

private enum ReadModelSQL {
    static let tables = """
        SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')
            AND name NOT LIKE 'recount\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        ORDER BY name
        """

    static let kind = """
        SELECT type FROM sqlite_schema
        WHERE type IN ('table', 'view') AND name = ? COLLATE NOCASE
        """

    static let primaryKey = "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk"

    static func count(_ table: String) -> String {
        "SELECT count(*) FROM \(table.quotedAsName)"
    }

    static func rows(_ table: String, order: [String]) -> String {
        "SELECT * FROM \(table.quotedAsName)"
            + (order.isEmpty ? "" : " ORDER BY " + order.joined(separator: ", "))
    }
}
