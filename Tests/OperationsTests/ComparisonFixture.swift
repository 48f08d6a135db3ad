import Disk
import EventLog
import EventModel
import EventStorage
import OperationsModel
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Synchronization
import Testing

@testable import Operations

/// Rows of several kinds, made by rules that can be exchanged.
struct LedgerProjection: Projection {
    let name = "ledger"
    var tables = [
        "CREATE TABLE totals (stream TEXT PRIMARY KEY, count INTEGER NOT NULL, last)",
        "CREATE TABLE entries (stream, type)",
        "CREATE TABLE pairs (a, b, n, PRIMARY KEY (b, a)) WITHOUT ROWID",
    ]
    var eventTypes: [EventType]? = [TestEvents.type(0), TestEvents.type(1)]
    let isIdempotent = false
    /// The positions whose handling fails.
    var poison: Set<UInt64> = []
    /// What an event adds to a total.
    var step: Int64 = 1
    var definition: [String] { ["adds \(step)"] }

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        Handler(
            projection: self,
            total: try database.prepare(
                """
                INSERT INTO totals VALUES (?1, ?2, ?3)
                ON CONFLICT DO UPDATE SET count = count + ?2, last = ?3
                """
            ),
            entry: try database.prepare("INSERT INTO entries VALUES (?, ?)"),
            pair: try database.prepare("REPLACE INTO pairs VALUES (?1 % 7, ?1 % 3, ?1)")
        )
    }

    private final class Handler: ProjectionHandler {
        private let projection: LedgerProjection
        private let total: SQLiteStatement
        private let entry: SQLiteStatement
        private let pair: SQLiteStatement

        init(
            projection: LedgerProjection,
            total: SQLiteStatement,
            entry: SQLiteStatement,
            pair: SQLiteStatement
        ) {
            self.projection = projection
            self.total = total
            self.entry = entry
            self.pair = pair
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            let number = event.position.number
            guard !projection.poison.contains(number) else { throw LedgerPoison() }
            let stream = SQLiteValue.text(event.streamName.text)
            let type = SQLiteValue.text(event.eventType.text)
            try total.run(stream, .integer(projection.step), .integer(Int64(number)))
            try entry.run(stream, type)
            try pair.run(.integer(Int64(number)))
            return true
        }
    }
}

private struct LedgerPoison: Error, CustomStringConvertible {
    let description = "poison"
}

/// A store on disk with the group `ledger`, whose rules can be exchanged.
final class ComparisonFixture: Sendable {
    let directory = TemporaryDirectory()
    let clock = TestClock()
    let projection = Mutex(LedgerProjection())
    let log: EventLog

    init() throws {
        log = try EventLog.create(
            StoreDirectory(directory.path + "/test.store"),
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: 4 << 20),
            now: clock.now
        )
    }

    /// A store with events that the group has handled.
    convenience init(caughtUp count: UInt64) throws {
        try self.init()
        try append(count)
        try run()
    }

    var group: ReadModelGroup {
        ReadModelGroup(name: "ledger", directory: log.directory.groups) { [self] in
            [projection.withLock { $0 }]
        }
    }

    var operations: StoreOperations {
        StoreOperations(
            log: log,
            domain: Domain(groups: [group]),
            identity: OperatorIdentity(name: "ana", host: "here"),
            now: clock.now
        )
    }

    /// Appends events one by one to five streams by turns.
    func append(_ count: UInt64) throws {
        let first = try log.head().number
        for number in first..<first + count {
            _ = try log.append(TestEvents.request(1, to: "cart-\(number % 5)", from: number))
        }
    }

    /// Lets the group handle and obey everything there is, and retry what is due.
    func run(_ body: (ProcessorHost) throws -> Void = { _ in }) throws {
        let host = ProcessorHost([group], store: log, process: 4711, now: clock.now)
        defer { host.stop() }
        _ = try host.waitUntilDecided(log.head())
        try body(host)
    }

    /// Asks for an operation and lets the group obey it; what came of it.
    @discardableResult
    func obey(_ kind: OperationRequest.Kind) throws -> String {
        let operations = self.operations
        let id = try operations.request(OperationRequest(kind, reason: "test"))
        var outcome = ""
        try run { host in
            let entry = try operations.waitForOutcome(of: id, timeoutMilliseconds: 60_000)
            _ = try host.waitUntilDecided(log.head())
            outcome = "\(try #require(entry).outcome)"
        }
        return outcome
    }

    /// Changes rows in use by hand.
    func change(_ sql: String) throws {
        let database = try SQLiteConnection(path: group.files.database, mode: .readWriteCreate)
        try database.execute(sql)
    }

    func compare(
        _ counterpart: ReadModelComparisonRequest.Counterpart = .rebuilt,
        table: String? = nil,
        progress: @escaping (ReadModelComparisonStage) -> Bool = { _ in true }
    ) throws -> ReadModelComparison {
        let request = ReadModelComparisonRequest(
            group: "ledger",
            counterpart: counterpart,
            table: table
        )
        return try operations.compare(request, progress: progress)
    }

    /// The digest of the rows in use.
    func digest() throws -> Digest {
        try #require(try group.openRows(.inUse)).rows.digest().digest
    }
}
