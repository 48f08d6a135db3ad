import EventLog
import EventModel
import EventStorage
import Operations
import OperationsModel
import SQLiteDatabase
import Testing

/// A question about the log, and the same in Swift.
private struct Question: CustomTestStringConvertible {
    let sql: String
    let matches: @Sendable (RecordedEvent) -> Bool
    var isDescending = false
    var limit = Int.max
    var skip = 0

    init(
        _ sql: String,
        isDescending: Bool = false,
        limit: Int = .max,
        skip: Int = 0,
        _ matches: @escaping @Sendable (RecordedEvent) -> Bool
    ) {
        self.sql = sql
        self.matches = matches
        self.isDescending = isDescending
        self.limit = limit
        self.skip = skip
    }

    var testDescription: String { sql }

    static let all = positions + streams + times + orders
}

extension Question {
    fileprivate static let positions: [Question] = [
        Question("") { _ in true },
        Question("WHERE position = 17") { $0.position.number == 17 },
        Question("WHERE position = '17'") { $0.position.number == 17 },
        Question("WHERE rowid = 17") { $0.position.number == 17 },
        Question("WHERE position = 17.5") { _ in false },
        Question("WHERE position > 650 AND position <= 655") { (651...655) ~= $0.position.number },
        Question("WHERE position BETWEEN 3 AND 5") { (3...5) ~= $0.position.number },
        Question("WHERE position < 0 OR position > 9223372036854775807") { _ in false },
        Question("WHERE position >= -5 AND position < 3.5") { $0.position.number < 4 },
        Question("WHERE position > 9223372036854775807") { _ in false },
        Question("WHERE position < -9223372036854775808") { _ in false },
        Question("WHERE position IN (900000, 5, 2, 5)") { [2, 5].contains($0.position.number) },
        Question("WHERE position = NULL") { _ in false },
        Question("WHERE position IS NOT NULL AND position > 690") { $0.position.number > 690 },
        Question("WHERE position % 7 = 0") { $0.position.number % 7 == 0 },
    ]

    fileprivate static let streams: [Question] = [
        Question("WHERE stream = 'cart-1'") { $0.stream == StreamName("cart-1") },
        Question("WHERE stream = 'Cart-1'") { _ in false },
        Question("WHERE stream = 'CART-1' COLLATE NOCASE") { $0.stream == StreamName("cart-1") },
        Question("WHERE stream = 'order-é'") { $0.stream == StreamName("order-é") },
        Question("WHERE stream = 'o''brien-\"1\"'") { $0.stream.text.hasPrefix("o'") },
        Question("WHERE stream = 'nobody' OR type = 'nothing'") { _ in false },
        Question("WHERE stream = 'cart-1' AND stream = 'cart-2'") { _ in false },
        Question("WHERE stream IN ('cart-2', 'cart-1')") {
            ["cart-1", "cart-2"].contains($0.stream.text)
        },
        Question("WHERE stream LIKE 'order%' AND sequence >= 10") {
            $0.stream.text.hasPrefix("order") && $0.sequence.number >= 10
        },
        Question("WHERE stream = 'cart' AND sequence BETWEEN 3 AND 5") {
            $0.stream == StreamName("cart") && (3...5) ~= $0.sequence.number
        },
        Question("WHERE stream = 'cart' AND sequence < 0") { _ in false },
        Question("WHERE stream = x'63617274'") { _ in false },
        Question("WHERE category = 'cart'") { $0.stream.category == Category("cart") },
        Question("WHERE category = ''") { $0.stream == StreamName("-x") },
        Question("WHERE category = 'a-b'") { _ in false },
        Question("WHERE category = 'cart' AND stream = 'order-é'") { _ in false },
        Question("WHERE type = 'closed'") { $0.type == EventType("closed") },
        Question("WHERE type = 'Closed' AND category = 'order' AND position > 100") {
            $0.type == EventType("Closed") && $0.stream.category == Category("order")
                && $0.position.number > 100
        },
        Question("WHERE type = 'Gone'") { _ in false },
        Question("WHERE type <> 'Closed' AND revision = 2") {
            $0.type != EventType("Closed") && $0.revision == 2
        },
    ]
}

extension Question {
    /// A comparison of texts by their bytes, as SQL has it.
    private static func text(
        _ sql: String,
        _ belongs: @escaping @Sendable (_ time: [UInt8]) -> Bool
    ) -> Question {
        Question(sql) { belongs(Array($0.eventTime.description.utf8)) }
    }

