import Disk
import EventLog
import EventModel
import EventStorage
import OperationsModel
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase

@testable import Operations

/// A store of many events, and groups that change rows in many ways.
struct ReplayFixture {
    let directory = TemporaryDirectory()
    let clock = TestClock()
    let log: EventLog
    let operations: StoreOperations

    init(_ projections: [any Projection]) throws {
        log = try EventLog.create(
            StoreDirectory(directory.path + "/test.store"),
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: 4 << 20),
            now: clock.now
        )
        let places = log.directory.groups
        let groups = projections.map { projection in
            ReadModelGroup(name: projection.name, directory: places) { [projection] }
        }
        operations = StoreOperations(log: log, domain: Domain(groups: groups), now: clock.now)
    }

    /// Appends events one by one to streams by turns, some of them the system's.
    func append(_ count: UInt64) throws {
        let first = try log.head().number
        for number in first..<first + count {
            let stream = number % 7 == 6 ? "$operations" : "cart-\(number % 5)"
            _ = try log.append(TestEvents.request(1, to: stream, from: number))
            clock.advance(bySeconds: 1)
        }
    }

    func replay(
        _ group: String,
        at point: ReadModelPoint = .position(.start),
        historySizeMax: Int = 64 << 20,
        historyCount: UInt64 = 20,
        comparedCountMax: Int64 = 100_000
    ) throws -> InteractiveReplay {
        try InteractiveReplay(
            operations,
            group: group,
            at: point,
            options: InteractiveReplayOptions(
                changeCountMax: 100_000,
                historySizeMax: historySizeMax,
                historyCount: historyCount,
                comparedCountMax: comparedCountMax
            )
        )
    }
}

/// A projection made of tables and a closure.
struct ScriptedProjection: Projection {
    let name: String
    let tables: [String]
    var eventTypes: [EventType]?
    let isIdempotent = false
    /// The statements for an event with a number, which gives them its own parameter.
    let statements: @Sendable (_ number: UInt64, _ type: String) throws -> [String]

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        Handler(self, database)
    }

    private final class Handler: ProjectionHandler {
        private let projection: ScriptedProjection
        private let database: SQLiteConnection
        private var prepared: [String: SQLiteStatement] = [:]

        init(_ projection: ScriptedProjection, _ database: SQLiteConnection) {
            self.projection = projection
            self.database = database
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            guard isReplay else { throw ScriptedFailure("a scratch copy is always a replay") }
            let number = event.position.number
            let statements = try projection.statements(number, event.type.text)
            for sql in statements {
                let statement = try prepared[sql] ?? database.prepare(sql)
                prepared[sql] = statement
                for index in statement.parameterNames.indices {
                    try statement.bind(integer: Int64(number), at: index + 1)
                }
                try statement.run()
            }
            return !statements.isEmpty
        }
    }
}

/// Numbers its rows from what it knows by heart, as a handler may that is the only one to write.
struct CachingProjection: Projection {
    let name = "caching"
    let tables = ["CREATE TABLE numbered (n INTEGER PRIMARY KEY, position INTEGER)"]
    let eventTypes: [EventType]? = nil
    let isIdempotent = false

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        let last = try database.prepare("SELECT ifnull(max(n), 0) FROM numbered")
        _ = try last.step()
        let insert = try database.prepare("INSERT INTO numbered VALUES (?, ?)")
        return Handler(last.integer(at: 0), insert)
    }

    private final class Handler: ProjectionHandler {
        private var count: Int64
        private let insert: SQLiteStatement

        init(_ count: Int64, _ insert: SQLiteStatement) {
            self.count = count
            self.insert = insert
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            count += 1
            try insert.run(.integer(count), .integer(Int64(event.position.number)))
            return true
        }
    }
}

