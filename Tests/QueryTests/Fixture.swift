import EventLog
import EventModel
import EventStorage
import Operations
import OperationsModel
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase

/// A store on disk with groups, and questions to it in SQL.
struct Fixture {
    let directory = TemporaryDirectory()
    let clock = TestClock()
    let store: EventLog
    let operations: StoreOperations

    init(groups names: [String] = []) throws {
        store = try EventLog.create(
            StoreDirectory(directory.path + "/test.store"),
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: 8 << 20),
            now: clock.now
        )
        let path = directory.path
        let groups = names.map { name in
            ReadModelGroup(name: name, directory: path) { [CountingProjection()] }
        }
        operations = StoreOperations(
            log: store,
            domain: Domain(groups: groups),
            now: clock.now
        )
    }

    /// Lets groups handle everything.
    func run(_ names: String...) throws {
        let groups = operations.domain.groups.filter { names.contains($0.name) }
        let host = ProcessorHost(groups, store: store, process: 1, now: clock.now)
        defer { host.stop() }
        let stuck = try host.waitUntilDecided(store.head())
        precondition(stuck.isEmpty, "The groups can decide everything.")
    }

    func rows(
        _ sql: String,
        limits: QueryLimits = QueryLimits()
    ) throws(OperationsError) -> [[SQLiteValue]] {
        var rows: [[SQLiteValue]] = []
        _ = try QueryConnection(operations, limits: limits).run(sql) { _, values in
            rows.append(values)
            return true
        }
        return rows
    }

    func positions(_ sql: String) throws -> [UInt64] {
        try rows(sql).map { $0[0].number }
    }

    func number(_ sql: String) throws -> UInt64 {
        try rows(sql)[0][0].number
    }
}

extension SQLiteValue {
    var number: UInt64 {
        guard case .integer(let value) = self else { return .max }
        return UInt64(clamping: value)
    }
}

/// Counts events by type.
private struct CountingProjection: Projection {
    let name = "counts"
    let tables = [
        "CREATE TABLE counts (type TEXT PRIMARY KEY, count INTEGER NOT NULL)",
        "CREATE TABLE events (note TEXT)",
        "CREATE VIEW frequent AS SELECT type FROM counts WHERE count > 50",
    ]
    let eventTypes: [EventType]? = nil
    let isIdempotent = false

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        let upsert = try database.prepare(
            "INSERT INTO counts VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1"
        )
        return Handler(upsert)
    }

    private final class Handler: ProjectionHandler {
        private let upsert: SQLiteStatement

        init(_ upsert: SQLiteStatement) {
            self.upsert = upsert
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            try upsert.bind(text: event.eventType.text, at: 1)
            try upsert.run()
            return true
        }
    }
}
