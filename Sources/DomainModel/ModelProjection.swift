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

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        try ModelProjectionHandler(rules, in: database)
    }
}

/// The compiled statements of one projection, for one thread.
private final class ModelProjectionHandler: ProjectionHandler {
    private struct Handler {
        let types: TypeMatcher
        let statements: [Statement]
    }

    private struct Statement {
        let text: ModelText
        let statement: SQLiteStatement
        let names: [BoundName]
    }

    private let handlers: [Handler]
    private let replayHandlers: [Handler]
    private let binder = EventBinder()

    init(_ rules: ProjectionRules, in database: SQLiteConnection) throws {
        try database.restrict(to: ModelCheck.restrictions(allowsSchemaChanges: false))
        handlers = try Self.compile(rules.handlers, in: database)
        replayHandlers = try Self.compile(rules.replay.handlers, in: database)
    }

    private static func compile(
        _ handlers: [ProjectionRules.Handler],
        in database: SQLiteConnection
    ) throws -> [Handler] {
        try handlers.map { handler in
            let statements = try handler.statements.map { text in
                do {
                    let statement = try database.prepare(text.sql)
                    let names = try BoundName.parameters(
                        of: statement,
                        allowing: BoundName.forProjections
                    )
                    return Statement(text: text, statement: statement, names: names)
                } catch let error as SQLiteError {
                    throw text.failure(error)
                }
            }
            return Handler(types: TypeMatcher(handler.types), statements: statements)
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

    private func run(_ statements: [Statement], _ event: borrowing EventView) throws {
        try binder.withAddresses(of: event) { addresses in
            for entry in statements {
                defer { entry.statement.clearBindings() }
                do {
                    try binder.bind(entry.names, of: event, &addresses, to: entry.statement)
                    try entry.statement.run()
                } catch let error as SQLiteError {
                    throw entry.text.failure(error)
                }
            }
        }
    }
}