    private static func isBefore(_ text: [UInt8], _ other: String) -> Bool {
        text.lexicographicallyPrecedes(other.utf8)
    }

    fileprivate static let times: [Question] = [
        text("WHERE time = '2011-01-01T00:00:00Z'") { $0 == Array("2011-01-01T00:00:00Z".utf8) },
        text("WHERE time = '2011-01-01T00:00:00.500Z'") {
            $0 == Array("2011-01-01T00:00:00.500Z".utf8)
        },
        text("WHERE time >= '2011-01-01T00:00:00Z'") { !isBefore($0, "2011-01-01T00:00:00Z") },
        text("WHERE time < '2011-01-01T00:00:00Z'") { isBefore($0, "2011-01-01T00:00:00Z") },
        text("WHERE time <= '2011-01-01T00:00:00.25'") {
            !isBefore(Array("2011-01-01T00:00:00.25".utf8), String(decoding: $0, as: UTF8.self))
        },
        text("WHERE time >= '2011-01-01' AND time < '2011-02-01'") {
            !isBefore($0, "2011-01-01") && isBefore($0, "2011-02-01")
        },
        text("WHERE time > '2011-01-01 12:00:00'") { !isBefore($0, "2011-01-01 12:00:00") },
        text("WHERE time > '2011-01-01T02:00:00+02:00'") {
            !isBefore($0, "2011-01-01T02:00:00+02:00")
        },
        text("WHERE time < '2011'") { isBefore($0, "2011") },
        text("WHERE time < '2011-02-30'") { isBefore($0, "2011-02-30") },
        text("WHERE time > '9999-12-31T23:59:59Z'") {
            isBefore(Array("9999-12-31T23:59:59Z".utf8), String(decoding: $0, as: UTF8.self))
        },
        text("WHERE time < '0000-01-01T00:00:00Z'") { isBefore($0, "0000-01-01T00:00:00Z") },
        text("WHERE time > 5") { !isBefore($0, "5") },
        Question("WHERE recordedTime <= '2023-11-14T22:13:25.1Z' AND recordedTime > '2023-11-14'") {
            !isBefore(
                Array("2023-11-14T22:13:25.1Z".utf8),
                $0.recordedTime.description
            )
        },
        Question("WHERE recordedTime = '2023-11-14T22:13:20.000002Z'") {
            $0.recordedTime.description == "2023-11-14T22:13:20.000002Z"
        },
        Question("WHERE recordedTime < '2023-11-14'") { _ in false },
    ]

    fileprivate static let orders: [Question] = [
        Question("ORDER BY position DESC", isDescending: true) { _ in true },
        Question("ORDER BY position LIMIT 3 OFFSET 2", limit: 3, skip: 2) { _ in true },
        Question("ORDER BY position DESC LIMIT 1", isDescending: true, limit: 1) { _ in true },
        Question("ORDER BY rowid DESC, stream LIMIT 90", isDescending: true, limit: 90) { _ in true
        },
        Question(
            "WHERE stream = 'cart-2' ORDER BY sequence DESC LIMIT 2",
            isDescending: true,
            limit: 2
        ) { $0.stream == StreamName("cart-2") },
        Question(
            "WHERE type = 'Opened' AND position < 400 ORDER BY position DESC",
            isDescending: true
        ) { $0.type == EventType("Opened") && $0.position.number < 400 },
        Question("WHERE position IN (9, 3, 6) ORDER BY position DESC", isDescending: true) {
            [3, 6, 9].contains($0.position.number)
        },
        Question("WHERE category = 'cart' ORDER BY position DESC LIMIT 500", isDescending: true) {
            $0.stream.category == Category("cart")
        },
    ]
}

/// A store that the tests of this file only read.
private let shared = Result {
    let fixture = try Fixture()
    try VariedEvents.fill(fixture, count: 700)
    return (fixture, try fixture.store.events(EventSelection()))
}

@Test(arguments: Question.all)
private func `finds what a filter over all events finds`(_ question: Question) throws {
    let (fixture, events) = try shared.get()
    var expected = events.filter(question.matches).map(\.position.number)
    if question.isDescending { expected.reverse() }
    var found = try fixture.positions("SELECT position FROM events \(question.sql)")
    if !question.sql.contains("ORDER BY") { found.sort() }
    #expect(
        found == Array(expected.dropFirst(question.skip).prefix(question.limit)),
        "\(found.count) found, \(expected.count) expected"
    )
}

