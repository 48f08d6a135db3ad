import EventModel

/// How a processor deals with dead letters.
extension Processor {
    /// Notes that an event was put aside, with the progress stored then.
    ///
    /// - Parameters:
    ///   - stored: the progress behind the event.
    ///   - letter: the first letter of its sequence.
    public mutating func putAside(_ stored: GroupProgress, _ letter: DeadLetter) {
        handled(stored)
        blocked.set(letter, for: letter.sequenceKey)
    }

    /// Notes which sequences have letters by now, with the progress stored then.
    public mutating func note(_ firstLetters: [DeadLetter], _ stored: GroupProgress) {
        progress = stored
        let own = firstLetters.filter {
            isClaimed(stored.segments[stored.index(ofSequence: $0.sequenceKey)].segment)
        }
        blocked = BlockedSequences(own)
    }

    /// Notes what came of trying letters of a sequence.
    ///
    /// - Parameters:
    ///   - key: the sequence.
    ///   - letter: its first letter by now; nothing where all were handled.
    ///   - stored: the progress stored with them.
    ///   - count: how many letters were tried.
    public mutating func retried(
        _ key: String,
        _ letter: DeadLetter?,
        _ stored: GroupProgress,
        count: UInt64
    ) {
        budget.spend(count)
        progress = stored
        blocked.set(letter, for: key)
    }

    /// What to store and tell once the letters that an operation asks for have been looked up.
    ///
    /// - Returns: the progress to store and the outcome to tell first.
    public static func answer(
        _ asked: GroupProgress,
        sequenceCount: Int
    ) -> (progress: GroupProgress, outcome: OperationOutcome) {
        guard let retry = asked.retry else {
            preconditionFailure("Letters are asked for by a retry.")
        }
        guard sequenceCount > 0 else {
            var progress = asked
            progress.retry = nil
            let none = OperationOutcome(of: retry.operation, .refused, noLetters)
            return (progress, none)
        }
        let sequences = sequenceCount == 1 ? "sequence" : "sequences"
        let message = "trying the dead letters of \(sequenceCount) \(sequences)"
        return (asked, OperationOutcome(of: retry.operation, .started, message))
    }

    /// Why an operation on letters is refused that selects none.
    public static let noLetters = "no dead letter of the group is meant"

    mutating func ask(
        _ operation: Operation,
        _ letters: LetterSelection,
        rateLimit: Int?,
        stopsAtFailure: Bool
    ) -> Action {
        if let retry = progress.retry {
            return refuse(operation, "the retry \(retry.operation) is still under way")
        }
        var asking = progress
        asking.retry = LetterRetry(
            operation: operation.id,
            rateLimit: rateLimit,
            stopsAtFailure: stopsAtFailure
        )
        budget = RateBudget()
        return .ask(letters, asking)
    }

    /// The letters to try now, or the end of a retry; nothing where neither is.
    mutating func retry(now: Timestamp) -> Action? {
        if let retry = progress.retry, hasAllSegments {
            guard !retry.isStopped, let key = blocked.asked else { return endRetry(retry) }
            let rate = retry.rateLimit
            let allowed = rate.map { budget.allowance(rate: $0, now: now) } ?? Processor.batchLimit
            if allowed > 0 { return .retry(sequence: key, limit: allowed) }
        }
        return blocked.due(now: now).map { .retry(sequence: $0, limit: Processor.batchLimit) }
    }

    private mutating func endRetry(_ retry: LetterRetry) -> Action {
        progress.retry = nil
        blocked.unmark()
        let letters = retry.handledCount == 1 ? "dead letter" : "dead letters"
        var message = "handled \(retry.handledCount) \(letters)"
        if let position = retry.failedPosition {
            message += ", then position \(position) failed again"
        }
        let result: OperationOutcome.Result = retry.failedCount == 0 ? .completed : .failed
        return .store(progress, OperationOutcome(of: retry.operation, result, message))
    }
}
