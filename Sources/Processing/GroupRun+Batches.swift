import EventModel
import EventSchema
import EventStorage

/// How a group handles events as they come.
extension GroupRun {
    /// How long a transaction goes on taking in events, so that a slow group obeys soon too.
    static let batchTime = Duration.milliseconds(100)

    /// What came of a batch that the machine did not keep from being stored.
    private enum Attempt {
        /// Rows and progress are stored.
        case stored
        /// Nothing is stored, because of one event.
        case failed(Position, cause: String)
        /// Nothing is stored, because of one event or several that are not known.
        case refused(cause: String)
    }

    /// Handles a batch; an event that cannot be handled is put aside, and what would keep every
    /// event from being handled is noted.
    func handle(after position: Position, limit: Int) throws {
        do {
            try handle(after: position, through: Position(position.number + UInt64(limit)))
        } catch let failure as HandlingFailure {
            try note(failure)
        }
    }

    /// Notes what keeps the group where it is, until it is tried again.
    func note(_ failure: HandlingFailure) throws {
        processor.failed(at: failure.position, failure.description, now: now())
        try storeFailure(failure.description)
    }

    private func handle(after position: Position, through last: Position) throws {
        switch try attempt(after: position, through: last) {
        case .stored: return
        case .failed(let failed, let cause):
            let before = Position(failed.number - 1)
            if before > position { try handle(after: position, through: before) }
            guard processor.team.token.position == before else { return }
            try putAside(failed, cause: cause)
        case .refused(let cause):
            try isolate(after: position, through: last, cause: cause)
        }
    }

    /// Finds the event for which a batch was refused as a whole, half by half.
    private func isolate(after position: Position, through last: Position, cause: String) throws {
        guard last.number - position.number > 1 else { return try putAside(last, cause: cause) }
        let middle = Position(position.number + (last.number - position.number) / 2)
        try handle(after: position, through: middle)
        // A half that took too long is not done; the next batch goes on there.
        guard processor.team.token.position == middle else { return }
        try handle(after: middle, through: last)
    }

    private func attempt(after position: Position, through last: Position) throws -> Attempt {
        var batch = makeBatch()
        var progress: GroupProgress
        try storage.begin()
        do {
            let handler = try readyHandler()
            if let (failed, cause) = try take(after: position, through: last, handler, &batch) {
                storage.rollback()
                return .failed(failed, cause: cause)
            }
            try storage.addMarks(batch.marks)
            progress = batch.finish()
            noteRate(of: &progress)
            try storage.commit(progress)
        } catch {
            storage.rollback()
            guard !(error is HandlingFailure), storage.isAboutEvent(error) else { throw error }
            return .refused(cause: String(describing: error))
        }
        try advanced(to: progress)
        return .stored
    }

    /// What handles the events of a transaction.
    func readyHandler() throws -> any GroupHandler {
        do {
            return try storage.handler()
        } catch {
            throw HandlingFailure(error)
        }
    }

    private func makeBatch() -> SegmentBatch {
        SegmentBatch(
            processor.progress,
            processor.team,
            incarnation: store.identity.incarnation
        )
    }

    /// Takes in events, inside a transaction; the event and the cause where one fails.
    private func take(
        after position: Position,
        through last: Position,
        _ handler: any GroupHandler,
        _ batch: inout SegmentBatch
    ) throws -> (Position, cause: String)? {
        var failed: (Position, cause: String)?
        var failure: (any Error)?
        var time = BatchTime(
            GroupRun.batchTime,
            yields: batch.token.replay != nil,
            uptime,
            isFull: { [storage] in storage.isFull }
        )
        defer { watch.leave() }
        let again = batch.token.replay.flatMap { $0.isPartial ? $0.selection : nil }
        var isOutOfTime = false
        let types = batch.isWhole ? storage.handledTypes ?? [] : []
        let (hasExceptions, sequencing) = (hasExceptions, storage.sequencing)
        let selection = EventSelection(after: position, through: last, types: types)
        try store.readShared(selection) { event in
            do {
                if let index = batch.advance(to: event, sequencing) {
                    try take(event, index, again, hasExceptions: hasExceptions, handler, &batch)
                }
                isOutOfTime = time.isUp()
                return isOutOfTime ? .stop : .more
            } catch {
                if storage.isAboutEvent(error) {
                    failed = (event.position, cause: String(describing: error))
                } else {
                    failure = HandlingFailure(event, error)
                }
                return .stop
            }
        }
        if let failure { throw failure }
        if failed == nil, !isOutOfTime { try passOver(through: last, &batch) }
        return failed
    }

