public import Aggregates
public import EventModel
import EventStorage
public import Processing
public import ReadModels
public import SQLiteDatabase

/// A projection, written in Swift or described by a model, that sees events in their current form.
///
/// An event that has become several is handled as each of them, one that was dropped not at all,
/// all in the transaction of the one stored event.
public struct CurrentProjection: EffectfulProjection {
    private let projection: any Projection
    private let upcastings: Upcastings

    /// Puts upcasters before a projection.
    public init(_ projection: any Projection, _ upcastings: Upcastings) {
        self.projection = projection
        self.upcastings = upcastings
    }

    /// The name of the projection.
    public var name: String { projection.name }

    /// The statements that make its tables.
    public var tables: [String] { projection.tables }

    /// The types it handles, and those of which upcasters may make one; nothing means every type.
    public var eventTypes: [EventType]? {
        projection.eventTypes.map { upcastings.sourceTypes(leadingTo: Set($0)).sorted() }
    }

    /// Whether handling an event twice leaves the rows as handling it once.
    public var isIdempotent: Bool { projection.isIdempotent }

    /// Which events must be handled one after the other.
    public var sequencing: SequencingPolicy { projection.sequencing }

    /// What it does with replays of stored types; where it depends on what an event becomes, the
    /// plan of a replay calls it replaced.
    public var replayRules: ReplayRules {
        let rules = projection.replayRules
        guard !upcastings.isEmpty, !rules.areTrivial else { return rules }
        let types = projection.eventTypes
        var policies: [EventType: Set<ReplayPolicy>] = [:]
        for type in rules.namedTypes.union(types ?? []) {
            for source in upcastings.sourceTypes(leadingTo: [type]) {
                policies[source, default: types == nil ? [rules.others] : []]
                    .insert(rules.policy(for: type))
            }
        }
        return ReplayRules(policies.compactMapValues(ReplayPolicy.init), others: rules.others)
    }

    /// What its handlers do, where that is data.
    public var definition: [String] { projection.definition }

    /// The kinds of effects it asks for.
    public var effects: [EffectKind] { projection.effectKinds }

    /// Prepares what handles events, for the thread that calls, after the tables were made.
    public func makeHandler(
        in database: SQLiteConnection,
        asking outbox: EffectOutbox
    ) throws -> any ProjectionHandler {
        let handler = try projection.makeRuledHandler(in: database, asking: outbox)
        return upcastings.isEmpty ? handler : CurrentHandler(handler, upcastings)
    }
}

/// Hands on what a stored event is today.
private final class CurrentHandler: ProjectionHandler {
    private let handler: any ProjectionHandler
    private let upcastings: Upcastings

    init(_ handler: any ProjectionHandler, _ upcastings: Upcastings) {
        self.handler = handler
        self.upcastings = upcastings
    }

    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        var isHandled = false
        try upcastings.forEachCurrent(of: event) { current in
            if try handler.handle(current, isReplay: isReplay) { isHandled = true }
        }
        return isHandled
    }
    func replayBegins(_ replay: ReplayContext) throws { try handler.replayBegins(replay) }

    func replayEnds(_ replay: ReplayContext) throws { try handler.replayEnds(replay) }
}
