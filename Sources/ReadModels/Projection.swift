public import EventModel
public import EventStorage
public import Processing
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

    /// Which events must be handled one after the other; those of a stream unless told otherwise.
    var sequencing: SequencingPolicy { get }

    /// What it does with events that are replays; the same as with new ones unless told otherwise.
    ///
    /// Plans of replays tell what these rules mute and replace.
    var replayRules: ReplayRules { get }

    /// What its handlers do, where that is data such as statements; nothing where it is code.
    ///
    /// By this a comparison of rows tells that they were made by other rules.
    var definition: [String] { get }

    /// Prepares what handles events, for the thread that calls, after the tables were made.
    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler
}

extension Projection {
    /// The events of a stream are handled one after the other.
    public var sequencing: SequencingPolicy { .perStream }

    /// A replay is handled as a new event is.
    public var replayRules: ReplayRules { ReplayRules() }

    /// Code, of which nothing is known.
    public var definition: [String] { [] }
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

    /// Changes rows for a replay of an event whose type the projection's rules call
    /// ``ReplayPolicy/replaced``, as ``handle(_:isReplay:)`` does otherwise.
    func handleReplay(_ event: borrowing EventView) throws -> Bool

    /// Changes rows before the first event of a replay, in the transaction that begins it; on
    /// empty tables, unless the replay is partial.
    ///
    /// - Throws: whatever keeps the replay from being begun; then nothing has changed.
    func replayBegins(_ replay: ReplayContext) throws

    /// Changes rows after the last event of a replay, once, in the transaction that ends it or
    /// puts the rows made beside those in use in their place.
    ///
    /// - Throws: whatever keeps the replay from ending. The group handles nothing more and tries it
    ///   again later and later; rows made beside those in use are given up.
    func replayEnds(_ replay: ReplayContext) throws
}

extension ProjectionHandler {
    /// A replay is handled as every event is.
    public func handleReplay(_ event: borrowing EventView) throws -> Bool {
        try handle(event, isReplay: true)
    }

    /// Nothing is done.
    public func replayBegins(_ replay: ReplayContext) throws {}

    /// Nothing is done.
    public func replayEnds(_ replay: ReplayContext) throws {}
}

extension [any Projection] {
    /// Which events of the group must be handled one after the other: all of them where its
    /// projections differ.
    var sequencing: SequencingPolicy {
        let policy = first?.sequencing ?? .perStream
        return allSatisfy { $0.sequencing == policy } ? policy : .oneAtATime
    }

    /// The types that one of them handles, sorted; nothing means every type.
    var handledTypes: [EventType]? {
        var types: Set<EventType> = []
        for projection in self {
            guard let handled = projection.eventTypes else { return nil }
            types.formUnion(handled)
        }
        return types.sorted()
    }

    /// Makes the tables of a group's projections.
    func makeTables(in database: SQLiteConnection) throws {
        for table in flatMap(\.tables) { try database.execute(table, isTrusted: true) }
    }
}
