public import Aggregates
public import EventModel
import EventSchema
import EventStorage
public import ReadModels
public import SQLiteDatabase
public import Testing

/// Begins a scenario with a projection that has seen nothing.
///
/// ```swift
/// try given(Revenue())
///     .when(Subscription.self, [.paymentReceived(invoice: "7", plan: .team, amountCents: 4900)])
///     .thenTable("revenue", [["2026-01", "team", 4900]])
/// ```
/// - Parameter projection: the projection; its tables are made in an empty SQLite database.
/// - Returns: the projection, to which events can happen.
public func given(_ projection: any Projection) -> ProjectionScenario {
    ProjectionScenario(projection)
}

/// A projection and the events that it handles.
///
/// A value: each expectation shows the projection all events, as a processor does, in a database of
/// its own and in one transaction. A projection that finds something to do for an event of a type
/// that it does not name fails: plans of replays count the types that it names.
///
/// As in a program, it sees the events of every aggregate that the scenario names in their current
/// form, by the aggregate's upcasters.
public struct ProjectionScenario: Sendable {
    /// The event time of the first event where none is given: the start of 2026.
    public static let startTime = Timestamp(microseconds: 1_767_225_600_000_000)

    private let projection: any Projection
    private var entries: [AppendRequest.Entry] = []
    private var upcastings: [Category: Upcasting] = [:]
    private var replay: ReplayContext?
    private var nextTime = ProjectionScenario.startTime

    init(_ projection: any Projection) {
        self.projection = projection
    }

