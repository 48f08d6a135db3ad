import EventModel
import EventSchema
import EventStorage

/// Performs what a ``Processor`` decides, on the rows of one group.
final class GroupRun {
    private let storage: any GroupStorage
    private let group: any ProcessingGroup
    private let store: any EventStore
    private let process: Int32
    private let now: TimeSource
    private var processor: Processor
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
        processor = Processor(progress, isIdempotent: storage.isIdempotent)
        meter.note(0, at: advancedTime)
        if stored == nil { try reset(progress) }
        try storage.storeFailure(nil)
    }

    /// How long a transaction goes on taking in events, so that a slow group obeys soon too.
    private static let batchTime = Duration.milliseconds(100)

    /// The events of a batch from which the rate says how fast the group can go.
    private static let measuredCountMin: UInt64 = 200

    /// How the group stands.
    var status: RunnerStatus {
        RunnerStatus(
            position: processor.progress.token.position,
            isPaused: processor.progress.pauseReason != nil,
            failure: processor.failure?.message ?? processor.missingPositions?.complaint,
            isAheadOfHistory: processor.missingPositions != nil
        )
    }

    /// Does the next thing.
    ///
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
            try storage.begin()
            try storage.commit(progress)
        case .reset(let progress, let outcome):
            try tell(outcome)
            try obeyReset(progress, of: outcome.operation, before: stored)
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

    private func tell(_ outcome: OperationOutcome) throws {
        _ = try store.append(AppendRequest(ofSystem: [outcome.event], to: Operation.stream))
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
        try storage.begin()
        do {
            try storage.reset()
            try beforeCommit()
            try storage.commit(progress)
        } catch {
            storage.rollback()
            throw error
        }
    }

    /// Handles a batch; where an event fails, those before it are stored first.
    private func handle(after position: Position, limit: Int) throws {
        let last = Position(position.number + UInt64(limit))
        do {
            try handleBatch(after: position, through: last)
        } catch let failure as HandlingFailure {
            if failure.position.number > position.number + 1 {
                let before = Position(failure.position.number - 1)
                try handleBatch(after: position, through: before)
            }
            processor.failed(at: failure.position, failure.description, now: now())
            try storeFailure(failure.description)
        }
    }

    private func handleBatch(after position: Position, through last: Position) throws {
        var progress = processor.progress
        var failure: (any Error)?
        try storage.begin()
        do {
            let selection = EventSelection(after: position, through: last)
            let end = ContinuousClock.now + GroupRun.batchTime
            try store.read(selection) { event in
                do {
                    try handle(event, &progress)
                    return ContinuousClock.now < end ? .more : .stop
                } catch let error {
                    failure = HandlingFailure(event, cause: String(describing: error))
                    return .stop
                }
            }
            if let failure { throw failure }
            noteRate(of: &progress)
            try storage.commit(progress)
        } catch {
            storage.rollback()
            throw error
        }
        processor.handled(progress)
        advancedTime = now()
        try storeFailure(nil)
    }

    private func handle(_ event: borrowing EventView, _ progress: inout GroupProgress) throws {
        let isReplay = progress.token.isReplay(event.position)
        let isHandled = try !event.isOfSystem && storage.handle(event, isReplay: isReplay)
        progress.token.advance(to: event.position)
        if isHandled {
            progress.accounting.handled += 1
        } else {
            progress.accounting.filtered += 1
        }
    }

    private func noteRate(of progress: inout GroupProgress) {
        let count = progress.token.position.number - processor.progress.token.position.number
        decidedCount += count
        meter.note(decidedCount, at: now())
        if count >= GroupRun.measuredCountMin, progress.token.replay?.rateLimit == nil {
            progress.measuredRate = meter.ratePerSecond
        }
    }

    private func storeFailure(_ message: String?) throws {
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

/// An event that a group could not handle.
struct HandlingFailure: Error, CustomStringConvertible {
    let position: Position
    let description: String

    init(_ event: borrowing EventView, cause: String) {
        position = event.position
        let form = EventForm(event.eventType, revision: event.revision)
        description = "position \(event.position), \(form) in \(event.streamName): \(cause)"
    }
}

extension EventView {
    /// Whether the event belongs to Recount itself, whose streams start with `$`.
    fileprivate var isOfSystem: Bool {
        !stream.isEmpty && stream.unsafeLoad(as: UInt8.self) == UInt8(ascii: "$")
    }
}
