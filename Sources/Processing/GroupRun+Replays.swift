import EventModel
import EventStorage

/// How a group makes its rows anew, and takes that back.
extension GroupRun {
    /// Puts new rows in the place of those in use; where that fails, all stays as it was and the
    /// operation has failed.
    func replace(
        by rows: FirstRows,
        _ progress: GroupProgress,
        of operation: EventID,
        before stored: GroupProgress
    ) throws {
        do {
            try storage.replace(by: rows, progress, operation: operation) {
                try tellReplaced(stored, by: progress, of: operation)
                try tellEnded(stored.retry)
            }
        } catch let lost as ClaimLost {
            // Whoever has the group now obeys.
            throw lost
        } catch {
            try tell(OperationOutcome(of: operation, .failed, String(describing: error)))
            processor.replacingFailed(stored)
            try storage.transact { processor.progress }
        }
    }

    /// Tells the end of replays in whose middle another one began, in all their segments.
    private func tellReplaced(
        _ stored: GroupProgress,
        by progress: GroupProgress,
        of later: EventID
    ) throws {
        let left = progress.replayOperations
        for earlier in stored.replayOperations where !left.contains(earlier) {
            try tell(OperationOutcome(of: earlier, .failed, "replaced by another replay, \(later)"))
        }
    }

    /// Tells the end of a retry whose letters are not those of the rows in use any more.
    private func tellEnded(_ retry: LetterRetry?) throws {
        guard let retry else { return }
        let message = "ended by a replay or its undoing, after \(retry.handledCount) dead letters"
        try tell(OperationOutcome(of: retry.operation, .failed, message))
    }

    /// Stores a progress, and tells the outcome of an operation; where that ends a replay, what the
    /// projections have to do then comes first, and where that fails the group stays where it is.
    func store(
        _ progress: GroupProgress,
        _ outcome: OperationOutcome?,
        before stored: GroupProgress
    ) throws {
        let ended = stored.replay?.operation == progress.replay?.operation ? nil : stored.replay
        do {
            try storage.transact {
                if let ended { try end(ended) }
                if let outcome { try tell(outcome) }
                if stored.retry != nil, progress.retry == nil { try storage.unmarkLetters() }
                return progress
            }
        } catch let failure as EndingFailure {
            processor.endingFailed(stored, failure.description, now: now())
            return try storeFailure(failure.description)
        }
        guard ended != nil else { return }
        processor.replayEnded()
        try storeFailure(nil)
    }

    private func end(_ replay: TrackingToken.Replay) throws {
        do {
            try storage.endReplay(replay)
        } catch {
            throw EndingFailure(description: String(describing: error))
        }
    }

    /// What keeps a replay from ending.
    private struct EndingFailure: Error, CustomStringConvertible {
        let description: String
    }

    /// Puts back what was in use before an operation, or ends it where it is under way.
    func undo(_ undone: EventID, _ progress: GroupProgress, of operation: EventID) throws {
        if progress.shadow?.operation == undone {
            return try endShadow(progress, of: operation)
        }
        let kept = try storage.kept()
        guard let kept, kept.operation == undone, progress.shadow == nil else {
            return try refuse(operation, refusal(of: undone, kept, progress), progress)
        }
        do {
            try storage.takeBack(progress) {
                if progress.replayOperations.contains(undone) { try tellUndone(undone) }
                try tellEnded(progress.retry)
                try tell(
                    OperationOutcome(
                        of: operation,
                        .completed,
                        "put back the rows of before operation \(undone)",
                        before: "position \(progress.token.position)",
                        after: "position \(kept.position)"
                    )
                )
            }
        } catch let lost as ClaimLost {
            throw lost
        } catch {
            try tell(OperationOutcome(of: operation, .failed, String(describing: error)))
            try storage.transact { progress }
            processor.progress = progress
        }
    }

    private func refusal(
        of undone: EventID,
        _ kept: KeptGeneration?,
        _ progress: GroupProgress
    ) -> String {
        if let shadow = progress.shadow {
            return "new rows are being made by operation \(shadow.operation); undo that first"
        }
        guard let kept else { return GroupRun.nothingKept }
        return "the rows kept are those of before operation \(kept.operation), not \(undone)"
    }

    private static let nothingKept = "no rows are kept of before an operation"

    private func refuse(
        _ operation: EventID,
        _ reason: String,
        _ progress: GroupProgress
    ) throws {
        try storage.transact {
            try tell(OperationOutcome(of: operation, .refused, reason))
            return progress
        }
        processor.progress = progress
    }

    private func tellUndone(_ undone: EventID) throws {
        try tell(OperationOutcome(of: undone, .failed, "undone before it was complete"))
    }

