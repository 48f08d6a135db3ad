public import EventModel

/// Decides what a running group does next.
///
/// A value without clock, disk or thread: the shell asks ``next(head:now:)``, performs the action
/// and reports what came of it.
public struct Processor: Hashable, Sendable {
    /// What the shell is to do.
    public enum Action: Hashable, Sendable {
        /// Handle events after a position, at most so many, and store the progress with them.
        case handle(after: Position, limit: Int)
        /// Tell the outcome of an operation, where there is one, then store the progress; where it
        /// ends a replay, what the projections do then comes first.
        ///
        /// In this order, so that after a death in between the operation is obeyed once more and
        /// its outcome, which has an identity of its own, is not told twice.
        case store(GroupProgress, OperationOutcome?)
        /// Tell the outcome, then put new rows with the progress in the place of those in use.
        case replace(FirstRows, GroupProgress, OperationOutcome)
        /// Put the rows back that were in use before an operation, or end it where it is under way.
        case undo(EventID, GroupProgress, of: EventID)
        /// Remove the rows that were in use before, with the progress.
        case letGo(GroupProgress, of: EventID)
        /// Note which dead letters an operation asked to try again, with the progress.
        case ask(LetterSelection, GroupProgress)
        /// Remove dead letters that an operation gave up, with the progress.
        case discard(LetterSelection, GroupProgress, of: EventID)
        /// Never handle an event, from now on.
        case skip(Position, GroupProgress, of: EventID)
        /// Note what is to become of an effect, with the progress.
        case decide(EventID, PendingEffect.Wish, GroupProgress, of: EventID)
        /// Split a segment, with the progress.
        case split(Segment, GroupProgress, of: EventID)
        /// Try the dead letters of a sequence, in their order, at most so many.
        case retry(sequence: String, limit: Int)
        /// Wait until there are events after a position or the time is up.
        case wait(after: Position, milliseconds: Int)
    }

    /// A failure that keeps the group where it is.
    public struct Failure: Hashable, Sendable {
        /// The event that cannot be handled; nothing where the failure is not about one.
        public var position: Position?
        /// What went wrong.
        public var message: String
        /// How often it went wrong in a row.
        public var attempts: Int
        /// When to try again.
        public var nextAttempt: Timestamp
    }

    /// What the group stores with its rows.
    public internal(set) var progress: GroupProgress
    /// The failure that keeps it where it is.
    public internal(set) var failure: Failure?
    /// Where the group has handled what the store does not hold.
    ///
    /// Then it handles nothing, whatever is appended, until a replay has put other rows in place.
    public package(set) var historyBreak: HistoryBreak?
    var operations: [PendingOperation] = []
    /// The sequences of the claimed segments that have dead letters.
    public internal(set) var blocked: BlockedSequences
    /// Whether events that come are before letters that wait, so that neither waits for the other.
    private var handlesNext = false
    /// The segments that this process has claimed; nothing means all there are.
    public let claimed: Set<Segment>?
    /// Whether handling an event twice leaves the rows as handling it once.
    public var isIdempotent: Bool
    var budget = RateBudget()

    struct PendingOperation: Hashable, Sendable {
        var sequence: Sequence
        var operation: Operation
    }

    /// The events of one transaction at most; the time it takes ends most of them before.
    public static let batchLimit = 16_384
    /// The milliseconds between signs of life of a group that has nothing to do.
    public static let idleMilliseconds = 1000
    /// The milliseconds until a rate lets more events through.
    private static let rateMilliseconds = 50
    /// The seconds to the next attempt at most.
    private static let retrySecondsMax = 60.0

    /// Makes a processor that goes on from stored progress.
    ///
    /// - Parameters:
    ///   - progress: what was stored with the rows.
    ///   - claimed: the segments that this process has claimed; nothing means all there are.
    ///   - isIdempotent: whether handling an event twice leaves the rows as handling it once.
    public init(
        _ progress: GroupProgress,
        claimed: Set<Segment>? = nil,
        isIdempotent: Bool
    ) {
        self.progress = progress
        blocked = BlockedSequences()
        self.claimed = claimed
        self.isIdempotent = isIdempotent
    }

