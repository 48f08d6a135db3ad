public import EventModel
public import EventStorage
public import SQLiteDatabase

/// A private copy of a group's read model as of a position, which can be stepped forwards and back.
///
/// It lies in a temporary database: nobody else sees it, and nothing of it is left when it is gone
/// or the process ends, however that happens. Its handlers are told that every event is a replay,
/// so that effects elsewhere stay muted. For use by one thread at a time.
public final class ScratchReadModel {
    /// The tables, for reading.
    public let database: SQLiteConnection
    /// Whether a failure has undone more than its event, so that the copy is good for nothing.
    public private(set) var isLost = false
    private let projections: [any Projection]
    private var handlers: HandlerChain?
    /// The events that are not handled: those that the group has put aside or skips.
    public var putAside: Set<Position>
    private var recorder: SQLiteChangeRecorder?
    private var place = ScratchHistory.Place()
    private var history: ScratchHistory

    /// The events of one transaction at most.
    private static let batchCount: UInt64 = 2000

    /// Makes the empty tables, or a copy of others.
    ///
    /// - Parameters:
    ///   - projections: what handles the events.
    ///   - putAside: the events that are not handled, as the group does not.
    ///   - historySizeMax: the bytes of memory that the way back may take.
    ///   - original: the rows to begin with and the last position decided in them; nothing to begin
    ///     with none before the first event.
    /// - Throws: what SQLite reports of database or tables.
    init(
        _ projections: [any Projection],
        without putAside: Set<Position>,
        historySizeMax: Int,
        copying original: (database: SQLiteConnection, position: Position)? = nil
    ) throws {
        self.projections = projections
        self.putAside = putAside
        history = ScratchHistory(sizeMax: historySizeMax)
        database = try SQLiteConnection(
            path: "",
            mode: .temporary,
            configuration: SQLiteConnection.Configuration(
                synchronization: .off,
                enforcesForeignKeys: true
            )
        )
        if let original {
            try database.fill(from: original.database)
            place.position = original.position
        } else {
            try projections.makeTables(in: database)
        }
    }

    /// The last position decided.
    public var position: Position { place.position }
    /// How many events were handled since the beginning.
    public var handledCount: UInt64 { place.handledCount }
    /// The position of the last event that was handled.
    public var lastHandledPosition: Position { place.lastHandled }

    /// The tables whose changes cannot be told and not be undone.
    public var unfollowedTables: [String] { recorder?.unfollowedTables ?? [] }

    /// Handles events as fast as it goes, without noting how to get back.
    ///
    /// - Parameters:
    ///   - store: where the events are.
    ///   - last: the last position to decide, which must not be beyond the head.
    ///   - handledMax: how many handled events to stop at, counted from the beginning.
    ///   - progress: called after every batch with the position; says whether to go on.
    /// - Throws: ``ScratchFailure`` for an event that cannot be handled, before which the copy
    ///   stands then; what SQLite and the store report.
    public func build(
        from store: any EventStore,
        through last: Position,
        handling handledMax: UInt64 = .max,
        progress: (Position) -> Bool
    ) throws {
        precondition(recorder == nil, "What is built must not have been stepped.")
        while position < last, handledCount < handledMax {
            let end = min(last, Position(position.number + ScratchReadModel.batchCount))
            do {
                try buildBatch(from: store, through: end, handling: handledMax)
            } catch let failure as ScratchFailure {
                // They may know rows by heart that were rolled back.
                handlers = nil
                let before = Position(failure.position.number - 1)
                try buildBatch(from: store, through: before, handling: handledMax)
                throw failure
            }
            guard progress(position) else { break }
        }
        history.restart(after: position)
    }

    private func buildBatch(
        from store: any EventStore,
        through last: Position,
        handling handledMax: UInt64
    ) throws {
        guard position < last else { return }
        var reached = place
        var failure: (any Error)?
        try database.transaction {
            try store.read(EventSelection(after: position, through: last)) { event in
                do {
                    reached.advance(over: event.position, isHandled: try handle(event))
                    return reached.handledCount < handledMax ? .more : .stop
                } catch let cause {
                    failure = ScratchFailure(event, cause: cause)
                    return .stop
                }
            }
            if let failure { throw failure }
        }
        place = reached
        history.restart(after: position)
    }

    /// Handles events one by one, and notes what they change.
    ///
    /// - Parameters:
    ///   - store: where the events are.
    ///   - last: the last position to decide, which must not be beyond the head.
    ///   - visit: called after every event, with whether it was handled and may have changed rows;
    ///     says whether to go on.
    /// - Throws: ``ScratchFailure`` for an event that cannot be handled, before which the copy
    ///   stands then, unless it is lost; what `visit` throws; what SQLite and the store report.
    public func step(
        from store: any EventStore,
        through last: Position,
        visit: (borrowing EventView, _ isHandled: Bool, _ hasChanged: Bool) throws -> ReadControl
    ) throws {
        let recorder = try follow()
        var failure: (any Error)?
        try database.begin()
        do {
            try store.read(EventSelection(after: position, through: last)) { event in
                do {
                    let (isHandled, hasChanged) = try step(over: event, recorder)
                    if event.position.number % ScratchReadModel.batchCount == 0 {
                        try database.commit()
                        try database.begin()
                    }
                    return try visit(event, isHandled, hasChanged)
                } catch let cause {
                    failure = cause
                    return .stop
                }
            }
        } catch let cause {
            failure = cause
        }
        do {
            try database.commit()
        } catch {
            // Whatever ended the transaction took more events back than one.
            isLost = true
            failure = failure ?? error
        }
        if try recorder.hasSchemaChanged() {
            self.recorder = nil
            history.restart(after: position)
        }
        if let failure { throw failure }
    }

