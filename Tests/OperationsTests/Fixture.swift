import Aggregates
import EventLog
import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase

@testable import Operations

/// A store on disk with two groups, `careful` and `simple`, and the answers about it.
struct Fixture {
    static let id = EventID(high: 1, low: 2)
    let directory = TemporaryDirectory()
    let clock = TestClock()
    let log: EventLog
    let operations: StoreOperations

    var places: StoreDirectory { StoreDirectory(directory.path + "/test.store") }

    init(groups names: [String] = ["simple", "careful"]) throws {
        let places = StoreDirectory(directory.path + "/test.store")
        log = try EventLog.create(
            places,
            id: Fixture.id,
            options: LogOptions(testing: 1 << 20),
            now: clock.now
        )
        operations = Fixture.operations(log, clock, names)
    }

    static func operations(
        _ log: EventLog,
        _ clock: TestClock,
        _ names: [String] = ["simple", "careful"]
    ) -> StoreOperations {
        let groups = names.map { name in
            ReadModelGroup(name: name, directory: log.directory.groups) {
                [SeenProjection(name: name, isIdempotent: name == "careful")]
            }
        }
        return StoreOperations(
            log: log,
            domain: Domain(groups: groups),
            identity: OperatorIdentity(name: "ana", host: "billing-1"),
            now: clock.now
        )
    }

    /// Appends events with the next numbers to a stream, all at one time.
    @discardableResult
    func append(_ count: Int, to stream: String) throws -> Position {
        let number = try log.head().number
        let request = TestEvents.request(count, to: stream, from: number)
        return try log.append(request).placements.last?.position ?? .start
    }

    /// Appends an event with a payload.
    func append(
        payload: String,
        to stream: String,
        contentType: String = PendingEvent.contentTypeJSON
    ) throws {
        var event = TestEvents.event(try log.head().number)
        event.contentType = contentType
        event.payload = Array(payload.utf8)
        _ = try log.append(AppendRequest([event], to: StreamName(stream)))
    }

    /// Lets groups handle and obey everything there is.
    func run(_ names: String...) throws {
        let groups = operations.domain.groups.filter { names.contains($0.name) }
        let host = ProcessorHost(groups, store: log, process: 4711, now: clock.now)
        defer { host.stop() }
        _ = try host.waitUntilDecided(log.head())
    }

    /// Stores a group's progress as if it had run; where nothing is said of its events, it has
    /// handled all.
    func store(
        _ stored: GroupProgress,
        of name: String,
        failure: String? = nil
    ) throws {
        var progress = stored
        if progress.accounting.total == 0 {
            let last = progress.token.decidedPosition
            let count = last.number - progress.accountedFrom.number
            progress.segments[0].accounting.handled = count
        }
        let storage = try operations.group(name).open()
        try storage.begin()
        try storage.reset()
        try storage.commit(progress)
        try storage.storeFailure(failure)
    }
}

/// Counts events of two types.
private struct SeenProjection: Projection {
    let name: String
    let isIdempotent: Bool
    let tables = ["CREATE TABLE seen (type TEXT PRIMARY KEY, count INTEGER NOT NULL)"]
    var eventTypes: [EventType]? { [TestEvents.type(0), TestEvents.type(1)] }

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        let statement = try database.prepare(
            "INSERT INTO seen VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1"
        )
        return Handler(statement)
    }

    private final class Handler: ProjectionHandler {
        private let statement: SQLiteStatement

        init(_ statement: SQLiteStatement) {
            self.statement = statement
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            guard event.eventType != TestEvents.type(2) else { return false }
            try statement.bind(text: event.eventType.text, at: 1)
            try statement.run()
            return true
        }
    }
}