    /// Takes the next event of `$operations`, an operation on this group.
    public mutating func receive(_ operation: Operation, at sequence: Sequence) {
        // After a restore, the log can hold requests without what was told of them.
        if progress.isUnderWay(operation.id) { return pass(operation.id, at: sequence) }
        operations.append(PendingOperation(sequence: sequence, operation: operation))
    }

    /// Takes the next event of `$operations`, which asks nothing new of this group.
    public mutating func pass(_ event: EventID, at sequence: Sequence) {
        if operations.isEmpty { progress.noteOperation(event, at: sequence) }
    }

    /// Forgets an operation of which it was told that nothing comes of it: with the request, or
    /// before a death kept the group from storing that.
    public mutating func forget(_ operation: EventID) {
        operations.removeAll { $0.operation.id == operation }
        if progress.shadow?.operation == operation { progress.shadow = nil }
    }

    /// Whether there are operations that have not been obeyed.
    public var hasOperations: Bool { !operations.isEmpty }

    /// Whether ``next(head:now:)`` will obey an operation.
    public var willObey: Bool { operations.first.map { mayObey($0.operation) } ?? false }

    /// The sequence in `$operations` of the next event to receive.
    public var nextOperation: Sequence {
        max(progress.nextOperation, operations.last?.sequence.next ?? .first)
    }

    /// Notes that a batch was handled and stored.
    public mutating func handled(_ stored: GroupProgress) {
        budget.spend(stored.advance(since: progress))
        progress = stored
        failure = nil
    }

    /// Notes that rows could not be replaced: everything is as before, but for the operation, which
    /// is done.
    public mutating func replacingFailed(_ stored: GroupProgress) {
        let obeyed = progress
        progress = stored
        progress.takeOverOperations(of: obeyed)
    }

    /// Notes that a replay has ended, which may have failed before.
    public mutating func replayEnded() {
        failure = nil
    }

    /// Notes that a replay could not be ended and nothing was stored.
    public mutating func endingFailed(_ stored: GroupProgress, _ message: String, now: Timestamp) {
        progress = stored
        failed(at: nil, message, now: now)
    }

    /// Notes that handling failed and nothing was stored.
    public mutating func failed(at position: Position?, _ message: String, now: Timestamp) {
        let attempts = (failure?.position == position ? failure?.attempts ?? 0 : 0) + 1
        let seconds = min(Processor.retrySecondsMax, Double(1 << min(attempts - 1, 6)))
        failure = Failure(
            position: position,
            message: message,
            attempts: attempts,
            nextAttempt: now.advanced(bySeconds: seconds)
        )
    }

    /// Whether what failed is to be tried again now.
    public func isRetryDue(now: Timestamp) -> Bool {
        failure != nil && secondsToRetry(now: now) == nil
    }

    /// Whether it handles events again that it had decided before.
    var isReplaying: Bool { team.token.replay != nil }

    /// Whether something keeps it from handling what comes.
    var isStopped: Bool {
        progress.pauseReason != nil || historyBreak != nil || failure != nil
    }

    /// The seconds until what failed is tried again; nothing where nothing failed or it is time.
    ///
    /// A wait longer than the longest there is means that somebody set the clock back.
    private func secondsToRetry(now: Timestamp) -> Double? {
        guard let seconds = failure?.nextAttempt.seconds(since: now) else { return nil }
        return seconds > 0 && seconds <= Processor.retrySecondsMax ? seconds : nil
    }