@Test func `shows every column as it is`() throws {
    let (fixture, events) = try shared.get()
    let rows = try fixture.rows("SELECT * FROM events")
    try #require(rows.count == events.count)
    for (row, event) in zip(rows, events) { #expect(row == event.row) }
}

@Test func `finds what an ordinary table finds for random conditions`() throws {
    let (fixture, events) = try shared.get()
    let plain = try ordinaryTable(events)
    var generator = SplitMix(state: 42)
    for number in 0..<400 {
        let sql = generator.question()
        let statement = try plain.prepare(sql)
        var expected: [[SQLiteValue]] = []
        while try statement.step() {
            expected.append((0..<statement.columnCount).map(statement.value))
        }
        let found = try fixture.rows(sql)
        try #require(found == expected, "question \(number): \(sql)")
    }
}

/// SQLite's own table with the same rows and declared types.
private func ordinaryTable(_ events: [RecordedEvent]) throws -> SQLiteConnection {
    let database = try SQLiteConnection(path: "", mode: .inMemory)
    try database.execute(
        """
        CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, category TEXT,
            sequence INTEGER, id TEXT, type TEXT, revision INTEGER, time TEXT,
            recordedTime TEXT, data, metadata TEXT)
        """
    )
    let insert = try database.prepare("INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?,?)")
    for event in events {
        for (index, value) in event.row.enumerated() { try insert.bind(value, at: index + 1) }
        try insert.run()
    }
    return database
}

extension SplitMix {
    fileprivate mutating func question() -> String {
        let conditions = (0..<(1 + next(3))).map { _ in condition() }
        var sql = "SELECT position, stream, time, data FROM events WHERE "
        sql += conditions.joined(separator: next(5) == 0 ? " OR " : " AND ")
        let direction = pick(["", " DESC"])
        let column = pick(["position", "rowid", "sequence, position", "recordedTime, position"])
        sql += " ORDER BY \(column)\(direction)"
        if next(2) == 0 { sql += " LIMIT \(next(40)) OFFSET \(next(5))" }
        return sql
    }

    private mutating func condition() -> String {
        let comparison = pick(["=", "<", "<=", ">", ">=", "<>", "IS", "IN"])
        let column = pick([
            "position", "stream", "category", "sequence", "type", "revision", "time",
            "recordedTime", "data", "id",
        ])
        let values = (0..<(comparison == "IN" ? 3 : 1)).map { _ in value(for: column) }
        let list = values.joined(separator: ", ")
        return "\(column) \(comparison) " + (comparison == "IN" ? "(\(list))" : list)
    }

    private mutating func value(for column: String) -> String {
        if next(12) == 0 { return pick(["NULL", "12.5", "x'63'", "'300'", "-1", "''", "9e18"]) }
        switch column {
        case "position": return String(next(720))
        case "sequence": return String(next(100))
        case "revision": return String(next(3))
        case "stream": return quoted(pick(VariedEvents.streams))
        case "category": return quoted(pick(["cart", "order", "", "a", "a-b", "o'brien"]))
        case "type": return quoted(pick(VariedEvents.types))
        case "time": return quoted(cut(pick(VariedEvents.times).description))
        case "recordedTime":
            let microseconds = 1_700_000_000_000_000 + Int64(next(70_000_000))
            return quoted(cut(Timestamp(microseconds: microseconds).description))
        case "id": return quoted(EventID(high: 0x5A1, low: next(720)).description)
        default: return pick(["'{\"amount\":5}'", "x'FF0080'", "''"])
        }
    }

    /// The beginning of a text, or all of it.
    private mutating func cut(_ text: String) -> String {
        next(2) == 0 ? text : String(text.prefix(Int(next(UInt64(text.count) + 1))))
    }

    private func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            + "'"
    }
}

extension RecordedEvent {
    /// The event as a row of the table.
    fileprivate var row: [SQLiteValue] {
        [
            .integer(Int64(position.number)), .text(stream.text), .text(stream.category.text),
            .integer(Int64(sequence.number)), .text(id.description), .text(type.text),
            .integer(Int64(revision)), .text(eventTime.description),
            .text(recordedTime.description),
            payload.contains(0) || payload.contains(0xFF)
                ? .blob(payload) : .text(String(decoding: payload, as: UTF8.self)),
            metadata.isEmpty ? .null : .text(String(decoding: metadata, as: UTF8.self)),
        ]
    }
}
