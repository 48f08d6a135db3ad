import EventModel
import Processing
import SQLiteDatabase

/// The statements about `recount_progress`: a row for each segment of a group.
///
/// What is the group's is in the row of its first segment.
enum ProgressSQL {
    /// Makes the table.
    static let create = """
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
            failure TEXT,
            mask INTEGER NOT NULL DEFAULT 0,
            elsewhere INTEGER NOT NULL DEFAULT 0,
            sequencing TEXT,
            claim INTEGER NOT NULL DEFAULT 0,
            mark_position INTEGER,
            mark_event TEXT,
            mark_incarnation INTEGER,
            mark_time INTEGER,
            last_operation TEXT
        ) STRICT
        """

    /// The columns that a table of an earlier version lacks, and what they are.
    static let later: [(name: String, definition: String)] = [
        ("mask", "INTEGER NOT NULL DEFAULT 0"),
        ("elsewhere", "INTEGER NOT NULL DEFAULT 0"),
        ("sequencing", "TEXT"),
        ("claim", "INTEGER NOT NULL DEFAULT 0"),
        ("mark_position", "INTEGER"),
        ("mark_event", "TEXT"),
        ("mark_incarnation", "INTEGER"),
        ("mark_time", "INTEGER"),
        ("last_operation", "TEXT"),
    ]

    /// Stores the progress of a segment; the claim on it stays, where there is a row.
    static let save = """
        INSERT INTO recount_progress
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
            measured_rate = excluded.measured_rate,
            mask = excluded.mask,
            elsewhere = excluded.elsewhere,
            sequencing = excluded.sequencing,
            mark_position = excluded.mark_position,
            mark_event = excluded.mark_event,
            mark_incarnation = excluded.mark_incarnation,
            mark_time = excluded.mark_time,
            last_operation = excluded.last_operation
        """

    static let remove = "DELETE FROM recount_progress WHERE segment = ?"
    static let claim = "UPDATE recount_progress SET claim = ?3 WHERE segment = ?1 AND mask = ?2"
    static let saveFailure = "UPDATE recount_progress SET failure = ?"
    static let saveFailureOfClaim = """
        UPDATE recount_progress SET failure = ?1 WHERE segment = ?2 AND claim = ?3
        """

    private static let load = "SELECT * FROM recount_progress ORDER BY segment"

    /// The positions and counts there can be; sums of several are numbers too.
    private static let numbers: ClosedRange<Int64> = 0...1 << 60

    /// Writes the values of a segment's progress into ``save``.
    static func bind(
        _ segment: SegmentProgress,
        of progress: GroupProgress,
        claim: Int64,
        to statement: SQLiteStatement
    ) throws(SQLiteError) {
        let replay = segment.token.replay
        let values: [SQLiteValue] = [
            .integer(Int64(segment.segment.id)),
            .integer(segment.token.position),
            replay.map { .integer($0.resetPosition) } ?? .null,
            replay.map { .integer($0.startPosition) } ?? .null,
            replay.map { .integer($0.startTime.microseconds) } ?? .null,
            replay.map { .text($0.operation.description) } ?? .null,
            replay?.rateLimit.map { .integer(Int64($0)) } ?? .null,
            .integer(Int64(segment.accounting.handled)),
            .integer(Int64(segment.accounting.filtered)),
            .integer(Int64(segment.accounting.deadLettered)),
            .integer(Int64(segment.accounting.skipped)),
            .integer(progress.accountedFrom),
            progress.pauseReason.map { .text($0) } ?? .null,
            .integer(Int64(progress.nextOperation.number)),
            progress.measuredRate.map { .real($0) } ?? .null,
            .integer(Int64(segment.segment.mask)),
            .integer(Int64(segment.elsewhereCount)),
            progress.sequencing.map { .text($0.description) } ?? .null,
            .integer(claim),
            segment.mark.map { .integer($0.position) } ?? .null,
            segment.mark.map { .text($0.event.description) } ?? .null,
            segment.mark.map { .integer(Int64($0.incarnation)) } ?? .null,
            segment.mark?.recordedTime.map { .integer($0.microseconds) } ?? .null,
            progress.lastOperation.map { .text($0.description) } ?? .null,
        ]
        for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
    }

    /// What is stored of a group's progress.
    struct Stored {
        var progress: GroupProgress
        /// The first failure of its segments.
        var failure: String?
        /// The number that each segment's claim is known by; 0 where nobody claimed it.
        var claims: [Segment: Int64]
    }