    /// Counts the rest of a batch, of which no event may be handled, and finds out its last event.
    private func passOver(through last: Position, _ batch: inout SegmentBatch) throws {
        guard batch.position < last else { return }
        batch.passOver(through: Position(last.number - 1))
        let selection = EventSelection(after: batch.position, through: last)
        try store.read(selection) { event in
            batch.passOver(event)
            return .more
        }
    }

    /// Takes in an event; of a partial replay, which has a selection, only a selected one.
    private func take(
        _ event: borrowing EventView,
        _ index: Int,
        _ again: borrowing ReplaySelection?,
        hasExceptions: Bool,
        _ handler: any GroupHandler,
        _ batch: inout SegmentBatch
    ) throws {
        let isReplay = batch.isReplay
        watch.enter(batch.position)
        if let isSelected = again?.contains(event) {
            if isSelected { try takeAgain(event, index, handler, &batch) }
        } else if event.isOfSystemStream {
            batch.countFiltered(at: index)
        } else if hasExceptions, handler.mayHandle(event),
            try takeException(event, index, isReplay: isReplay, &batch)
        {
            return
        } else if try handler.handle(event, isReplay: isReplay) {
            batch.countHandled(at: index)
        } else {
            batch.countFiltered(at: index)
        }
    }

    /// Whether there are events that are skipped or held back.
    private var hasExceptions: Bool { !processor.blocked.isEmpty || !skipped.isEmpty }

    /// Takes in an event with a handler that is to be skipped or held back; false where it is
    /// neither.
    private func takeException(
        _ event: borrowing EventView,
        _ index: Int,
        isReplay: Bool,
        _ batch: inout SegmentBatch
    ) throws -> Bool {
        if skipped.contains(event.position) {
            batch.count(\.skipped, at: index)
            return true
        }
        guard let key = heldBack(event) else { return false }
        try holdBack(event, key, isReplay: isReplay)
        batch.count(\.deadLettered, at: index)
        return true
    }

    /// Takes in an event in a partial replay, which is in the accounting already.
    private func takeAgain(
        _ event: borrowing EventView,
        _ index: Int,
        _ handler: any GroupHandler,
        _ batch: inout SegmentBatch
    ) throws {
        if event.isOfSystemStream || !handler.mayHandle(event) || skipped.contains(event.position) {
            return
        }
        guard let key = heldBack(event) else {
            _ = try handler.handle(event, isReplay: true)
            return
        }
        if try storage.hasLetter(at: event.position) { return }
        try holdBack(event, key, isReplay: true)
        batch.putAsideAgain(at: index)
    }

    /// The sequence of an event that has to wait for an earlier one of it; nothing where none does.
    private func heldBack(_ event: borrowing EventView) -> String? {
        if processor.blocked.isEmpty { return nil }
        let key = storage.sequencing.key(of: event)
        return processor.blocked.holdsBack(key, at: event.position) ? key : nil
    }

    private func holdBack(
        _ event: borrowing EventView,
        _ key: String,
        isReplay: Bool
    ) throws {
        try storage.putLetter(
            DeadLetter(
                position: event.position,
                sequenceKey: key,
                isReplay: isReplay,
                failure: nil
            )
        )
    }

    /// Puts an event aside whose handling failed; it is the first of its sequence.
    private func putAside(_ position: Position, cause: String) throws {
        var batch = makeBatch()
        let isReplay = batch.token.isReplay(position)
        var (key, index) = ("", 0)
        try store.read(EventSelection(after: Position(position.number - 1), through: position)) {
            key = storage.sequencing.key(of: $0)
            index = batch.advance(to: $0, storage.sequencing) ?? index
            return .stop
        }
        let letter = DeadLetter(
            position: position,
            sequenceKey: key,
            isReplay: isReplay,
            failure: DeadLetter.Failure(cause, at: now())
        )
        if batch.token.replay?.isPartial == true {
            batch.putAsideAgain(at: index)
        } else {
            batch.count(\.deadLettered, at: index)
        }
        let progress = batch.finish()
        try storage.transact {
            try storage.putLetter(letter)
            return progress
        }
        processor.putAside(progress, letter)
        try advanced(to: progress)
    }
}

/// What keeps a group from handling an event, and any other.
struct HandlingFailure: Error, CustomStringConvertible {
    /// The event; nothing where none can be handled, whichever it is.
    let position: Position?
    let description: String

    init(_ event: borrowing EventView, _ error: any Error) {
        position = event.position
        let form = EventForm(event.eventType, revision: event.revision)
        description = "position \(event.position), \(form) in \(event.streamName): \(error)"
    }

    init(_ error: any Error) {
        position = nil
        description = String(describing: error)
    }
}
