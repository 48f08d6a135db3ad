import EventModel
import Processing
import SQLiteDatabase

/// The statements about a group's own tables, which start with `recount_`.
enum GroupSQL {
    /// One row for each segment; a group has one.
    static let createProgress = """
        CREATE TABLE IF NOT EXISTS recount_progress (
            segment INTEGER PRIMARY KEY,
            position INTEGER NOT NULL,
            reset_position INTEGER,
            start_position INTEGER,
            start_time INTEGER,
            operation TEXT,
            rate_limit INTEGER,
            handled INTEGER NOT NULL,
            filtered INTEGER NOT NULL,
            dead_lettered INTEGER NOT NULL,
            skipped INTEGER NOT NULL,
            accounted_from INTEGER NOT NULL,
            pause_reason TEXT,
            next_operation INTEGER NOT NULL,
            measured_rate REAL,
            failure TEXT
        ) STRICT
        """

    static let saveProgress = """
        INSERT INTO recount_progress VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)
        ON CONFLICT DO UPDATE SET
            position = excluded.position,
            reset_position = excluded.reset_position,
            start_position = excluded.start_position,
            start_time = excluded.start_time,
            operation = excluded.operation,
            rate_limit = excluded.rate_limit,
            handled = excluded.handled,
            filtered = excluded.filtered,
            dead_lettered = excluded.dead_lettered,
            skipped = excluded.skipped,
            accounted_from = excluded.accounted_from,
            pause_reason = excluded.pause_reason,
            next_operation = excluded.next_operation,
            measured_rate = excluded.measured_rate
        """

    static let saveFailure = "UPDATE recount_progress SET failure = ?"

    private static let progress = "SELECT * FROM recount_progress WHERE segment = 0"

    /// The positions and counts there can be; sums of several are numbers too.
    private static let numbers: ClosedRange<Int64> = 0...1 << 60

    private static let ownTables = """
        SELECT type, name FROM sqlite_schema
        WHERE name NOT LIKE 'recount\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        ORDER BY type = 'table', name
        """

    /// Writes the values of a progress into ``saveProgress``.
    static func bind(
        _ progress: GroupProgress,
        to statement: SQLiteStatement
    ) throws(SQLiteError) {
        let replay = progress.token.replay
        let values: [SQLiteValue] = [
            .integer(progress.token.position),
            replay.map { .integer($0.resetPosition) } ?? .null,
            replay.map { .integer($0.startPosition) } ?? .null,
            replay.map { .integer($0.startTime.microseconds) } ?? .null,
            replay.map { .text($0.operation.description) } ?? .null,
            replay?.rateLimit.map { .integer(Int64($0)) } ?? .null,
            .integer(Int64(progress.accounting.handled)),
            .integer(Int64(progress.accounting.filtered)),
            .integer(Int64(progress.accounting.deadLettered)),
            .integer(Int64(progress.accounting.skipped)),
            .integer(progress.accountedFrom),
            progress.pauseReason.map { .text($0) } ?? .null,
            .integer(Int64(progress.nextOperation.number)),
            progress.measuredRate.map { .real($0) } ?? .null,
        ]
        for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
    }

    private static let progressTable = """
        SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'recount_progress'
        """

    /// Reads the progress and the failure of a group; nothing where it never ran.
    static func loadProgress(
        from database: SQLiteConnection
    ) throws(SQLiteError) -> (progress: GroupProgress, failure: String?)? {
        let table = try database.prepare(progressTable, isTrusted: true)
        guard try table.step() else { return nil }
        table.reset()
        let row = try database.prepare(progress, isTrusted: true)
        guard try row.step() else { return nil }
        defer { row.reset() }
        func number(_ index: Int) -> UInt64 { UInt64(clamping: row.integer(at: index)) }
        guard
            [1, 2, 3, 7, 8, 9, 10, 11, 13].allSatisfy({ numbers.contains(row.integer(at: $0)) }),
            row.type(at: 2) == .null || number(3) <= number(2)
        else {
            throw SQLiteError(code: .corrupt, message: "the stored progress is none")
        }
        var replay: TrackingToken.Replay?
        if let operation = row.string(at: 5).flatMap(EventID.init) {
            replay = TrackingToken.Replay(
                resetPosition: Position(number(2)),
                startPosition: Position(number(3)),
                startTime: Timestamp(microseconds: row.integer(at: 4)),
                operation: operation,
                rateLimit: row.type(at: 6) == .null ? nil : Int(row.integer(at: 6))
            )
        }
        let progress = GroupProgress(
            token: TrackingToken(position: Position(number(1)), replay: replay),
            accounting: Accounting(
                handled: number(7),
                filtered: number(8),
                deadLettered: number(9),
                skipped: number(10)
            ),
            accountedFrom: Position(number(11)),
            pauseReason: row.string(at: 12),
            nextOperation: Sequence(number(13)),
            measuredRate: row.type(at: 14) == .null ? nil : row.double(at: 14)
        )
        return (progress, row.string(at: 15))
    }

    /// Drops everything but Recount's own tables.
    static func dropTables(in database: SQLiteConnection) throws(SQLiteError) {
        let rows = try database.prepare(ownTables, isTrusted: true)
        var drops: [String] = []
        while try rows.step() {
            guard let type = rows.string(at: 0), let name = rows.string(at: 1) else { continue }
            drops.append("DROP \(type.uppercased()) IF EXISTS \(name.quotedAsName)")
        }
        for drop in drops { try database.execute(drop, isTrusted: true) }
    }
}

extension SQLiteValue {
    fileprivate static func integer(_ position: Position) -> SQLiteValue {
        .integer(Int64(position.number))
    }
}
