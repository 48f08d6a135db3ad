import Aggregates
import EventModel
import EventStorage
import Processing
import ReadModels
import SQLiteDatabase
import Testing

/// The tables of a projection that has handled events, in memory.
///
/// Belongs to the thread that made it.
final class ScenarioDatabase {
    private let projection: any Projection
    private let upcastings: Upcastings
    private let store: InMemoryEventStore
    private let database: SQLiteConnection
    private let handler: any ProjectionHandler
    private let outbox: EffectOutbox
    private let effects = Effects()
    /// The replay in which the events are handled; nothing where they are new.
    private let replay: ReplayContext?
    private let sourceLocation: SourceLocation

    /// Makes the tables and handles the events once.
    init(
        _ projection: any Projection,
        _ upcastings: Upcastings,
        _ entries: [AppendRequest.Entry],
        replay: ReplayContext? = nil,
        at sourceLocation: SourceLocation
    ) throws(ScenarioFailure) {
        self.projection = projection
        self.upcastings = upcastings
        self.replay = replay
        outbox = EffectOutbox(
            group: projection.name,
            kinds: projection.effectKinds,
            sequencing: projection.sequencing
        ) { [effects] in effects.asked.append($0) }
        self.sourceLocation = sourceLocation
        let clock = TestClock()
        store = InMemoryEventStore(now: clock.now)
        do {
            _ = try store.append(AppendRequest(entries: entries))
            database = try SQLiteConnection(
                path: "",
                mode: .inMemory,
                configuration: SQLiteConnection.Configuration(enforcesForeignKeys: true)
            )
            for table in projection.tables { try database.execute(table) }
            handler = try projection.makeRuledHandler(in: database, asking: outbox)
        } catch {
            throw ScenarioFailure("\(error)", at: sourceLocation)
        }
        try handleAll()
    }

    /// Shows the projection what all events are today.
    func handleAll() throws(ScenarioFailure) {
        var failure: String?
        do {
            try database.begin()
            if let replay { try handler.replayBegins(replay) }
            try store.read(EventSelection()) { event in
                do {
                    try upcastings.forEachCurrent(of: event) { event in
                        let isHandled = try handle(event)
                        if isHandled, !isNamed(event.eventType) {
                            let name = projection.name
                            failure = "\(name) handles \(event.eventType) without naming it"
                        }
                    }
                } catch {
                    let type = event.eventType
                    failure = "\(type) in \(event.streamName), sequence \(event.sequence): \(error)"
                }
                return failure == nil ? .more : .stop
            }
            if failure == nil {
                if let replay { try handler.replayEnds(replay) }
                try database.commit()
            }
        } catch {
            failure = "\(error)"
        }
        if let failure { throw ScenarioFailure(failure, at: sourceLocation) }
    }

    private func handle(_ event: borrowing EventView) throws -> Bool {
        try outbox.withAsker(event, isReplay: replay != nil) {
            try handler.handle(event, isReplay: replay != nil)
        }
    }

    /// What the events have asked to be done outside the store, in order: kind, key and payload, of
    /// one event, kind and key the first.
    func askedEffects() -> [[String]] {
        var known: Set<EventID> = []
        return effects.asked.filter { known.insert($0.id).inserted }
            .map { [$0.kind, $0.key, $0.payload] }
    }

    /// What was asked for.
    private final class Effects {
        var asked: [PendingEffect] = []
    }

    private func isNamed(_ type: EventType) -> Bool {
        projection.eventTypes?.contains(type) ?? true
    }

    /// The rows of a query.
    func rows(_ query: String) throws(ScenarioFailure) -> TableRows {
        do {
            let statement = try database.prepare(query)
            var rows: [[SQLiteValue]] = []
            while try statement.step() {
                rows.append((0..<statement.columnCount).map { statement.value(at: $0) })
            }
            return TableRows(columns: statement.columnNames, rows: rows)
        } catch {
            throw ScenarioFailure("\(error)", at: sourceLocation)
        }
    }

    /// The rows of a table in the order of its columns.
    func rows(ofTable name: String) throws(ScenarioFailure) -> TableRows {
        let columns = try rows("SELECT * FROM \(quoted(name)) LIMIT 0").columns
        return try rows(
            "SELECT * FROM \(quoted(name)) ORDER BY \(columns.map(quoted).joined(separator: ", "))"
        )
    }

    /// The rows of every table, in the order of the tables' names.
    func tables() throws(ScenarioFailure) -> [(name: String, rows: TableRows)] {
        let names = """
            SELECT name FROM sqlite_schema
            WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
            """
        var tables: [(name: String, rows: TableRows)] = []
        for row in try rows(names).rows {
            guard case .text(let name) = row[0] else { continue }
            tables.append((name, try rows(ofTable: name)))
        }
        return tables
    }
}

/// A name as SQL takes it, whatever it is made of.
private func quoted(_ name: String) -> String {
    let doubled = name.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"\(doubled.joined(separator: "\"\""))\""
}
