import EventModel
import Processing
import SQLiteDatabase

/// The statements about `recount_effects`: what handlers asked for and is not done yet.
enum EffectSQL {
    /// Makes the table.
    static let createEffects = """
        CREATE TABLE IF NOT EXISTS recount_effects (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            event TEXT NOT NULL,
            position INTEGER NOT NULL,
            sequence_key TEXT NOT NULL,
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            payload TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            next_attempt INTEGER,
            obstacle TEXT,
            cause TEXT,
            wish TEXT
        ) STRICT
        """

    /// Makes the table and what finds the first effect of a sequence.
    static let create = [
        createEffects,
        """
        CREATE INDEX IF NOT EXISTS recount_effects_sequences
        ON recount_effects (sequence_key, number)
        """,
    ]

    private static let columns = """
        id, event, position, sequence_key, kind, key, payload, attempts, next_attempt, obstacle, \
        cause, wish
        """

    /// Adds an effect, unless it waits already.
    static let add = """
        INSERT OR IGNORE INTO recount_effects (\(columns))
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    /// The first effect of each sequence that something is to be done about, for the time, the
    /// longest wait, how many at most, and so many kinds.
    static func due(kindCount: Int) -> String {
        let kinds = (0..<kindCount).map { "?\($0 + 4)" }.joined(separator: ", ")
        return """
            SELECT \(columns) FROM recount_effects AS effect
            WHERE number = (
                SELECT min(number) FROM recount_effects WHERE sequence_key = effect.sequence_key
            ) AND (
                wish = 'give-up' OR (
                    (wish = 'retry' OR (obstacle IS NULL AND (
                        next_attempt IS NULL OR next_attempt - ?1 NOT BETWEEN 1 AND ?2
                    )))
                    AND kind IN (\(kinds))
                )
            )
            ORDER BY number LIMIT ?3
            """
    }
    /// So many of them at most, those with an obstacle before all others.
    static let first = """
        SELECT \(columns) FROM recount_effects WHERE number IN (
            SELECT number FROM recount_effects ORDER BY obstacle IS NULL, number LIMIT ?1
        )
        ORDER BY number
        """
    static let all = "SELECT \(columns) FROM recount_effects ORDER BY number"
    /// Stores an attempt; a wish that came meanwhile stays.
    static let update = """
        UPDATE recount_effects
        SET attempts = ?2, next_attempt = ?3, obstacle = ?4, cause = ?5,
            wish = CASE WHEN wish IS ?6 THEN ?7 ELSE wish END
        WHERE id = ?1
        """
    static let wish = "UPDATE recount_effects SET wish = ?2 WHERE id = ?1"
    /// Forgets what came of attempts, which the log tells again.
    static let forget = """
        UPDATE recount_effects SET
            attempts = 0, next_attempt = NULL, obstacle = NULL, cause = NULL, wish = NULL
        """
    static let remove = "DELETE FROM recount_effects WHERE id = ?"

    /// The values of a row, in the order of ``add``.
    static func values(_ effect: PendingEffect) -> [SQLiteValue] {
        [
            .text(effect.id.description),
            .text(effect.event.description),
            .integer(effect.position),
            .text(effect.sequenceKey),
            .text(effect.kind),
            .text(effect.key),
            .text(effect.payload),
            .integer(Int64(effect.attempts)),
            effect.nextAttempt.map { .integer($0.microseconds) } ?? .null,
            effect.obstacle.map { .text($0.rawValue) } ?? .null,
            effect.cause.map { .text($0) } ?? .null,
            effect.wish.map { .text($0.rawValue) } ?? .null,
        ]
    }

    /// The effects in the rows of a statement.
    static func effects(
        in rows: SQLiteStatement,
        of group: String
    ) throws(SQLiteError) -> [PendingEffect] {
        var effects: [PendingEffect] = []
        while try rows.step() {
            guard let id = rows.string(at: 0).flatMap(EventID.init),
                let event = rows.string(at: 1).flatMap(EventID.init)
            else { continue }
            let next = rows.type(at: 8) == .null ? nil : rows.integer(at: 8)
            effects.append(
                PendingEffect(
                    id: id,
                    group: group,
                    event: event,
                    position: Position(UInt64(clamping: rows.integer(at: 2))),
                    sequenceKey: rows.string(at: 3) ?? "",
                    kind: rows.string(at: 4) ?? "",
                    key: rows.string(at: 5) ?? "",
                    payload: rows.string(at: 6) ?? "",
                    attempts: Int(clamping: rows.integer(at: 7)),
                    nextAttempt: next.map { Timestamp(microseconds: $0) },
                    obstacle: rows.string(at: 9).flatMap(PendingEffect.Obstacle.init),
                    cause: rows.string(at: 10),
                    wish: rows.string(at: 11).flatMap(PendingEffect.Wish.init)
                )
            )
        }
        return effects
    }
}

extension SQLiteConnection {
    /// Runs a statement about a group's own tables.
    func runTrusted(_ sql: String, _ values: [SQLiteValue]) throws(SQLiteError) {
        let statement = try prepare(sql, isTrusted: true)
        for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
        try statement.run()
    }
}
