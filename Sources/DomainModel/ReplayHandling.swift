import EventModel
import ReadModels

/// What a projection does differently in a replay, as a model says.
struct ReplayHandling: Hashable, Sendable {
    /// What runs for replays of some types in the place of what runs for new events, those of
    /// named types first; without statements, nothing does.
    let handlers: [ProjectionRules.Handler]
    /// What runs before the first event of a replay.
    let begin: [ModelText]
    /// What runs after the last one.
    let end: [ModelText]

    init(
        handlers: [ProjectionRules.Handler] = [],
        begin: [ModelText] = [],
        end: [ModelText] = []
    ) {
        self.begin = begin
        self.end = end
        self.handlers =
            handlers.filter { $0.types != .all } + handlers.filter { $0.types == .all }
    }

    var rules: ReplayRules {
        var policies: [EventType: ReplayPolicy] = [:]
        var others = ReplayPolicy.handled
        for handler in handlers {
            let policy = handler.statements.isEmpty ? ReplayPolicy.muted : .replaced
            switch handler.types {
            case .all: others = policy
            case .some(let types): for type in types { policies[type] = policy }
            }
        }
        return ReplayRules(policies, others: others)
    }
}
