public import EventModel
public import EventStorage
public import SQLiteDatabase

/// Code that turns events into the rows of a read model.
public protocol Projection: Sendable {
    /// The name of the projection.
    var name: String { get }

    /// The statements that make its tables, indexes and views, one each.
    ///
    /// Names that start with `recount_` belong to Recount.
    var tables: [String] { get }

    /// The types it handles; nothing means every type.
    var eventTypes: [EventType]? { get }

    /// Whether handling an event twice leaves the rows as handling it once, as with upserts keyed
    /// by stream and sequence.
    var isIdempotent: Bool { get }

    /// Prepares what handles events, for the thread that calls, after the tables were made.
    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler
}

/// Handles the events of one projection, on one thread.
public protocol ProjectionHandler: AnyObject {
    /// Changes rows for an event, inside a transaction that commits the token too.
    ///
    /// - Parameters:
    ///   - event: the event, valid only during the call.
    ///   - isReplay: whether the group had decided it before its last reset.
    /// - Returns: whether there was something to do for an event of this type.
    /// - Throws: whatever keeps the event from being handled; nothing of its batch stays then.
    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool
}

extension [any Projection] {
    /// Makes the tables of a group's projections.
    func makeTables(in database: SQLiteConnection) throws {
        for table in flatMap(\.tables) { try database.execute(table, isTrusted: true) }
    }

    /// Prepares what handles events, for the thread that calls.
    func makeHandlers(in database: SQLiteConnection) throws -> [any ProjectionHandler] {
        try map { try $0.makeHandler(in: database) }
    }
}

extension [any ProjectionHandler] {
    /// Shows an event to every handler.
    ///
    /// - Returns: whether one had something to do for it.
    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        var isHandled = false
        for handler in self {
            if try handler.handle(event, isReplay: isReplay) { isHandled = true }
        }
        return isHandled
    }
}