    /// Removes the rows that were in use before.
    func letGo(_ progress: GroupProgress, of operation: EventID) throws {
        guard let kept = try storage.kept() else {
            return try refuse(operation, GroupRun.nothingKept, progress)
        }
        try storage.transact {
            try tell(
                OperationOutcome(
                    of: operation,
                    .completed,
                    "removed the rows of before operation \(kept.operation)"
                )
            )
            // Before the operation is done with, so that after a death it is obeyed once more.
            try storage.removeKept()
            return progress
        }
        processor.progress = progress
    }
}

/// How a group makes new rows beside those in use.
extension GroupRun {
    /// How many events the new rows may lack before the group does nothing else until they have
    /// caught up.
    private static let shadowLagMax: UInt64 = 500

    /// Goes on with the new rows beside those in use, where an operator asked for some; puts them
    /// in place where they have caught up.
    func tendShadow() throws {
        guard let shadow = processor.progress.shadow else { return }
        if let broken = processor.historyBreak {
            return try give(up: shadow, because: broken.complaint)
        }
        let position = processor.progress.token.position
        let worker =
            shadowWorker ?? makeShadow(group, shadow, store, liveLagMax, now)
        shadowWorker = worker
        if let failure = worker.failure { return try give(up: shadow, because: failure) }
        worker.limit = processor.progress.pauseReason == nil ? position : .start
        // Segments that are not at the same place would not be in the new rows either.
        guard processor.progress.pauseReason == nil, processor.progress.isLevel,
            worker.position.number + GroupRun.shadowLagMax >= position.number
        else { return }
        stopShadow()
        do {
            try finish(shadow)
        } catch {
            try give(up: shadow, because: String(describing: error))
        }
    }

    /// Ends the thread that makes new rows; it begins again with the next step.
    func stopShadow() {
        shadowWorker?.stop()
        shadowWorker = nil
    }

    /// Lets the new rows catch up, and puts them in place.
    private func finish(_ shadow: TrackingToken.Replay) throws {
        let made = try catchUp(shadow)
        if let defect = defect(of: made) { return try give(up: shadow, because: defect) }
        let differences = try storage.draftDifferences()
        var progress = processor.progress
        progress.takeOver(made)
        progress.accountedFrom = made.accountedFrom
        progress.measuredRate = made.measuredRate ?? progress.measuredRate
        progress.retry = nil
        progress.shadow = nil
        let retry = processor.progress.retry
        try storage.installDraft(progress, operation: shadow.operation) {
            try tellEnded(retry)
            try tell(
                OperationOutcome(
                    of: shadow.operation,
                    .completed,
                    "the new rows are in use, made from \(made.accounting.total) events; "
                        + differences
                )
            )
        }
    }

    /// Lets the new rows come as far as those in use are, and closes them.
    private func catchUp(_ shadow: TrackingToken.Replay) throws -> GroupProgress {
        let position = processor.progress.token.position
        let draft = try GroupRun(
            storage: try group.openDraft(shadow),
            group: group,
            store: store,
            now: now,
            uptime: uptime,
            limit: { position }
        )
        draft.processor.progress.liftRateLimit()
        while draft.status.position < position, draft.status.failure == nil { try draft.step() }
        if let failure = draft.status.failure { throw ShadowFailure(description: failure) }
        return draft.processor.progress
    }

    /// What keeps new rows from catching up.
    private struct ShadowFailure: Error, CustomStringConvertible {
        let description: String
    }

    /// Why new rows are not put in place; nothing where they can be.
    private func defect(of made: GroupProgress) -> String? {
        if !made.isAccountedFor { return "not every event is accounted for" }
        let (letterCount, known) = (
            made.accounting.deadLettered, processor.progress.accounting.deadLettered
        )
        guard letterCount > known else { return nil }
        return "the new rows have \(letterCount) dead letters, those in use \(known)"
    }

    private func give(up shadow: TrackingToken.Replay, because reason: String) throws {
        stopShadow()
        var progress = processor.progress
        progress.shadow = nil
        try storage.transact {
            try tell(OperationOutcome(of: shadow.operation, .failed, "nothing changed: \(reason)"))
            return progress
        }
        processor.progress = progress
        try storage.removeDraft()
    }

    /// Ends the making of new rows because an operator said so.
    private func endShadow(_ stored: GroupProgress, of operation: EventID) throws {
        guard let shadow = stored.shadow else { return }
        stopShadow()
        var progress = stored
        progress.shadow = nil
        try storage.transact {
            try tellUndone(shadow.operation)
            try tell(
                OperationOutcome(
                    of: operation,
                    .completed,
                    "ended operation \(shadow.operation); the rows in use never changed"
                )
            )
            return progress
        }
        processor.progress = progress
        try storage.removeDraft()
    }
}