    private func step(
        over event: borrowing EventView,
        _ recorder: SQLiteChangeRecorder
    ) throws -> (isHandled: Bool, hasChanged: Bool) {
        let isHandled: Bool
        do {
            isHandled = try handle(event)
        } catch {
            let failure = ScratchFailure(event, cause: error)
            try undoPart(recorder)
            throw failure
        }
        let changes = try recorder.take()
        let before = place
        place.advance(over: event.position, isHandled: isHandled)
        if isHandled || !changes.isEmpty {
            history.append(
                ScratchHistory.Entry(position: event.position, before: before, changes: changes)
            )
        }
        return (isHandled, !changes.isEmpty || !recorder.unfollowedTables.isEmpty)
    }

    /// Undoes what an event had changed before it failed.
    private func undoPart(_ recorder: SQLiteChangeRecorder) throws {
        let part = try recorder.take()
        let isUndoable = try recorder.unfollowedTables.isEmpty && !recorder.hasSchemaChanged()
        isLost = !database.isInTransaction || !isUndoable
        // They may know rows by heart that are taken back.
        handlers = nil
        guard !isLost else { return }
        try recorder.revert(part)
        _ = try recorder.take()
    }

    private func handle(_ event: borrowing EventView) throws -> Bool {
        if event.isOfSystemStream || putAside.contains(event.position) { return false }
        return try readyHandlers().handle(event, isReplay: true)
    }

    private func readyHandlers() throws -> HandlerChain {
        if let handlers { return handlers }
        let made = try HandlerChain.make(projections, in: database)
        handlers = made
        return made
    }

    /// Sees to it that changes are noted.
    private func follow() throws -> SQLiteChangeRecorder {
        if let recorder { return recorder }
        let made = try SQLiteChangeRecorder(on: database)
        recorder = made
        // Statements that were prepared before would not tell of everything.
        handlers = nil
        return made
    }
}

extension ScratchReadModel {
    /// The rows that differ from what they were at an earlier position; nothing where that is
    /// further back than what was noted.
    public func differences(since earlier: Position) throws -> [SQLiteRowDifference]? {
        guard earlier < position else { return [] }
        guard let recorder, earlier >= history.start else { return nil }
        return try recorder.differences(since: entries(after: earlier).changes)
    }

    /// The rows that differ from those of another copy, found by comparing all of them.
    ///
    /// - Parameters:
    ///   - other: another copy of the same group.
    ///   - rowCountMax: the rows that the tables of each may have together.
    /// - Returns: the rows; nothing where there are more, or other tables.
    /// - Throws: what SQLite reports.
    public func differences(
        from other: ScratchReadModel,
        rowCountMax: Int64
    ) throws -> [SQLiteRowDifference]? {
        let recorder = try follow()
        guard let changes = try recorder.changes(from: other.follow(), rowCountMax: rowCountMax)
        else { return nil }
        return try recorder.differences(since: changes)
    }

    /// Goes back to an earlier position, as far as it was noted how.
    ///
    /// - Returns: the rows that differ from what they were; nothing where the position is further
    ///   back, and nothing was done.
    /// - Throws: what SQLite reports; nothing was done then either.
    public func stepBack(to earlier: Position) throws -> [SQLiteRowDifference]? {
        precondition(earlier <= position, "Back is where positions are smaller.")
        guard earlier >= history.start else { return nil }
        let undone = entries(after: earlier)
        var reached = undone.first?.before ?? place
        reached.position = earlier
        return try undo(undone, reaching: reached)
    }

    /// Goes back to before the last handled events, which is to the one handled before them, as far
    /// as it was noted how.
    ///
    /// - Returns: the rows that differ from what they were; nothing where so many were not noted,
    ///   and nothing was done.
    /// - Throws: what SQLite reports; nothing was done then either.
    public func stepBack(handled count: UInt64) throws -> [SQLiteRowDifference]? {
        precondition(count <= handledCount, "No more events can be undone than were handled.")
        let target = handledCount - count
        let kept = history.entries.partitioningIndex { $0.before.handledCount >= target }
        let undone = history.entries[kept...]
        guard var reached = undone.first?.before, reached.handledCount == target else {
            return nil
        }
        reached.position = reached.lastHandled
        return try undo(undone, reaching: reached)
    }

    private func entries(after earlier: Position) -> ArraySlice<ScratchHistory.Entry> {
        let kept = history.entries.partitioningIndex { $0.position > earlier }
        return history.entries[kept...]
    }

    private func undo(
        _ undone: ArraySlice<ScratchHistory.Entry>,
        reaching reached: ScratchHistory.Place
    ) throws -> [SQLiteRowDifference]? {
        guard unfollowedTables.isEmpty else { return nil }
        var differences: [SQLiteRowDifference] = []
        if let recorder, !undone.isEmpty {
            try database.transaction { try recorder.revert(undone.changes) }
            differences = try recorder.differences(since: recorder.take())
        }
        history.removeLast(undone.count, reaching: reached.position)
        place = reached
        // They may know rows by heart that are others now.
        handlers = nil
        return differences
    }
}

extension ScratchHistory.Place {
    /// Goes over an event.
    fileprivate mutating func advance(over position: Position, isHandled: Bool) {
        self.position = position
        guard isHandled else { return }
        handledCount += 1
        lastHandled = position
    }
}

extension Array {
    /// The index of the first element that a condition holds for, where it holds for all behind.
    fileprivate func partitioningIndex(where condition: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