    /// Lets something happen to an aggregate.
    ///
    /// - Parameters:
    ///   - type: the aggregate, whose codec stores the events.
    ///   - events: what happens, in order, each a second after the one before.
    ///   - identifier: which one; its stream goes on where it ended.
    ///   - time: when the first happens, as in `2026-01-31T12:00:00Z`; nothing: a second after
    ///     the last event before, or 2026-01-01T00:00:00Z.
    ///   - sourceLocation: the step in the test, for the failure.
    /// - Returns: the projection with these events after those before.
    /// - Throws: ``ScenarioFailure`` for an event that cannot be stored or comes back as another,
    ///   and for a text that is no time.
    public func when<Root: Aggregate>(
        _ type: Root.Type,
        _ events: [Root.Event],
        for identifier: String = "1",
        at time: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> ProjectionScenario {
        let contents = try Root.codec.stored(events, at: sourceLocation).map(\.content)
        return try naming(type)
            .adding(contents, to: Root.stream(identifier), time, sourceLocation)
    }

    /// Lets an event happen to an aggregate as a store may still hold it.
    ///
    /// - Parameters:
    ///   - type: the aggregate, whose upcasters make the event current.
    ///   - stored: the stored name.
    ///   - revision: which form of the type it is, from 1.
    ///   - json: the payload.
    ///   - identifier: which one; its stream goes on where it ended.
    ///   - time: when it happens, as in `2026-01-31T12:00:00Z`; nothing: a second after the last
    ///     event before, or 2026-01-01T00:00:00Z.
    ///   - sourceLocation: the step in the test, for the failure.
    /// - Returns: the projection with this event after those before.
    /// - Throws: ``ScenarioFailure`` for a text that is no time.
    public func when<Root: Aggregate>(
        _ type: Root.Type,
        stored: EventType,
        revision: UInt32 = 1,
        _ json: String,
        for identifier: String = "1",
        at time: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> ProjectionScenario {
        let content = EventContent(stored, revision, json)
        return try naming(type).adding([content], to: Root.stream(identifier), time, sourceLocation)
    }

    /// Lets an event happen in any stream, as a store may still hold it.
    ///
    /// - Parameters:
    ///   - type: the stored name.
    ///   - revision: which form of the type it is, from 1.
    ///   - json: the payload.
    ///   - stream: the stream, which goes on where it ended.
    ///   - time: when it happens, as in `2026-01-31T12:00:00Z`; nothing: a second after the last
    ///     event before, or 2026-01-01T00:00:00Z.
    ///   - sourceLocation: the step in the test, for the failure.
    /// - Returns: the projection with this event after those before.
    /// - Throws: ``ScenarioFailure`` for a text that is no time.
    public func when(
        stored type: EventType,
        revision: UInt32 = 1,
        _ json: String,
        in stream: StreamName,
        at time: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> ProjectionScenario {
        try adding([EventContent(type, revision, json)], to: stream, time, sourceLocation)
    }

    /// Shows the projection all events in a replay, which it is told the beginning and the end of.
    ///
    /// - Parameter context: what it is told of the replay; nothing in particular where none is
    ///   given.
    /// - Returns: the projection with the same events.
    public func replayed(
        _ context: ReplayContext = ReplayContext(
            operation: EventID(high: 0, low: 0),
            startTime: ProjectionScenario.startTime
        )
    ) -> ProjectionScenario {
        var scenario = self
        scenario.replay = context
        return scenario
    }

    /// Expects what the events ask to be done outside the store, in order, each as kind, key and
    /// payload.
    ///
    /// - Throws: ``ScenarioFailure`` with what was asked for where that is something else.
    @discardableResult
    public func thenEffects(
        _ expected: [[String]],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> ProjectionScenario {
        let asked = try database(sourceLocation).askedEffects()
        guard asked != expected else { return self }
        let lines = asked.map { "asked: \($0.joined(separator: " "))" }
        throw ScenarioFailure(
            "the effects are others",
            lines.isEmpty ? ["asked: nothing"] : lines,
            at: sourceLocation
        )
    }

    private func naming<Root: Aggregate>(_ type: Root.Type) -> ProjectionScenario {
        var scenario = self
        scenario.upcastings[Root.category] = Root.upcasting
        return scenario
    }

    private func database(
        _ sourceLocation: SourceLocation
    ) throws(ScenarioFailure) -> ScenarioDatabase {
        try ScenarioDatabase(
            projection,
            Upcastings(upcastings),
            entries,
            replay: replay,
            at: sourceLocation
        )
    }

    private func adding(
        _ contents: [EventContent],
        to stream: StreamName,
        _ time: String?,
        _ sourceLocation: SourceLocation
    ) throws(ScenarioFailure) -> ProjectionScenario {
        var scenario = self
        if let time {
            guard let start = Timestamp(time) else {
                let message = "\(time) is no time such as 2026-01-31T12:00:00Z"
                throw ScenarioFailure(message, at: sourceLocation)
            }
            scenario.nextTime = start
        }
        for content in contents {
            let event = content.pending(scenario.entries.count, at: scenario.nextTime)
            scenario.entries.append(AppendRequest.Entry(stream: stream, event: event))
            scenario.nextTime = scenario.nextTime.advanced(bySeconds: 1)
        }
        return scenario
    }

    /// Expects the rows of a query, in the query's order.
    ///
    /// - Throws: ``ScenarioFailure`` with the columns that differ, or the rows that are missing
    ///   or too many; also where the projection or the query fails.
    @discardableResult
    public func thenRows(
        _ query: String,
        _ expected: [[SQLiteValue]],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> ProjectionScenario {
        let database = try database(sourceLocation)
        let differences = try database.rows(query).differenceLines(from: expected)
        return try check(differences, "the rows are others", sourceLocation)
    }

    /// Expects the rows of a table, in the order of its columns.
    ///
    /// - Throws: ``ScenarioFailure`` with the columns that differ, or the rows that are missing
    ///   or too many; also where the projection fails or has no such table.
    @discardableResult
    public func thenTable(
        _ name: String,
        _ expected: [[SQLiteValue]],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> ProjectionScenario {
        let database = try database(sourceLocation)
        let differences = try database.rows(ofTable: name).differenceLines(from: expected)
        return try check(differences, "the rows of \(name) are others", sourceLocation)
    }

    /// Expects that handling all events a second time leaves every table as it is, and that the
    /// projection says so.
    ///
    /// - Throws: ``ScenarioFailure`` with the columns that differ, or the rows that are missing
    ///   or too many; also where the projection fails.
    @discardableResult
    public func thenIsIdempotent(
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> ProjectionScenario {
        guard projection.isIdempotent else {
            let message = "\(projection.name) does not say that it is idempotent"
            throw ScenarioFailure(message, at: sourceLocation)
        }
        let database = try database(sourceLocation)
        let once = try database.tables()
        try database.handleAll()
        let differences = zip(once, try database.tables()).flatMap { once, twice in
            twice.rows.differenceLines(from: once.rows.rows).map { "\(once.name)\($0)" }
        }
        return try check(differences, "handling the events again changes rows", sourceLocation)
    }

    private func check(
        _ differences: [String],
        _ message: String,
        _ sourceLocation: SourceLocation
    ) throws(ScenarioFailure) -> ProjectionScenario {
        guard differences.isEmpty else {
            throw ScenarioFailure(message, differences, at: sourceLocation)
        }
        return self
    }
}
