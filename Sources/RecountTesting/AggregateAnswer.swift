public import Aggregates
import EventModel
import EventSchema
import JSON
public import Testing

/// What an aggregate says to a command: events, or a rejection.
public struct AggregateAnswer<Root: Aggregate>: Sendable {
    enum Outcome: Sendable {
        case events([StoredEvent<Root.Event>])
        case rejected(Root.Rejection)
    }

    private let outcome: Outcome
    private let scenario: AggregateScenario<Root>

    init(_ outcome: Outcome, after scenario: AggregateScenario<Root>) {
        self.outcome = outcome
        self.scenario = scenario
    }

    /// Expects these events and no others, in this order.
    ///
    /// - Throws: ``ScenarioFailure`` with the parts of the events that differ, or with the
    ///   rejection.
    @discardableResult
    public func then(
        _ expected: [Root.Event],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> AggregateAnswer {
        let stored = try Root.codec.stored(expected, at: sourceLocation)
        return try check(.events(stored), at: sourceLocation)
    }

    /// Expects that there was nothing to do.
    ///
    /// - Throws: ``ScenarioFailure`` with the events or the rejection.
    @discardableResult
    public func thenNothing(
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> AggregateAnswer {
        try check(.events([]), at: sourceLocation)
    }

    /// Expects a rejection.
    ///
    /// - Throws: ``ScenarioFailure`` with the parts of the rejection that differ, or with the
    ///   events.
    @discardableResult
    public func thenRejects(
        _ expected: Root.Rejection,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> AggregateAnswer {
        try check(.rejected(expected), at: sourceLocation)
    }

    /// Expects a state after the command, as ``AggregateScenario`` does.
    ///
    /// - Throws: ``ScenarioFailure`` with the fields that differ.
    @discardableResult
    public func thenState(
        _ expected: Root,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> AggregateAnswer {
        try scenario.thenState(expected, sourceLocation: sourceLocation)
        return self
    }

    /// Expects something of the state after the command, as ``AggregateScenario`` does.
    ///
    /// - Throws: ``ScenarioFailure`` with the fields of the state where it does not hold.
    @discardableResult
    public func thenState(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ holds: (Root) -> Bool
    ) throws(ScenarioFailure) -> AggregateAnswer {
        try scenario.thenState(sourceLocation: sourceLocation, holds)
        return self
    }

    /// Asks the aggregate, as it is after this command, to carry out another.
    ///
    /// - Throws: ``ScenarioFailure`` where the answer is neither a rejection nor events that can
    ///   be stored.
    public func when(
        _ command: Root.Command,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws(ScenarioFailure) -> AggregateAnswer {
        try scenario.when(command, sourceLocation: sourceLocation)
    }

    private func check(
        _ expected: Outcome,
        at sourceLocation: SourceLocation
    ) throws(ScenarioFailure) -> AggregateAnswer {
        let differences = expected.differenceLines(to: outcome)
        guard differences.isEmpty else {
            throw ScenarioFailure("the answer is another", differences, at: sourceLocation)
        }
        return self
    }
}

extension AggregateAnswer.Outcome {
    /// The places at which another outcome differs, one line each.
    fileprivate func differenceLines(to actual: AggregateAnswer.Outcome) -> [String] {
        switch (self, actual) {
        case (.rejected(let expected), .rejected(let actual)):
            RecountTesting.differenceLines(from: expected, to: actual, below: "rejected")
        case (.events(let expected), .events(let actual))
        where areEqual(expected.map(\.event), actual.map(\.event)) == true:
            []
        default:
            json.differences(to: actual.json).map { $0.line() }
        }
    }

    private var json: JSONValue {
        switch self {
        case .events(let stored):
            let events = stored.map(\.content).map { content -> JSONValue in
                let payload = JSONValue(payload: content.payload)
                return .object([content.form.type.text: payload])
            }
            return .object(["events": .array(events)])
        case .rejected(let rejection):
            return .object(["rejected": JSONValue(of: rejection)])
        }
    }
}
