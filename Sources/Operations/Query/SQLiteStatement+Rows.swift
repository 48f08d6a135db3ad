import SQLiteDatabase

extension SQLiteStatement {
    /// Shows rows with the names of their columns until `row` says stop.
    ///
    /// - Parameters:
    ///   - limit: how many rows at most; nothing for all.
    ///   - check: throws where the next row must not be shown.
    ///   - row: gets the names and the values of the columns; says whether to go on.
    /// - Returns: what is known at the end.
    /// - Throws: what SQLite or `check` report.
    func show(
        limit: Int?,
        while check: () throws(SQLiteError) -> Void = {},
        row: (_ columns: [String], _ values: [SQLiteValue]) -> Bool
    ) throws(SQLiteError) -> QueryResult {
        let columns = columnNames
        var result = QueryResult(columns: columns, rowCount: 0, isCut: false)
        while !result.isCut, try step() {
            try check()
            if result.rowCount == limit {
                result.isCut = true
            } else {
                result.rowCount += 1
                result.isCut = !row(columns, columns.indices.map(value))
            }
        }
        reset()
        return result
    }
}
