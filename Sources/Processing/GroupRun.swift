import EventModel
import EventStorage

/// Performs what a ``Processor`` decides, on the rows of one group.
final class GroupRun {
    let storage: any GroupStorage
    let group: any ProcessingGroup
    let store: any EventStore
    let now: TimeSource
    private let process: Int32
    var processor: Processor
    /// The events that are never to be handled.
    var skipped: Set<Position>
    private var meter = RateMeter()
    private var decidedCount: UInt64 = 0
    private var advancedTime: Timestamp
    private var storedFailure: String?

    init(
        storage: any GroupStorage,
        group: any ProcessingGroup,
        store: any EventStore,
        process: Int32,
        now: @escaping TimeSource
    ) throws {
        self.storage = storage
        self.group = group
        self.store = store
        self.process = process
        self.now = now
        advancedTime = now()
        let stored = try storage.loadProgress()
        let progress = try stored ?? GroupRun.firstProgress(of: group, in: store)
        processor = Processor(
            progress,
            blocked: BlockedSequences(try storage.firstLetters()),
            isIdempotent: storage.isIdempotent
        )
        skipped = try storage.skippedPositions()
        meter.note(0, at: advancedTime)
        if stored == nil { try reset(progress) }
        try storage.storeFailure(nil)
    }

    /// The events of a batch from which the rate says how fast the group can go.
    private static let measuredCountMin: UInt64 = 200

    /// How the group stands.
    var status: RunnerStatus {
        RunnerStatus(
            position: processor.progress.token.position,
            isPaused: processor.progress.pauseReason != nil,
            failure: processor.failure?.message ?? processor.missingPositions?.complaint,
            isAheadOfHistory: processor.missingPositions != nil,
            isRetrying: processor.progress.retry != nil
        )
    }

    /// Does the next thing.
    func step() throws {
        try receiveOperations()
        let time = now()
        if processor.hasOperations || processor.isRetryDue(now: time) { reloadDefinition() }
        let stored = processor.progress
        switch processor.next(head: try store.head(), now: time) {
        case .handle(let position, let limit):
            try handle(after: position, limit: limit)
        case .store(let progress, let outcome):
            try tell(outcome)
            try tellReplaced(stored, by: progress)
            try transact {
                try clearLetters(stored, progress)
            } progress: {
                progress
            }
        case .reset(let progress, let outcome):
            try tell(outcome)
            try obeyReset(progress, of: outcome.operation, before: stored)
        case .ask(let letters, let progress): try ask(letters, progress)
        case .discard(let letters, let progress, let operation):
            try discard(letters, progress, of: operation)
        case .skip(let position, let progress, let operation):
            try skip(position, progress, of: operation)
        case .retry(let key, let limit): try retry(key, limit: limit)
        case .wait(let position, let milliseconds):
            if let missing = processor.missingPositions { try storeFailure(missing.complaint) }
            publishSigns()
            _ = try store.wait(after: position, timeoutMilliseconds: milliseconds)
        }
        publishSigns()
    }

    private func reloadDefinition() {
        storage.reloadDefinition()
        processor.isIdempotent = storage.isIdempotent
    }

    /// Empties the tables; where that fails, all stays as it was and the operation has failed.
    private func obeyReset(
        _ progress: GroupProgress,
        of operation: EventID,
        before stored: GroupProgress
    ) throws {
        do {
            try reset(progress) { try tellReplaced(stored, by: progress) }
        } catch {
            try tell(OperationOutcome(of: operation, .failed, String(describing: error)))
            processor.resetFailed(stored)
            try storage.begin()
            try storage.commit(processor.progress)
        }
    }

    /// The progress of a group that has none stored: paused where its operators left it paused.
    private static func firstProgress(
        of group: any ProcessingGroup,
        in store: any EventStore
    ) throws -> GroupProgress {
        var progress = GroupProgress()
        var unanswered: [EventID: (operation: Operation, sequence: Sequence)] = [:]
        for event in try store.events(EventSelection(.stream(Operation.stream))) {
            progress.nextOperation = event.sequence.next
            if let operation = Operation(event), operation.group == group.name {
                unanswered[operation.id] = (operation, event.sequence)
            } else if let outcome = OperationOutcome(event), outcome.result != .started,
                let operation = unanswered.removeValue(forKey: outcome.operation)?.operation
            {
                switch (operation.act, outcome.result) {
                case (.pause, .completed): progress.pauseReason = operation.reason
                case (.resume, .completed): progress.pauseReason = nil
                default: break
                }
            }
        }
        if let first = unanswered.values.map(\.sequence).min() { progress.nextOperation = first }
        return progress
    }

    private func receiveOperations() throws {
        let selection = EventSelection(
            .stream(Operation.stream),
            fromSequence: processor.nextOperation
        )
        try store.read(selection) { event in
            let recorded = event.recorded
            if let outcome = OperationOutcome(recorded), outcome.result == .refused {
                processor.forget(outcome.operation)
            }
            let operation = Operation(recorded)
            processor.receive(
                operation?.group == group.name ? operation : nil,
                at: event.sequence
            )
            return .more
        }
    }

    func tell(_ outcome: OperationOutcome) throws {
        _ = try store.append(AppendRequest(ofSystem: [outcome.event], to: Operation.stream))
    }

    /// Changes what is stored in one transaction with the progress, or nothing.
    @discardableResult
    func transact<Result>(
        _ body: () throws -> Result,
        progress: (Result) -> GroupProgress
    ) throws -> Result {
        try storage.begin()
        do {
            let result = try body()
            try storage.commit(progress(result))
            return result
        } catch {
            storage.rollback()
            throw error
        }
    }

    /// Tells the end of a replay in whose middle another one began.
    private func tellReplaced(_ stored: GroupProgress, by progress: GroupProgress) throws {
        guard let earlier = stored.token.replay?.operation,
            let later = progress.token.replay?.operation, earlier != later
        else { return }
        try tell(OperationOutcome(of: earlier, .failed, "replaced by another replay, \(later)"))
    }

    private func reset(
        _ progress: GroupProgress,
        beforeCommit: () throws -> Void = {}
    ) throws {
        try transact {
            try storage.reset()
            try storage.removeLetters(after: .start)
            try beforeCommit()
        } progress: {
            progress
        }
        processor.note([], progress)
    }

    /// Notes that a batch was stored.
    func advanced(to progress: GroupProgress) throws {
        processor.handled(progress)
        advancedTime = now()
        try storeFailure(nil)
    }

    func noteRate(of progress: inout GroupProgress) {
        let count = progress.token.position.number - processor.progress.token.position.number
        decidedCount += count
        meter.note(decidedCount, at: now())
        if count >= GroupRun.measuredCountMin, progress.token.replay?.rateLimit == nil {
            progress.measuredRate = meter.ratePerSecond
        }
    }

    func storeFailure(_ message: String?) throws {
        guard message != storedFailure else { return }
        storedFailure = message
        try storage.storeFailure(message)
    }

    private func publishSigns() {
        let time = now()
        meter.note(decidedCount, at: time)
        storage.publish(
            ProcessorSigns(
                process: process,
                heartbeat: time,
                position: processor.progress.token.position,
                ratePerSecond: meter.ratePerSecond,
                advancedTime: advancedTime,
                failedPosition: processor.failure?.position
            )
        )
    }
}

extension ClosedRange<Position> {
    /// What a group says of positions that it has handled and the store does not hold.
    fileprivate var complaint: String {
        "the group has handled position \(upperBound), and the log does not hold positions "
            + "\(lowerBound) to \(upperBound): restore the log, or delete the group's database"
    }
}