struct ScriptedFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension ScriptedProjection {
    /// Rows of every kind: with a key and without, counted, replaced, followed by triggers.
    static let varied = ScriptedProjection(
        name: "varied",
        tables: [
            "CREATE TABLE keyed (k TEXT PRIMARY KEY, n REAL)",
            "CREATE TABLE bare (a, b)",
            "CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, a)",
            "CREATE TABLE compact (a, b, c, PRIMARY KEY (b, a)) WITHOUT ROWID",
            """
            CREATE TRIGGER follow AFTER DELETE ON counted BEGIN
                INSERT INTO bare VALUES (old.id, old.a);
            END
            """,
            "CREATE INDEX byValue ON keyed (n)",
        ],
        statements: { number, type in
            switch type {
            case "Tested0":
                [
                    "INSERT INTO keyed VALUES (?1 % 11, 1) ON CONFLICT DO UPDATE SET n = n + ?1",
                    "INSERT INTO counted (a) VALUES (?)",
                ]
            case "Tested1":
                [
                    "REPLACE INTO keyed VALUES (?1 % 5, ?1)",
                    "REPLACE INTO compact VALUES (?1 % 3, ?1 % 4, ?1)",
                    "DELETE FROM counted WHERE a % 3 = ?1 % 3",
                ]
            case _ where number % 4 == 0:
                [
                    "DELETE FROM keyed WHERE k = ?1 % 11", "INSERT INTO bare VALUES (NULL, ?)",
                    "DELETE FROM bare WHERE rowid = ?1 % 13", "INSERT INTO keyed VALUES (NULL, ?)",
                ]
            case _ where number % 50 == 1: ["DELETE FROM bare", "DELETE FROM counted"]
            default: []
            }
        }
    )

    /// Counts, and keeps words in a virtual table, which cannot be followed.
    static let words = ScriptedProjection(
        name: "words",
        tables: [
            "CREATE TABLE counts (type TEXT PRIMARY KEY, n INTEGER)",
            "CREATE VIRTUAL TABLE found USING fts5(text)",
        ],
        statements: { _, type in
            [
                "INSERT INTO counts VALUES ('\(type)', 1) ON CONFLICT DO UPDATE SET n = n + 1",
                "INSERT INTO found VALUES ('word' || ?)",
            ]
        }
    )

    /// Makes tables while it runs.
    static let growing = ScriptedProjection(
        name: "growing",
        tables: ["CREATE TABLE counts (type TEXT PRIMARY KEY, n INTEGER)"],
        statements: { number, type in
            let made = "t\(number / 20)"
            return [
                "CREATE TABLE IF NOT EXISTS \(made) (a PRIMARY KEY)",
                "INSERT INTO \(made) VALUES (?)",
                "INSERT INTO counts VALUES ('\(type)', 1) ON CONFLICT DO UPDATE SET n = n + 1",
            ]
        }
    )
}

/// All rows of some tables.
typealias TableDump = [String: Set<[SQLiteValue]>]

extension InteractiveReplay {
    /// The rows of all tables, each with its number where it has one.
    func dump() throws -> TableDump {
        var dump: TableDump = [:]
        for table in try names() {
            let columns = ["compact", "found"].contains(table) ? "NULL, *" : "rowid, *"
            let statement = try scratch.database.prepare(
                "SELECT \(columns) FROM \(table)",
                isTrusted: true
            )
            var rows: Set<[SQLiteValue]> = []
            while try statement.step() {
                rows.insert((0..<statement.columnCount).map { statement.value(at: $0) })
            }
            dump[table] = rows
        }
        return dump
    }

    /// The tables, without those that a virtual table is made of.
    private func names() throws -> [String] {
        let statement = try scratch.database.prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_%' ESCAPE '\\'",
            isTrusted: true
        )
        var names: [String] = []
        while try statement.step() { names.append(statement.string(at: 0) ?? "") }
        return names
    }
}

extension ReplayFixture {
    /// The bytes of a file of the groups.
    func bytes(of name: String) throws -> [UInt8] {
        let file = try RealDisk().open(log.directory.groups + "/" + name, writable: false)
        return try file.read(0..<file.size())
    }

    /// The files of the groups, sorted.
    func files() throws -> [String] {
        try RealDisk().names(in: log.directory.groups).sorted()
    }
}
