import EventModel
import Processing
import SQLiteDatabase

/// The statements about a group's own tables, which start with `recount_`.
enum GroupSQL {
    /// One row while a retry of dead letters is under way.
    private static let createRetry = """
        CREATE TABLE IF NOT EXISTS recount_retry (
            operation TEXT NOT NULL,
            rate_limit INTEGER,
            stops_at_failure INTEGER NOT NULL,
            handled INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            failed_position INTEGER
        ) STRICT
        """

    /// One row while the tables are made anew beside those in use.
    private static let createShadow = """
        CREATE TABLE IF NOT EXISTS recount_shadow (
            operation TEXT NOT NULL,
            start_time INTEGER NOT NULL,
            rate_limit INTEGER
        ) STRICT
        """

    /// What a replay handles again, a row for its end, each stream and each type; none where it is
    /// every event.
    private static let createSelection = """
        CREATE TABLE IF NOT EXISTS recount_selection (
            kind TEXT NOT NULL,
            value TEXT NOT NULL
        ) STRICT
        """

    /// One row where the rows took the place of others.
    private static let createOrigin = """
        CREATE TABLE IF NOT EXISTS recount_origin (
            operation TEXT NOT NULL,
            position INTEGER NOT NULL
        ) STRICT
        """

    /// Events that the group has decided, by which it finds out how far the log is the same after a
    /// restore.
    private static let createMarks = """
        CREATE TABLE IF NOT EXISTS recount_marks (
            position INTEGER PRIMARY KEY,
            event TEXT NOT NULL,
            incarnation INTEGER NOT NULL,
            level INTEGER NOT NULL,
            recorded_time INTEGER
        ) STRICT
        """

    static let saveMark = "INSERT OR REPLACE INTO recount_marks VALUES (?, ?, ?, ?, ?)"
    static let thinMarks = "DELETE FROM recount_marks WHERE level = ? AND position < ?"
    static let forgetMarks = "DELETE FROM recount_marks WHERE position > ?"
    static let copyMarks = "SELECT * FROM recount_marks"

    /// Makes the tables of a group's progress.
    static let create =
        [
            ProgressSQL.create, createRetry, createShadow, createOrigin, createSelection,
            createMarks,
            AuthorSQL.create, DefinitionSQL.create,
        ]
        + EffectSQL.create

    /// Adds what tables of an earlier version lack.
    static func addColumns(to database: SQLiteConnection) throws(SQLiteError) {
        try addColumns(ProgressSQL.later, of: "recount_progress", to: database)
        try addColumns([("recorded_time", "INTEGER")], of: "recount_marks", to: database)
    }

    private static func addColumns(
        _ columns: [(name: String, definition: String)],
        of table: String,
        to database: SQLiteConnection
    ) throws(SQLiteError) {
        var names: Set<String> = []
        let rows = try database.prepare("SELECT name FROM pragma_table_info(?)", isTrusted: true)
        try rows.bind(.text(table), at: 1)
        while try rows.step() { rows.string(at: 0).map { _ = names.insert($0) } }
        for column in columns where !names.contains(column.name) {
            try database.execute(
                "ALTER TABLE \(table) ADD COLUMN \(column.name) \(column.definition)",
                isTrusted: true
            )
        }
    }

    static let size = """
        SELECT page_count * page_size FROM pragma_page_count, pragma_page_size
        """

    private static let ownTables = """
        SELECT type, name FROM sqlite_schema
        WHERE name NOT LIKE 'recount\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        ORDER BY type = 'table', name
        """

    private static let retry = "SELECT * FROM recount_retry"

    private static let findTable = """
        SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?
        """

    /// Whether the database has a table; one made by an earlier version lacks those added since.
    static func hasTable(
        _ name: String,
        in database: SQLiteConnection
    ) throws(SQLiteError) -> Bool {
        let table = try database.prepare(findTable, isTrusted: true)
        try table.bind(.text(name), at: 1)
        return try table.step()
    }

    /// Stores the retry under way, or that there is none.
    static func save(
        _ retry: LetterRetry?,
        in database: SQLiteConnection
    ) throws(SQLiteError) {
        try database.execute("DELETE FROM recount_retry", isTrusted: true)
        guard let retry else { return }
        let insert = try database.prepare(
            "INSERT INTO recount_retry VALUES (?, ?, ?, ?, ?, ?)",
            isTrusted: true
        )
        let values: [SQLiteValue] = [
            .text(retry.operation.description),
            retry.rateLimit.map { .integer(Int64($0)) } ?? .null,
            .integer(retry.stopsAtFailure ? 1 : 0),
            .integer(Int64(retry.handledCount)),
            .integer(Int64(retry.failedCount)),
            retry.failedPosition.map { .integer($0) } ?? .null,
        ]
        for (index, value) in values.enumerated() { try insert.bind(value, at: index + 1) }
        try insert.run()
    }

