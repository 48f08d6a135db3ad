public import EventModel
public import OperationsModel

/// A replay of one group: planned, asked for, watched.
public struct ReplayState: Sendable {
    /// What to replay.
    public internal(set) var request: ReplayRequest?
    /// How far it has come.
    public internal(set) var stage = OperationStage.planning
    /// What it would do.
    public internal(set) var plan: ReplayPlan?
    /// The progress as last seen, kept when the replay is over.
    public internal(set) var progress: ProcessorStatus.Replay?
    /// The position the group had when last seen replaying.
    public internal(set) var position = Position.start
    /// The first failure seen since the replay began.
    public internal(set) var firstFailure: String?
    /// The last failure seen since the replay began.
    public internal(set) var lastFailure: String?
    /// Where the group stood at which time, oldest first, over the last 30 seconds.
    public internal(set) var samples: [Sample] = []
    /// When the position last moved.
    public internal(set) var advanceTime: Timestamp?
    /// When the outcome arrived.
    public internal(set) var endTime: Timestamp?

    /// Where the group stood at one moment.
    public struct Sample: Hashable, Sendable {
        /// The moment.
        public var time: Timestamp
        /// The last decided position.
        public var position: Position
    }

    /// Events a second over the last 30 seconds; nothing before there are two samples.
    public var rate: Double? {
        guard let first = samples.first, let last = samples.last, last.time > first.time
        else { return nil }
        let count = last.position.number - first.position.number
        return Double(count) / last.time.seconds(since: first.time)
    }

    /// The seconds left at the rate of the last 30 seconds; nothing while nothing moves.
    public var secondsLeft: Double? {
        guard let progress, let rate, rate > 0 else { return nil }
        let left = progress.to > position ? progress.to.number - position.number : 0
        return Double(left) / rate
    }

    /// The seconds since the position last moved.
    public func secondsStill(at now: Timestamp) -> Double {
        advanceTime.map { max(0, now.seconds(since: $0)) } ?? 0
    }

    /// Takes the group as it stands.
    mutating func take(_ status: ProcessorStatus, at now: Timestamp) {
        guard let (replay, reached) = status.rowsInTheMaking, !stage.isFinished else { return }
        if let failure = status.failure {
            firstFailure = firstFailure ?? failure
            lastFailure = failure
        }
        if progress?.operation != replay.operation {
            samples = []
            advanceTime = now
        }
        if reached != position { advanceTime = now }
        progress = replay
        position = reached
        if let last = samples.last, last.position > position || now <= last.time { samples = [] }
        samples.append(Sample(time: now, position: position))
        samples.removeAll { now.seconds(since: $0.time) > 30 }
        if case .planning = stage { stage = .watching(replay.operation) }
    }

    /// Takes what operators asked for, and looks for the outcome of this replay.
    mutating func take(_ operations: [OperationEntry], at now: Timestamp) {
        guard case .watching(let id) = stage,
            let entry = operations.first(where: { $0.id == id }), entry.outcome.isFinal
        else { return }
        stage = .finished(id, entry.outcome)
        endTime = entry.outcomeTime ?? now
        if case .completed = entry.outcome, let progress { position = progress.to }
    }
}

extension ProcessorStatus {
    /// The replay under way, in place or beside the rows in use, and how far it has come.
    fileprivate var rowsInTheMaking: (replay: Replay, reached: Position)? {
        if let replay { return (replay, position) }
        guard let shadow else { return nil }
        let replay = Replay(
            operation: shadow.operation,
            from: .start,
            to: position,
            startTime: shadow.startTime
        )
        return (replay, shadow.position ?? .start)
    }
}

extension OperationEntry.Outcome {
    /// Whether nothing more will come of the request.
    public var isFinal: Bool {
        switch self {
        case .pending, .running: false
        case .completed, .refused, .failed: true
        }
    }
}
