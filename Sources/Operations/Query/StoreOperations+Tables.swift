import Disk
public import OperationsModel
import ReadModels
public import SQLiteDatabase

/// A table or view of a group's read model.
public struct ReadModelTable: Hashable, Sendable {
    /// The name.
    public var name: String
    /// How many rows it has.
    public var rowCount: Int64
}

extension StoreOperations {
    /// The tables and views of a group's read model, sorted by name, without Recount's own.
    ///
    /// Counts every row.
    ///
    /// - Throws: `notFound` where there is no such group or it has no database yet, `storage`
    ///   where that cannot be read.
    public func tables(of group: String) throws(OperationsError) -> [ReadModelTable] {
        try OperationsError.telling {
            let database = try openReadModel(of: group)
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
    }

    /// Shows rows of a table of a group's read model in the order of its primary key, until
    /// `row` says stop.
    ///
    /// - Parameters:
    ///   - table: the table, which may be one of Recount's own, or a view, whose rows come in
    ///     the order in which SQLite finds them.
    ///   - group: the name of the group.
    ///   - limit: how many rows at most; nothing for all.
    ///   - row: gets the names and the values of the columns; says whether to go on.
    /// - Returns: what is known at the end, also where there is no row.
    /// - Throws: `notFound` where there is no such group or table or the group has no database
    ///   yet, `storage` where that cannot be read.
    public func rows(
        of table: String,
        in group: String,
        limit: Int? = nil,
        row: (_ columns: [String], _ values: [SQLiteValue]) -> Bool
    ) throws(OperationsError) -> QueryResult {
        try OperationsError.telling {
            let database = try openReadModel(of: group)
            let kind = try database.prepare(ReadModelSQL.kind, isTrusted: true)
            try kind.bind(text: table, at: 1)
            guard try kind.step() else {
                let names = try tables(of: group).map(\.name).joined(separator: ", ")
                throw OperationsError(
                    .notFound,
                    "the group \(group) has no table \(table); "
                        + (names.isEmpty ? "it has none" : "there are \(names)")
                )
            }
            let key = try primaryKey(of: table, in: database)
            let isTable = kind.string(at: 0) == "table"
            let order = key.isEmpty && isTable ? ["rowid"] : key.map(\.quotedAsName)
            return try database.prepare(ReadModelSQL.rows(table, order: order))
                .show(limit: limit, row: row)
        }
    }

    /// Opens a group's database for reading, locked down like that of a query.
    private func openReadModel(of name: String) throws -> SQLiteConnection {
        let group = try group(name)
        guard disk.exists(group.files.database) else {
            throw OperationsError(.notFound, group.reasonWithoutDatabase)
        }
        let database = try SQLiteConnection(path: group.files.database, mode: .readOnly)
        try database.restrict(
            to: SQLiteRestrictions(
                timeLimitMilliseconds: nil,
                lengthMax: QueryConnection.valueSizeMax
            )
        )
        return database
    }

    private func primaryKey(
        of table: String,
        in database: SQLiteConnection
    ) throws(SQLiteError) -> [String] {
        let columns = try database.prepare(ReadModelSQL.primaryKey, isTrusted: true)
        try columns.bind(text: table, at: 1)
        var key: [String] = []
        while try columns.step() { key.append(columns.string(at: 0) ?? "") }
        return key
    }
}

extension ReadModelGroup {
    /// Why a group without a database cannot be read.
    var reasonWithoutDatabase: String {
        "the group \(name) has no database yet, because it never ran; 'recount run' runs it"
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