    /// What to do next on a store whose last position is `head`.
    public mutating func next(head: Position, now: Timestamp) -> Action {
        if let pending = operations.first, mayObey(pending.operation) {
            operations.removeFirst()
            progress.noteOperation(pending.operation.id, at: pending.sequence)
            return obey(pending.operation, now: now)
        }
        if historyBreak == nil, secondsToRetry(now: now) == nil, let ended = endReplay() {
            return ended
        }
        let team = self.team
        if progress.pauseReason != nil || historyBreak != nil {
            return .wait(after: head, milliseconds: Processor.idleMilliseconds)
        }
        if let seconds = secondsToRetry(now: now) {
            return .wait(
                after: head,
                milliseconds: min(Processor.idleMilliseconds, Int(seconds * 1000) + 1)
            )
        }
        let hasEvents = team.token.position < head
        if !(hasEvents && handlesNext), let retry = retry(now: now) {
            handlesNext = true
            return retry
        }
        handlesNext = false
        if hasEvents { return handle(team, head: head, now: now) }
        // A retry that has to wait is one with a rate.
        let idle = progress.retry == nil ? Processor.idleMilliseconds : Processor.rateMilliseconds
        let untilDue = blocked.millisecondsUntilDue(now: now) ?? idle
        return .wait(after: head, milliseconds: min(idle, untilDue))
    }

    private mutating func handle(_ team: SegmentTeam, head: Position, now: Timestamp) -> Action {
        let position = team.token.position
        var end = min(head, team.endPosition ?? head)
        if let replay = team.token.replay {
            end = min(end, replay.endPosition)
            if let rateLimit = replay.rateLimit {
                let allowed = budget.allowance(rate: rateLimit, now: now)
                if allowed == 0 {
                    return .wait(after: head, milliseconds: Processor.rateMilliseconds)
                }
                end = min(end, Position(position.number + UInt64(allowed)))
            }
        }
        let count = Int(clamping: end.number - position.number)
        return .handle(after: position, limit: min(count, Processor.batchLimit))
    }

    private mutating func obey(_ operation: Operation, now: Timestamp) -> Action {
        switch operation.act {
        case .pause:
            let before = progress.pauseReason == nil ? "running" : "paused"
            progress.pauseReason = operation.reason
            return complete(operation, "paused", before: before, after: "paused")
        case .resume:
            let before = progress.pauseReason == nil ? "running" : "paused"
            progress.pauseReason = nil
            failure = nil
            return complete(operation, "resumed", before: before, after: "running")
        case .replay(_, let start, let rateLimit, let isShadow, let selection):
            return isShadow
                ? shadow(operation, after: start, rateLimit: rateLimit, selection, now: now)
                : replay(
                    operation,
                    after: start,
                    rateLimit: rateLimit,
                    selection: selection,
                    now: now
                )
        case .undo(_, let undone):
            return .undo(undone, progress, of: operation.id)
        case .letGo:
            return .letGo(progress, of: operation.id)
        case .retry(_, let letters, let rateLimit, let stopsAtFailure):
            return ask(operation, letters, rateLimit: rateLimit, stopsAtFailure: stopsAtFailure)
        case .discard(_, let letters):
            return .discard(letters, progress, of: operation.id)
        case .skip(_, let position):
            // They may have come to it already.
            if let shadow = progress.shadow { return refuse(operation, shadow.refusal) }
            return .skip(position, progress, of: operation.id)
        case .effect(_, let effect, let wish):
            return .decide(effect, wish, progress, of: operation.id)
        case .split(_, let number): return split(operation, number: number)
        case .merge(_, let number): return merge(operation, number: number)
        case .snapshotStream, .snapshotCategory, .snapshotStale:
            return refuse(operation, "a processing group takes no snapshots")
        }
    }

    func complete(
        _ operation: Operation,
        _ message: String,
        before: String,
        after: String
    ) -> Action {
        .store(
            progress,
            OperationOutcome(of: operation.id, .completed, message, before: before, after: after)
        )
    }

    func refuse(_ operation: Operation, _ reason: String) -> Action {
        .store(progress, OperationOutcome(of: operation.id, .refused, reason))
    }
}
