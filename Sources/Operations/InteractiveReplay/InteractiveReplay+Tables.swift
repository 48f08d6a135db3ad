public import OperationsModel
import ReadModels
public import SQLiteDatabase

extension InteractiveReplay {
    /// The tables and views of the copy, sorted by name; counts every row.
    public func tables() throws(OperationsError) -> [ReadModelTable] {
        try reading { try tablesOfCopy.list() }
    }

    /// Shows rows of a table of the copy in the order of its primary key, until `row` says stop.
    ///
    /// - Throws: `notFound` where there is no such table, `refused` where `isGivenUp` said so.
    public func rows(
        of table: String,
        limit: Int? = nil,
        unless isGivenUp: @escaping () -> Bool = { false },
        row: (_ columns: [String], _ values: [SQLiteValue]) -> Bool
    ) throws(OperationsError) -> QueryResult {
        try reading(unless: isGivenUp) { try tablesOfCopy.rows(of: table, limit: limit, row: row) }
    }

    /// Runs one statement on the tables of the copy, which can only read, and shows its rows until
    /// `row` says stop.
    ///
    /// - Parameters:
    ///   - sql: the statement; tables are named without the group.
    ///   - limit: how many rows at most; nothing for all.
    ///   - isGivenUp: asked while the statement runs.
    ///   - row: gets the names and the values of the columns; says whether to go on.
    /// - Returns: what is known at the end, also where there is no row.
    /// - Throws: `invalid` with the place for wrong SQL, `refused` for SQL that does more than read
    ///   and for a statement that was given up.
    public func query(
        _ sql: String,
        limit: Int? = nil,
        unless isGivenUp: @escaping () -> Bool = { false },
        row: (_ columns: [String], _ values: [SQLiteValue]) -> Bool
    ) throws(OperationsError) -> QueryResult {
        try reading(unless: isGivenUp) {
            try scratch.database.prepare(sql).show(limit: limit, row: row)
        }
    }

    private var tablesOfCopy: ReadModelTables {
        ReadModelTables(group: group.name, database: scratch.database)
    }

    private func reading<Result>(
        unless isGivenUp: @escaping () -> Bool = { false },
        _ body: () throws -> Result
    ) throws(OperationsError) -> Result {
        try OperationsError.tellingQuery {
            try scratch.database.reading(
                heldTo: ReadModelTables.restrictions,
                unless: isGivenUp,
                body
            )
        }
    }
}