    /// Reads the progress of a group; nothing where it never ran.
    static func loadProgress(from database: SQLiteConnection) throws(SQLiteError) -> Stored? {
        guard try GroupSQL.hasTable("recount_progress", in: database) else { return nil }
        let row = try database.prepare(load, isTrusted: true)
        var progress: GroupProgress?
        var failure: String?
        var segments: [SegmentProgress] = []
        var claims: [Segment: Int64] = [:]
        let selection = try GroupSQL.loadSelection(from: database)
        let authors = try AuthorSQL.load(from: database)
        while try row.step() {
            let segment = try segmentProgress(in: row, selection, authors)
            segments.append(segment)
            if segments.count == 1 { progress = groupProgress(in: row) }
            failure = failure ?? row.string(at: 15)
            claims[segment.segment] = integer(in: row, at: 19)
        }
        guard var progress else { return nil }
        guard Segment.covers(segments.map(\.segment)) else { throw damage }
        progress.segments = segments
        progress.retry = try GroupSQL.loadRetry(from: database)
        progress.shadow = try GroupSQL.loadShadow(from: database, authors)
        return Stored(progress: progress, failure: failure, claims: claims)
    }

    private static let damage = SQLiteError(
        code: .corrupt,
        message: "the stored progress is none"
    )

    /// The number in a column; 0 where an earlier version made the table without it.
    private static func integer(in row: SQLiteStatement, at column: Int) -> Int64 {
        column < row.columnCount ? row.integer(at: column) : 0
    }

    /// The text in a column; nothing where an earlier version made the table without it.
    private static func string(in row: SQLiteStatement, at column: Int) -> String? {
        column < row.columnCount ? row.string(at: column) : nil
    }

    private static func groupProgress(in row: SQLiteStatement) -> GroupProgress {
        GroupProgress(
            accountedFrom: Position(UInt64(clamping: row.integer(at: 11))),
            pauseReason: row.string(at: 12),
            nextOperation: Sequence(UInt64(clamping: row.integer(at: 13))),
            lastOperation: string(in: row, at: 24).flatMap(EventID.init),
            measuredRate: row.type(at: 14) == .null ? nil : row.double(at: 14),
            sequencing: string(in: row, at: 18).flatMap(SequencingPolicy.init)
        )
    }

    private static func mark(in row: SQLiteStatement) -> HistoryMark? {
        guard let event = string(in: row, at: 21).flatMap(EventID.init),
            let incarnation = UInt32(exactly: integer(in: row, at: 22))
        else { return nil }
        let position = Position(UInt64(clamping: row.integer(at: 20)))
        let time = integer(in: row, at: 23)
        return HistoryMark(
            position: position,
            event: event,
            incarnation: incarnation,
            recordedTime: time == 0 ? nil : Timestamp(microseconds: time)
        )
    }

    private static func segmentProgress(
        in row: SQLiteStatement,
        _ selection: ReplaySelection,
        _ authors: [EventID: OperationAuthor]
    ) throws(SQLiteError) -> SegmentProgress {
        func number(_ column: Int) -> UInt64 { UInt64(clamping: integer(in: row, at: column)) }
        let numbered = [1, 2, 3, 7, 8, 9, 10, 11, 13, 17]
        guard numbered.allSatisfy({ numbers.contains(integer(in: row, at: $0)) }),
            row.type(at: 2) == .null || number(3) <= number(2),
            let mask = UInt32(exactly: integer(in: row, at: 16)),
            let segment = UInt32(exactly: row.integer(at: 0)).flatMap({
                Segment(number: $0, mask: mask)
            })
        else { throw damage }
        let replay = row.string(at: 5).flatMap(EventID.init).map { operation in
            TrackingToken.Replay(
                resetPosition: Position(number(2)),
                startPosition: Position(number(3)),
                startTime: Timestamp(microseconds: row.integer(at: 4)),
                operation: operation,
                rateLimit: row.type(at: 6) == .null ? nil : Int(row.integer(at: 6)),
                selection: selection,
                author: authors[operation] ?? OperationAuthor()
            )
        }
        return SegmentProgress(
            segment,
            token: TrackingToken(position: Position(number(1)), replay: replay),
            accounting: Accounting(
                handled: number(7),
                filtered: number(8),
                deadLettered: number(9),
                skipped: number(10)
            ),
            elsewhereCount: number(17),
            mark: mark(in: row)
        )
    }
}

extension SQLiteValue {
    static func integer(_ position: Position) -> SQLiteValue {
        .integer(Int64(position.number))
    }
}
