import EventModel
import EventStorage
import Processing
package import SQLiteDatabase

/// Hands replays on as the rules of a projection say.
private final class ReplayRouter: ProjectionHandler {
    private let handler: any ProjectionHandler
    /// The named types in UTF-8.
    private let policies: [(type: [UInt8], policy: ReplayPolicy)]
    private let others: ReplayPolicy

    init(_ handler: any ProjectionHandler, _ rules: ReplayRules) {
        self.handler = handler
        policies = rules.namedTypes.map { (Array($0.text.utf8), rules.policy(for: $0)) }
        others = rules.others
    }

    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        guard isReplay else { return try handler.handle(event, isReplay: false) }
        switch policy(of: event) {
        case .handled: return try handler.handle(event, isReplay: true)
        case .muted: return false
        case .replaced: return try handler.handleReplay(event)
        }
    }

    func replayBegins(_ replay: ReplayContext) throws { try handler.replayBegins(replay) }

    func replayEnds(_ replay: ReplayContext) throws { try handler.replayEnds(replay) }

    private func policy(of event: borrowing EventView) -> ReplayPolicy {
        for entry in policies where event.type.equals(entry.type) { return entry.policy }
        return others
    }
}

extension Projection {
    /// Prepares what handles events, replays as the projection's rules say.
    package func makeRuledHandler(
        in database: SQLiteConnection,
        asking outbox: EffectOutbox = EffectOutbox()
    ) throws -> any ProjectionHandler {
        let handler =
            try (self as? any EffectfulProjection)?.makeHandler(in: database, asking: outbox)
            ?? makeHandler(in: database)
        return replayRules.areTrivial ? handler : ReplayRouter(handler, replayRules)
    }
}
