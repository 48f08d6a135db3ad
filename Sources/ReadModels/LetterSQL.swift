import EventModel
import Processing
import SQLiteDatabase

/// The statements about the dead letters of a group.
enum LetterSQL {
    static let createLetters = """
        CREATE TABLE IF NOT EXISTS recount_letters (
            position INTEGER PRIMARY KEY,
            sequence_key TEXT NOT NULL,
            is_replay INTEGER NOT NULL,
            cause TEXT,
            attempts INTEGER NOT NULL,
            first_time INTEGER,
            last_time INTEGER,
            next_attempt INTEGER,
            asker TEXT
        ) STRICT
        """

    /// Makes the tables of a group's letters.
    static let create = [
        createLetters,
        """
        CREATE INDEX IF NOT EXISTS recount_letters_by_sequence
        ON recount_letters (sequence_key, position)
        """,
        """
        CREATE TABLE IF NOT EXISTS recount_skipped (
            position INTEGER PRIMARY KEY,
            operation TEXT NOT NULL
        ) STRICT
        """,
        createLate,
    ]

    /// One row where letters were handled later than events behind them.
    static let createLate = """
        CREATE TABLE IF NOT EXISTS recount_late (
            number INTEGER PRIMARY KEY,
            letters INTEGER NOT NULL,
            first_position INTEGER NOT NULL,
            last_position INTEGER NOT NULL
        ) STRICT
        """

    static let noteLate = """
        INSERT INTO recount_late VALUES (1, 1, ?1, ?1) ON CONFLICT DO UPDATE SET
            letters = letters + 1,
            first_position = min(first_position, ?1),
            last_position = max(last_position, ?1)
        """

    private static let late = "SELECT letters, first_position, last_position FROM recount_late"

    /// Which letters were handled late; nothing where none was.
    static func loadLate(from database: SQLiteConnection) throws(SQLiteError) -> LateLetters? {
        guard try GroupSQL.hasTable("recount_late", in: database) else { return nil }
        let row = try database.prepare(late, isTrusted: true)
        guard try row.step() else { return nil }
        return LateLetters(
            count: UInt64(clamping: row.integer(at: 0)),
            first: Position(UInt64(clamping: row.integer(at: 1))),
            last: Position(UInt64(clamping: row.integer(at: 2)))
        )
    }

    /// The first letter of every sequence; found by the index without looking at the others.
    static let firsts = """
        SELECT * FROM recount_letters WHERE position IN
            (SELECT min(position) FROM recount_letters GROUP BY sequence_key)
        """

    /// The first letters in their order, each with the number of its sequence's letters.
    static let sequences = """
        SELECT letter.*, sequence.letters FROM recount_letters letter
        JOIN (SELECT min(position) AS first, count(*) AS letters
              FROM recount_letters GROUP BY sequence_key) sequence
        ON letter.position = sequence.first ORDER BY letter.position LIMIT ?
        """

    static let first = """
        SELECT * FROM recount_letters WHERE sequence_key = ? ORDER BY position LIMIT 1
        """

    static let countOfSequence = "SELECT count(*) FROM recount_letters WHERE sequence_key = ?"
    static let putAside = """
        SELECT position FROM recount_letters UNION SELECT position FROM recount_skipped
        """
    static let put = "INSERT OR REPLACE INTO recount_letters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    static let remove = "DELETE FROM recount_letters WHERE position = ?"
    static let find = "SELECT 1 FROM recount_letters WHERE position = ?"
    static let counts = "SELECT sequence_key, count(*) FROM recount_letters GROUP BY sequence_key"
    static let unmark = "UPDATE recount_letters SET asker = NULL WHERE asker IS NOT NULL"
    static let skipped = "SELECT position FROM recount_skipped"
    static let unskip = "DELETE FROM recount_skipped WHERE position = ?"
    static let skip = "INSERT OR IGNORE INTO recount_skipped VALUES (?, ?)"

    /// Marks the first letters of selected sequences; its parameters are the operation and the
    /// selection's value, where it has one.
    static func mark(_ selection: LetterSelection) -> String {
        let condition =
            switch selection {
            case .all: "1"
            case .position:
                "sequence_key = (SELECT sequence_key FROM recount_letters WHERE position = ?2)"
            case .sequence: "sequence_key = ?2"
            case .cause: "cause = ?2"
            }
        return """
            UPDATE recount_letters SET asker = ?1 WHERE \(condition) AND position IN
                (SELECT min(position) FROM recount_letters GROUP BY sequence_key)
            """
    }

    /// Removes selected letters and gives them; its parameter is the selection's value,
    /// where it has one.
    static func remove(_ selection: LetterSelection) -> String {
        let condition =
            switch selection {
            case .all: "1"
            case .position: "position = ?1"
            case .sequence: "sequence_key = ?1"
            case .cause: "cause = ?1"
            }
        return "DELETE FROM recount_letters WHERE \(condition) RETURNING *"
    }

    /// What a selection's condition is compared with.
    static func value(of selection: LetterSelection) -> SQLiteValue? {
        switch selection {
        case .all: nil
        case .position(let position): .integer(Int64(position.number))
        case .sequence(let text), .cause(let text): .text(text)
        }
    }

    /// Writes a letter into ``put``.
    static func bind(
        _ letter: DeadLetter,
        to statement: SQLiteStatement
    ) throws(SQLiteError) {
        func time(_ time: Timestamp?) -> SQLiteValue {
            time.map { .integer($0.microseconds) } ?? .null
        }
        let failure = letter.failure
        let values: [SQLiteValue] = [
            .integer(Int64(letter.position.number)),
            .text(letter.sequenceKey),
            .integer(letter.isReplay ? 1 : 0),
            failure.map { .text($0.cause) } ?? .null,
            .integer(Int64(failure?.attempts ?? 0)),
            time(failure?.firstTime),
            time(failure?.lastTime),
            time(failure?.nextAttempt),
            letter.asker.map { .text($0.description) } ?? .null,
        ]
        for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
    }

    /// The letter in the row that a statement stands on.
    static func letter(in row: SQLiteStatement) -> DeadLetter {
        func time(_ column: Int) -> Timestamp { Timestamp(microseconds: row.integer(at: column)) }
        let failure = row.string(at: 3).map { cause in
            DeadLetter.Failure(
                cause: cause,
                attempts: Int(row.integer(at: 4)),
                firstTime: time(5),
                lastTime: time(6),
                nextAttempt: row.type(at: 7) == .null ? nil : time(7)
            )
        }
        return DeadLetter(
            position: Position(UInt64(clamping: row.integer(at: 0))),
            sequenceKey: row.string(at: 1) ?? "",
            isReplay: row.integer(at: 2) != 0,
            failure: failure,
            asker: row.string(at: 8).flatMap(EventID.init)
        )
    }
}