    static func loadRetry(
        from database: SQLiteConnection
    ) throws(SQLiteError) -> LetterRetry? {
        guard try hasTable("recount_retry", in: database) else { return nil }
        let row = try database.prepare(retry, isTrusted: true)
        guard try row.step(), let operation = row.string(at: 0).flatMap(EventID.init) else {
            return nil
        }
        func isNull(_ column: Int) -> Bool { row.type(at: column) == .null }
        var retry = LetterRetry(
            operation: operation,
            rateLimit: isNull(1) ? nil : Int(row.integer(at: 1)),
            stopsAtFailure: row.integer(at: 2) != 0
        )
        retry.handledCount = UInt64(clamping: row.integer(at: 3))
        retry.failedCount = UInt64(clamping: row.integer(at: 4))
        retry.failedPosition = isNull(5) ? nil : Position(UInt64(clamping: row.integer(at: 5)))
        return retry
    }

    /// Stores the shadow under way, or that there is none.
    static func save(
        _ shadow: TrackingToken.Replay?,
        in database: SQLiteConnection
    ) throws(SQLiteError) {
        try database.execute("DELETE FROM recount_shadow", isTrusted: true)
        guard let shadow else { return }
        let insert = try database.prepare(
            "INSERT INTO recount_shadow VALUES (?, ?, ?)",
            isTrusted: true
        )
        try insert.bind(.text(shadow.operation.description), at: 1)
        try insert.bind(.integer(shadow.startTime.microseconds), at: 2)
        try insert.bind(shadow.rateLimit.map { .integer(Int64($0)) } ?? .null, at: 3)
        try insert.run()
    }

    static func loadShadow(
        from database: SQLiteConnection,
        _ authors: [EventID: OperationAuthor]
    ) throws(SQLiteError) -> TrackingToken.Replay? {
        guard try hasTable("recount_shadow", in: database) else { return nil }
        let row = try database.prepare("SELECT * FROM recount_shadow", isTrusted: true)
        guard try row.step(), let operation = row.string(at: 0).flatMap(EventID.init) else {
            return nil
        }
        return TrackingToken.Replay(
            shadowOf: operation,
            startTime: Timestamp(microseconds: row.integer(at: 1)),
            rateLimit: row.type(at: 2) == .null ? nil : Int(row.integer(at: 2)),
            author: authors[operation] ?? OperationAuthor()
        )
    }

    /// Stores what a replay handles again.
    static func save(
        _ selection: ReplaySelection,
        in database: SQLiteConnection
    ) throws(SQLiteError) {
        try database.execute("DELETE FROM recount_selection", isTrusted: true)
        var rows = selection.streams.map { ("stream", $0.text) }
        rows += selection.types.map { ("type", $0.text) }
        if let end = selection.end { rows.append(("end", end.description)) }
        let insert = try database.prepare(
            "INSERT INTO recount_selection VALUES (?, ?)",
            isTrusted: true
        )
        for (kind, value) in rows {
            try insert.bind(.text(kind), at: 1)
            try insert.bind(.text(value), at: 2)
            try insert.run()
        }
    }

    static func loadSelection(
        from database: SQLiteConnection
    ) throws(SQLiteError) -> ReplaySelection {
        guard try hasTable("recount_selection", in: database) else { return ReplaySelection() }
        let rows = try database.prepare("SELECT * FROM recount_selection", isTrusted: true)
        var end: Position?
        var streams: Set<StreamName> = []
        var types: Set<EventType> = []
        while try rows.step() {
            let value = rows.string(at: 1) ?? ""
            switch rows.string(at: 0) {
            case "stream": streams.insert(StreamName(value))
            case "type": types.insert(EventType(value))
            default: end = UInt64(value).map(Position.init)
            }
        }
        return ReplaySelection(end: end, streams: streams, types: types)
    }

    /// Stores what the rows took the place of.
    static func save(
        _ origin: KeptGeneration,
        in database: SQLiteConnection
    ) throws(SQLiteError) {
        try database.execute("DELETE FROM recount_origin", isTrusted: true)
        let insert = try database.prepare(
            "INSERT INTO recount_origin VALUES (?, ?)",
            isTrusted: true
        )
        try insert.bind(.text(origin.operation.description), at: 1)
        try insert.bind(.integer(origin.position), at: 2)
        try insert.run()
    }

    /// What the rows took the place of; nothing where they are the first ones.
    static func loadOrigin(
        from database: SQLiteConnection
    ) throws(SQLiteError) -> KeptGeneration? {
        guard try hasTable("recount_origin", in: database) else { return nil }
        let row = try database.prepare("SELECT * FROM recount_origin", isTrusted: true)
        guard try row.step(), let operation = row.string(at: 0).flatMap(EventID.init) else {
            return nil
        }
        let position = Position(UInt64(clamping: row.integer(at: 1)))
        return KeptGeneration(operation: operation, position: position)
    }

    /// Drops everything but Recount's own tables.
    static func dropTables(in database: SQLiteConnection) throws(SQLiteError) {
        let rows = try database.prepare(ownTables, isTrusted: true)
        var drops: [String] = []
        while try rows.step() {
            guard let type = rows.string(at: 0), let name = rows.string(at: 1) else { continue }
            drops.append("DROP \(type.uppercased()) IF EXISTS \(name.quotedAsName)")
        }
        // Tables that refer to each other go in any order.
        try database.execute("PRAGMA defer_foreign_keys = ON", isTrusted: true)
        for drop in drops { try database.execute(drop, isTrusted: true) }
    }
}
