import Disk
public import OperationsModel
import ReadModels
public import SQLiteDatabase

extension StoreOperations {
    /// The tables and views of a group's read model, sorted by name, without Recount's own.
    ///
    /// Counts every row.
    ///
    /// - Throws: `notFound` where there is no such group or it has no database yet, `storage`
    ///   where that cannot be read.
    public func tables(of group: String) throws(OperationsError) -> [ReadModelTable] {
        try OperationsError.telling { try openReadModel(of: group).list() }
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
            try openReadModel(of: group).rows(of: table, limit: limit, row: row)
        }
    }

    /// Opens a group's database for reading, locked down like that of a query.
    private func openReadModel(of name: String) throws -> ReadModelTables {
        let group = try group(name)
        guard disk.exists(group.files.database) else {
            throw OperationsError(.notFound, group.reasonWithoutDatabase)
        }
        let database = try SQLiteConnection(path: group.files.database, mode: .readOnly)
        try database.restrict(to: ReadModelTables.restrictions)
        return ReadModelTables(group: name, database: database)
    }
}

extension ReadModelGroup {
    /// Why a group without a database cannot be read.
    var reasonWithoutDatabase: String {
        "the group \(name) has no database yet, because it never ran; 'recount run' runs it"
    }
}
