public import OperationsModel
public import SQLiteDatabase

/// Answers questions in SQL about a store, and changes nothing.
///
/// | table | columns |
/// | --- | --- |
/// | `events` | `position`, `stream`, `category`, `sequence`, `id`, `type`, `revision`, `time`, `recordedTime`, `data`, `metadata` |
/// | `streams` | `stream`, `category`, `events`, `firstTime`, `lastTime` (when events were recorded) |
/// | `processors` | the fields of ``ProcessorStatus``; `"group"` is written in quotes, lists are JSON |
/// | `operations` | the fields of ``OperationEntry``, newest first |
/// | `"group".table` | the tables of each group that has run, Recount's own `recount_…` included |
///
/// Times are RFC 3339 text in UTC, as ``Timestamp/description`` writes it, and are compared as
/// text. `data` is text where the payload is UTF-8 without a NUL, else a blob; `metadata` is
/// likewise, and `NULL` where there is none.
///
/// All events of a query come from the log as it stood at one moment, and all rows of a group from
/// one moment that was not later: a group can be behind the log, never ahead of it.
///
/// For use by one thread at a time, which each call blocks; only ``interrupter`` may be used from
/// another one.
public final class QueryConnection {
    /// Stops the running query.
    public let interrupter = QueryInterrupter()
    private let operations: StoreOperations
    private let limits: QueryLimits

    /// Makes a connection to a store.
    public init(_ operations: StoreOperations, limits: QueryLimits = QueryLimits()) {
        self.operations = operations
        self.limits = limits
    }

    /// Runs one statement and shows its rows to `row` until that says stop.
    ///
    /// Conditions on position, stream, category, sequence, type, time and recorded time are found
    /// in the log's own ways, `ORDER BY position` costs nothing, and memory does not grow with the
    /// number of events.
    ///
    /// - Parameters:
    ///   - sql: a `SELECT`, `VALUES` or `EXPLAIN`.
    ///   - row: gets the names and the values of the columns; says whether to go on.
    /// - Returns: what is known at the end, also where there is no row.
    /// - Throws: `invalid` with the place for wrong SQL; `notFound` where a group has no database
    ///   yet; `refused` for a statement that is not allowed, that took longer than its limit, or
    ///   that was interrupted; `storage` where the log or a database cannot be read.
    public func run(
        _ sql: String,
        row: (_ columns: [String], _ values: [SQLiteValue]) -> Bool
    ) throws(OperationsError) -> QueryResult {
        let session = QuerySession(operations, limits: limits, interrupter: interrupter)
        var schemas: GroupSchemas?
        do throws(SQLiteError) {
            let connection = try SQLiteConnection(path: "", mode: .inMemory)
            interrupter.begin(on: connection.interrupter)
            schemas = try prepare(connection, for: sql, session)
            let statement = try connection.prepare(sql)
            return try statement.show(limit: limits.rowCount, while: session.checkTime, row: row)
        } catch {
            if let failure = session.failure { throw failure }
            if let reason = schemas?.reason(for: error) { throw OperationsError(.notFound, reason) }
            throw QueryFailure(
                error,
                isInterrupted: session.isInterrupted,
                timeLimitMilliseconds: limits.timeMilliseconds,
                readPosition: session.readPosition
            )
            .operationsError
        }
    }

    /// Fills a connection with tables and locks it down.
    private func prepare(
        _ connection: SQLiteConnection,
        for sql: String,
        _ session: QuerySession
    ) throws(SQLiteError) -> GroupSchemas {
        let schemas = try session.reading {
            try connection.register(EventsTable(session), as: "events")
            try connection.register(ListTable.streams(session), as: "streams")
            try connection.register(ListTable.processors(session), as: "processors")
            try connection.register(ListTable.operations(session), as: "operations")
            return try GroupSchemas(for: sql, of: operations, to: connection)
        }
        try connection.restrict(
            to: SQLiteRestrictions(
                timeLimitMilliseconds: limits.timeMilliseconds,
                lengthMax: QueryConnection.valueSizeMax
            )
        )
        return schemas
    }

    /// The bytes of the largest value; more than a payload and a row of several have.
    static let valueSizeMax: Int32 = 16 << 20
}
