import EventStorage
import ReadModels
import SQLiteDatabase

/// A compiled statement of a projection, for one thread.
struct ModelStatement<Name: ParameterName> {
    private let text: ModelText
    private let statement: SQLiteStatement
    private let names: [Name]

    init(_ text: ModelText, in database: SQLiteConnection, allowing allowed: [Name]) throws {
        do {
            self.text = text
            statement = try database.prepare(text.sql)
            names = try Name.parameters(of: statement, allowing: allowed)
        } catch let error as SQLiteError {
            throw text.failure(error)
        }
    }
}

extension ModelStatement<BoundName> {
    /// Runs it for an event.
    func run(
        for event: borrowing EventView,
        _ addresses: inout EventBinder.Addresses,
        _ binder: EventBinder
    ) throws {
        defer { statement.clearBindings() }
        do {
            try binder.bind(names, of: event, &addresses, to: statement)
            try statement.run()
        } catch let error as SQLiteError {
            throw text.failure(error)
        }
    }
}

extension ModelStatement<ReplayName> {
    /// Runs it for a replay.
    func run(for replay: ReplayContext) throws(ModelExecutionError) {
        defer { statement.clearBindings() }
        do throws(SQLiteError) {
            for (index, name) in names.enumerated() {
                try statement.bind(name.value(in: replay), at: index + 1)
            }
            try statement.run()
        } catch {
            throw text.failure(error)
        }
    }
}
