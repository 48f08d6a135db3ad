import EventModel
import EventStorage
import Processing
import ReadModels
import SQLiteDatabase

/// A projection that a model describes, for events in their current form.
struct ModelProjection: Projection {
    let rules: ProjectionRules

    var name: String { rules.name }
    var tables: [String] { rules.tables.map(\.sql) }
    var eventTypes: [EventType]? { rules.eventTypes }
    var isIdempotent: Bool { rules.isIdempotent }
    var sequencing: SequencingPolicy { rules.sequencing }
    var replayRules: ReplayRules { rules.replay.rules }

    var definition: [String] {
        let handlers = rules.handlers.map { (when: "event", $0) }
        let replays = rules.replay.handlers.map { (when: "replay", $0) }
        let handled = (handlers + replays).flatMap { when, handler in
            [[when], handler.types.names, handler.statements.map(\.sql)].flatMap(\.self)
        }
        return handled + ["begin"] + rules.replay.begin.map(\.sql) + ["end"]
            + rules.replay.end.map(\.sql)
    }

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        try ModelProjectionHandler(rules, in: database)
    }
}

/// The compiled statements of one projection, for one thread.
private final class ModelProjectionHandler: ProjectionHandler {
    private struct Handler {
        let types: TypeMatcher
        let statements: [ModelStatement<BoundName>]

        init(_ rules: ProjectionRules.Handler, in database: SQLiteConnection) throws {
            types = TypeMatcher(rules.types)
            statements = try rules.statements.map {
                try ModelStatement($0, in: database, allowing: BoundName.forProjections)
            }
        }
    }

    private let handlers: [Handler]
    private let replayHandlers: [Handler]
    private let begin: [ModelStatement<ReplayName>]
    private let end: [ModelStatement<ReplayName>]
    private let binder = EventBinder()

    init(_ rules: ProjectionRules, in database: SQLiteConnection) throws {
        try database.restrict(to: ModelCheck.restrictions(allowsSchemaChanges: false))
        handlers = try rules.handlers.map { try Handler($0, in: database) }
        replayHandlers = try rules.replay.handlers.map { try Handler($0, in: database) }
        begin = try rules.replay.begin.map {
            try ModelStatement($0, in: database, allowing: ReplayName.allCases)
        }
        end = try rules.replay.end.map {
            try ModelStatement($0, in: database, allowing: ReplayName.allCases)
        }
    }

    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        var isHandled = false
        for handler in handlers where handler.types.matches(event) {
            isHandled = true
            try run(handler.statements, event)
        }
        return isHandled
    }

    func handleReplay(_ event: borrowing EventView) throws -> Bool {
        // Those of named types come first, and run alone.
        for handler in replayHandlers where handler.types.matches(event) {
            try run(handler.statements, event)
            return true
        }
        return false
    }

    private func run(
        _ statements: [ModelStatement<BoundName>],
        _ event: borrowing EventView
    ) throws {
        try binder.withAddresses(of: event) { addresses in
            for statement in statements { try statement.run(for: event, &addresses, binder) }
        }
    }

    func replayBegins(_ replay: ReplayContext) throws {
        for statement in begin { try statement.run(for: replay) }
    }

    func replayEnds(_ replay: ReplayContext) throws {
        for statement in end { try statement.run(for: replay) }
    }
}
