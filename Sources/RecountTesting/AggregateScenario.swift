public import Aggregates
public import EventModel
import EventSchema
import EventStorage
import JSON
public import Testing

/// Begins a scenario with what has happened to an aggregate.
///
/// ```swift
/// try given(Subscription.self, [.created(customer: "C1", plan: .team), .activated(plan: .team)])
///     .when(.suspend(reason: "card"))
///     .then([.suspended(reason: "card")])
///     .thenState { $0.status == .suspended }
/// ```
/// Every event of a scenario goes through the aggregate's codec in both directions, and a state
/// that is `Codable` is saved and read again, so that what cannot be stored fails the test that
/// leads to it.
///
/// - Parameters:
///   - type: the aggregate.
///   - events: what has happened to it, in order.
///   - sourceLocation: the step in the test, for the failure.
/// - Returns: the aggregate after these events.
/// - Throws: ``ScenarioFailure`` for an event that cannot be stored or comes back as another.
public func given<Root: Aggregate>(
    _ type: Root.Type,
    _ events: [Root.Event] = [],
    sourceLocation: SourceLocation = #_sourceLocation
) throws(ScenarioFailure) -> AggregateScenario<Root> {
    let stored = try Root.codec.stored(events, at: sourceLocation)
    return try AggregateScenario(stored.map(\.content), at: sourceLocation)
}

/// An aggregate with a history, of which something can be asked.
///
/// A value: asking it changes nothing, so that one scenario serves several commands. Each step
/// runs the aggregate's repository over a store in memory that holds the whole history.
public struct AggregateScenario<Root: Aggregate>: Sendable {
    private static var identifier: String { "1" }

    private let history: [EventContent]
    private let root: Root

    init(_ history: [EventContent], at sourceLocation: SourceLocation) throws(ScenarioFailure) {
        self.history = history
        let repository = try Self.repository(history, at: sourceLocation)
        do {
            root = try repository.load(Self.identifier).root
        } catch {
            throw ScenarioFailure("\(error)", at: sourceLocation)
        }
        try root.checkSnapshot(at: sourceLocation)
    }

    /// The aggregates of a store in which one has a history.
    private static func repository(
        _ history: [EventContent],
        at sourceLocation: SourceLocation
    ) throws(ScenarioFailure) -> AggregateRepository<Root> {
        let clock = TestClock()
        let store = InMemoryEventStore(now: clock.now)
        let events = history.enumerated().map { $1.pending($0, at: nil) }
        do {
            _ = try store.append(AppendRequest(events, to: Root.stream(identifier)))
        } catch {
            throw ScenarioFailure("\(error)", at: sourceLocation)
        }
        return AggregateRepository(store: store, now: clock.now)
    }

    /// Adds an event as a store may still hold it, so that upcasters have something to do.
    ///
    /// ```swift
    /// try given(Subscription.self, [.created(customer: "C1", plan: .team)])
    ///     .given(stored: "SubscriptionSuspended", revision: 1, "{}")
    ///     .thenState { $0.reason == "unknown" }
    /// ```
    /// - Parameters:
    ///   - type: the stored name.
    ///   - revision: which form of the type it is, from 1.
    ///   - json: the payload.
    ///   - sourceLocation: the step in the test, for the failure.
    /// - Returns: the aggregate after this event too.
    /// - Throws: ``ScenarioFailure`` for an event that the aggregate cannot take in.
    public func given(
        stored type: EventType,
        revision: UInt32 = 1,
        _ json: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> AggregateScenario {
        try AggregateScenario(
            history + [EventContent(type, revision, json)],
            at: sourceLocation
        )
    }

    /// Asks the aggregate to carry out a command.
    ///
    /// - Throws: ``ScenarioFailure`` where the answer is neither a rejection nor events that can
    ///   be stored.
    public func when(
        _ command: Root.Command,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> AggregateAnswer<Root> {
        let repository = try Self.repository(history, at: sourceLocation)
        let id = EventID(high: 1, low: UInt64(history.count))
        let events: [Root.Event]
        do {
            let metadata = CommandMetadata(commandID: id)
            events = try repository.handle(command, for: Self.identifier, metadata: metadata).events
        } catch .rejected(let rejection) {
            return AggregateAnswer(.rejected(rejection), after: self)
        } catch {
            throw ScenarioFailure("\(error)", at: sourceLocation)
        }
        let stored = try Root.codec.stored(events, at: sourceLocation)
        let after = try AggregateScenario(history + stored.map(\.content), at: sourceLocation)
        return AggregateAnswer(.events(stored), after: after)
    }

    /// Expects a state.
    ///
    /// - Throws: ``ScenarioFailure`` with the fields that differ.
    @discardableResult
    public func thenState(
        _ expected: Root,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> AggregateScenario {
        let differences = differenceLines(from: expected, to: root)
        guard differences.isEmpty else {
            throw ScenarioFailure("the state is another", differences, at: sourceLocation)
        }
        return self
    }

    /// Expects something of the state.
    ///
    /// - Throws: ``ScenarioFailure`` with the fields of the state where it does not hold.
    @discardableResult
    public func thenState(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ holds: (Root) -> Bool
    ) throws(ScenarioFailure) -> AggregateScenario {
        guard holds(root) else {
            let state = JSONValue(of: root)
            let fields = state.object?.members.map { "\($0.key): \($0.value)" } ?? ["\(state)"]
            throw ScenarioFailure("the state is not as expected", fields, at: sourceLocation)
        }
        return self
    }
}
