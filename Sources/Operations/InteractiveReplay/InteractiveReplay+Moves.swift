import EventLog
import EventModel
import EventStorage
import OperationsModel
import ReadModels
import SQLiteDatabase

/// What is known of an event that was just stepped over.
struct SteppedEvent {
    /// Whether the group handles it.
    var isHandled: Bool
    /// Whether it may have changed rows.
    var hasChanged: Bool
}

extension InteractiveReplay {
    /// Steps on through a position, or until an event is reason to end; `end` is the reason where
    /// none was.
    func forwards(
        to last: Position,
        orElse end: ReplayStep.End = .reached,
        _ progress: Progress,
        reason: (SteppedEvent) throws -> ReplayStep.End? = { _ in nil }
    ) throws -> ReplayStep {
        let (from, handledBefore) = (position, scratch.handledCount)
        var end = end
        do {
            try scratch.step(from: operations.log, through: last) { event, isHandled, hasChanged in
                let stepped = SteppedEvent(isHandled: isHandled, hasChanged: hasChanged)
                if let reason = try reason(stepped) {
                    end = reason
                    return .stop
                }
                guard InteractiveReplay.tellsProgress(at: event.position),
                    !progress(event.position, last)
                else { return .more }
                end = .interrupted
                return .stop
            }
        } catch let failure as ScratchFailure {
            end = .failed(failure.description)
            if scratch.isLost {
                return try rebuild(from: from, through: before(failure), end: end, progress)
            }
        }
        return try step(
            from: from,
            handledCount: scratch.handledCount - handledBefore,
            differences: scratch.differences(since: from),
            end: end,
            unknown: "more rows were changed than can be remembered"
        )
    }

    /// Steps on to the first of some events; stays where there is none.
    func forwards(to selection: EventSelection, _ progress: Progress) throws -> ReplayStep {
        var target: Position?
        try operations.log.read(selection) { event in
            target = event.position
            return .stop
        }
        guard let target else { return try step(from: position, differences: [], end: .atHead) }
        return try forwards(to: target, progress)
    }

    /// Steps on until a query says yes after it said no.
    func forwards(until sql: String, _ progress: Progress) throws -> ReplayStep {
        let last = try operations.log.head()
        let condition = try ReplayCondition(sql, on: scratch.database)
        return try withoutActuallyEscaping(progress) { progress in
            var isGivenUp = false
            let asks = { [self] in
                isGivenUp = isGivenUp || !progress(position, last)
                return isGivenUp
            }
            var isTrue = try condition.isTrue(unless: asks)
            return try forwards(to: last, orElse: .atHead, progress) { event in
                guard event.hasChanged else { return nil }
                let wasTrue = isTrue
                do {
                    isTrue = try condition.isTrue(unless: asks)
                } catch  where isGivenUp {
                    return .interrupted
                }
                return isTrue && !wasTrue ? .reached : nil
            }
        }
    }

    /// Goes back over handled events.
    func back(over count: UInt64, _ progress: Progress) throws -> ReplayStep {
        let (from, handledBefore) = (position, scratch.handledCount)
        let end = count > handledBefore ? ReplayStep.End.atStart : .reached
        guard count < handledBefore else { return try back(to: .start, end: end, progress) }
        guard let differences = try scratch.stepBack(handled: count) else {
            return try rebuild(
                from: from,
                through: from,
                handling: handledBefore - count,
                end: end,
                progress
            )
        }
        return try step(from: from, handledCount: count, differences: differences, end: end)
    }

    /// Goes back to a position.
    func back(
        to target: Position,
        end: ReplayStep.End = .reached,
        _ progress: Progress
    ) throws -> ReplayStep {
        let (from, handledBefore) = (position, scratch.handledCount)
        guard let differences = try scratch.stepBack(to: target) else {
            return try rebuild(from: from, through: target, end: end, progress)
        }
        return try step(
            from: from,
            handledCount: handledBefore - scratch.handledCount,
            differences: differences,
            end: end
        )
    }

    /// Gets somewhere by filling another copy from the beginning.
    private func rebuild(
        from: Position,
        through last: Position,
        handling handledMax: UInt64 = .max,
        end: ReplayStep.End,
        _ progress: Progress
    ) throws -> ReplayStep {
        let handledBefore = scratch.handledCount
        let made = try ScratchBuild(group, operations.log, options)
            .run(through: last, handling: handledMax, progress)
        let earlier = scratch
        scratch = made.scratch
        var reached = end
        if made.isInterrupted { reached = .interrupted }
        if let failure = made.failure { reached = .failed(failure) }
        return try step(
            from: from,
            handledCount: handledBefore - min(handledBefore, scratch.handledCount),
            differences: earlier.isLost
                ? nil : scratch.differences(from: earlier, rowCountMax: options.comparedCountMax),
            end: reached,
            unknown: "the tables have too many rows to compare",
            notes: [
                "the tables were filled again from the beginning, because the way back was not "
                    + "remembered"
            ]
        )
    }

    private func before(_ failure: ScratchFailure) -> Position {
        Position(failure.position.number - 1)
    }

    private func step(
        from: Position,
        handledCount: UInt64 = 0,
        differences: [SQLiteRowDifference]?,
        end: ReplayStep.End,
        unknown note: String = "",
        notes: [String] = []
    ) throws -> ReplayStep {
        var notes = notes
        if differences == nil { notes.append(note + "; which rows differ is not known") }
        if !scratch.unfollowedTables.isEmpty {
            let tables = scratch.unfollowedTables.joined(separator: ", ")
            notes.append("what changes in these tables cannot be told: \(tables)")
        }
        return ReplayStep(
            from: from,
            position: position,
            event: try operations.log.event(at: position).map(EventSummary.init),
            isHandled: position > .start && scratch.lastHandledPosition == position,
            handledCount: handledCount,
            changes: differences?.prefix(options.changeCountMax).map(RowChange.init),
            changeCount: differences?.count,
            end: end,
            notes: notes
        )
    }
}

extension StoreOperations {
    /// The position of a point; that of a time is the last one recorded up to then.
    func position(of point: ReadModelPoint) throws(OperationsError) -> Position {
        try OperationsError.telling {
            let head = try log.head()
            switch point {
            case .head: return head
            case .time(let time): return try lastPosition(recordedThrough: time)
            case .position(let position):
                guard position <= head else {
                    throw OperationsError(
                        .invalid,
                        "there is no position \(position); the store ends at position \(head)"
                    )
                }
                return position
            }
        }
    }
}
