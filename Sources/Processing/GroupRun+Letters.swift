import EventModel
import EventStorage

/// How a group deals with its dead letters.
extension GroupRun {
    /// Marks the letters that an operation asks to try again, and answers it.
    func ask(_ letters: LetterSelection, _ asked: GroupProgress) throws {
        guard let retry = asked.retry else {
            preconditionFailure("Letters are asked for by a retry.")
        }
        let progress = try storage.transact {
            let count = try storage.markLetters(letters, asker: retry.operation)
            let (progress, outcome) = Processor.answer(asked, sequenceCount: count)
            try tell(outcome)
            return progress
        }
        processor.note(try storage.firstLetters(), progress)
    }

    /// Removes the letters that an operation gives up, and answers it.
    func discard(
        _ letters: LetterSelection,
        _ stored: GroupProgress,
        of operation: EventID
    ) throws {
        let progress = try storage.transact {
            var progress = stored
            let removed = try storage.removeLetters(letters)
            for letter in removed { progress.letterLeft(letter, to: \.skipped) }
            try tell(
                removed.isEmpty
                    ? OperationOutcome(of: operation, .refused, Processor.noLetters)
                    : OperationOutcome(
                        of: operation,
                        .completed,
                        discarded(removed.map(\.position))
                    )
            )
            return progress
        }
        processor.note(try storage.firstLetters(), progress)
    }

    private func discarded(_ positions: [Position]) -> String {
        guard positions.count > 1, let first = positions.min(), let last = positions.max() else {
            return "discarded the dead letter at position \(positions[0])"
        }
        return "discarded \(positions.count) dead letters, at positions \(first) to \(last)"
    }

    /// Notes an event that is never to be handled, and answers the operation.
    func skip(_ position: Position, _ stored: GroupProgress, of operation: EventID) throws {
        let isDecided = position <= stored.token.position
        let progress = try storage.transact {
            var progress = stored
            try storage.addSkippedPosition(position, operation: operation)
            let removed = try storage.removeLetters(.position(position))
            let wasLetter = !removed.isEmpty
            for letter in removed { progress.letterLeft(letter, to: \.skipped) }
            let message =
                wasLetter
                ? "its dead letter is gone, and no replay handles it"
                : isDecided
                    ? "it was handled before, and no replay handles it" : "it will not be handled"
            try tell(OperationOutcome(of: operation, .completed, message))
            return progress
        }
        skipped.insert(position)
        processor.note(try storage.firstLetters(), progress)
    }

    /// Tries the letters of a sequence until one fails again, or it is time for something else.
    func retry(_ key: String, limit: Int) throws {
        let end = uptime() + GroupRun.batchTime
        var count: UInt64 = 0
        while count < UInt64(limit), uptime() < end,
            let letter = try storage.firstLetter(of: key)
        {
            count += 1
            do {
                guard try retry(letter) else { break }
            } catch let failure as HandlingFailure {
                try note(failure)
                break
            }
        }
        let first = try storage.firstLetter(of: key)
        processor.retried(key, first, processor.progress, count: count)
    }

    /// Tries a letter; false where it failed again.
    private func retry(_ letter: DeadLetter) throws -> Bool {
        var progress = processor.progress
        let isAsked = letter.asker != nil
        do {
            try storage.begin()
            let isHandled = try handle(letter)
            try storage.removeLetter(at: letter.position)
            if isHandled { try storage.noteLate(letter.position) }
            progress.letterLeft(letter, to: isHandled ? \.handled : \.filtered)
            if isAsked {
                progress.retry?.handledCount += 1
                try passOnAsking(of: letter)
            }
            try storage.commit(progress)
        } catch {
            storage.rollback()
            guard !(error is HandlingFailure), storage.isAboutEvent(error) else { throw error }
            try keep(letter, cause: String(describing: error))
            return false
        }
        processor.progress = progress
        return true
    }

    private func handle(_ letter: DeadLetter) throws -> Bool {
        if skipped.contains(letter.position) { return false }
        var isHandled = false
        var failure: (any Error)?
        let handler = try readyHandler()
        watch.enter(letter.position)
        defer { watch.leave() }
        let before = Position(letter.position.number - 1)
        try store.read(EventSelection(after: before, through: letter.position)) { event in
            do {
                isHandled = try handler.handle(event, isReplay: letter.isReplay)
            } catch let error {
                failure = storage.isAboutEvent(error) ? error : HandlingFailure(event, error)
            }
            return .stop
        }
        if let failure { throw failure }
        return isHandled
    }

    /// Has the next letter of a sequence tried too.
    private func passOnAsking(of letter: DeadLetter) throws {
        guard var next = try storage.firstLetter(of: letter.sequenceKey) else { return }
        next.asker = letter.asker
        try storage.putLetter(next)
    }

    /// Notes that a letter failed again.
    private func keep(_ letter: DeadLetter, cause: String) throws {
        var progress = processor.progress
        var kept = letter
        kept.failure = DeadLetter.Failure(cause, at: now(), after: letter.failure)
        kept.asker = nil
        if letter.asker != nil {
            progress.retry?.failedCount += 1
            progress.retry?.failedPosition = letter.position
        }
        try storage.transact {
            try storage.putLetter(kept)
            return progress
        }
        processor.progress = progress
    }
}
