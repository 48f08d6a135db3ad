import EventModel
import Processing
import SQLiteDatabase

/// The statements about `recount_authors`: who asked for the replays under way.
enum AuthorSQL {
    /// Makes the table.
    static let create = """
        CREATE TABLE IF NOT EXISTS recount_authors (
            operation TEXT PRIMARY KEY,
            operator TEXT NOT NULL,
            host TEXT NOT NULL,
            reason TEXT NOT NULL
        ) STRICT
        """

    private static let insert = "INSERT INTO recount_authors VALUES (?, ?, ?, ?)"
    private static let select = "SELECT operation, operator, host, reason FROM recount_authors"

    /// Stores the authors of the replays under way, in the place of those before.
    static func save(
        _ authors: [EventID: OperationAuthor],
        in database: SQLiteConnection
    ) throws(SQLiteError) {
        try database.execute("DELETE FROM recount_authors", isTrusted: true)
        let row = try database.prepare(insert, isTrusted: true)
        for (operation, author) in authors {
            let texts = [
                operation.description, author.operatorName, author.host, author.reason,
            ]
            for (index, text) in texts.enumerated() { try row.bind(.text(text), at: index + 1) }
            try row.run()
        }
    }

    static func load(
        from database: SQLiteConnection
    ) throws(SQLiteError) -> [EventID: OperationAuthor] {
        guard try GroupSQL.hasTable("recount_authors", in: database) else { return [:] }
        let rows = try database.prepare(select, isTrusted: true)
        var authors: [EventID: OperationAuthor] = [:]
        while try rows.step() {
            guard let operation = rows.string(at: 0).flatMap(EventID.init) else { continue }
            authors[operation] = OperationAuthor(
                operatorName: rows.string(at: 1) ?? "",
                host: rows.string(at: 2) ?? "",
                reason: rows.string(at: 3) ?? ""
            )
        }
        return authors
    }
}

extension GroupProgress {
    /// Who asked for the replays under way.
    var authors: [EventID: OperationAuthor] {
        var authors: [EventID: OperationAuthor] = [:]
        for segment in segments {
            if let replay = segment.token.replay { authors[replay.operation] = replay.author }
        }
        if let shadow { authors[shadow.operation] = shadow.author }
        return authors
    }
}
