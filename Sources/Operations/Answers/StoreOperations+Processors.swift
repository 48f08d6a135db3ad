import EventLog
import EventModel
import EventStorage
public import OperationsModel
import Processing
import ReadModels

extension StoreOperations {
    /// How every processing group stands, sorted by name.
    public func processors() throws(OperationsError) -> [ProcessorStatus] {
        try OperationsError.telling {
            // The head is looked at after the groups, which would else seem to be ahead of it.
            let observations = domain.groups.map { group in
                (group, Result { try observe(group) })
            }
            let head = try log.head()
            return try observations.map { try status(of: $0, $1, head: head) }
        }
    }

    /// How one group stands; one whose database cannot be read is failing, and the others are not.
    private func status(
        of group: ReadModelGroup,
        _ observation: Result<GroupObserver.Observation, any Error>,
        head: Position
    ) throws -> ProcessorStatus {
        switch observation {
        case .success(let observation):
            return try status(of: group, observation, head: head)
        case .failure(let error):
            let unread = GroupObserver.Observation(failure: String(describing: error))
            var status = try status(of: group, unread, head: head)
            status.state = .failing
            return status
        }
    }

    /// How one group stands.
    private func status(
        of group: ReadModelGroup,
        _ observation: GroupObserver.Observation,
        head: Position
    ) throws -> ProcessorStatus {
        let token = observation.progress?.token ?? TrackingToken()
        let time = now()
        let signs = observation.signs
        var status = ProcessorStatus(
            group: group.name,
            state: .noHost,
            position: token.position,
            head: head,
            lagSeconds: try lagSeconds(after: token.position, at: time),
            ratePerSecond: signs?.ratePerSecond ?? 0,
            owner: signs.map { "\($0.process)@\(identity.host)" },
            heartbeatSeconds: signs.map { max(0, time.seconds(since: $0.heartbeat)) },
            deadLetterCount: Int(observation.progress?.accounting.deadLettered ?? 0),
            accounting: observation.progress.map(ProcessorStatus.Accounting.init),
            failure: observation.failure,
            replay: token.replay.map {
                ProcessorStatus.Replay(
                    operation: $0.operation,
                    from: $0.startPosition,
                    to: $0.resetPosition,
                    startTime: $0.startTime
                )
            },
            shadow: observation.progress?.shadow.map {
                ProcessorStatus.Shadow(
                    operation: $0.operation,
                    position: signs?.shadowPosition,
                    startTime: $0.startTime
                )
            },
            kept: observation.kept.map {
                ProcessorStatus.Kept(operation: $0.operation, position: $0.position)
            },
            pauseReason: observation.progress?.pauseReason,
            projections: group.projections,
            tables: group.tables
        )
        let advancedSeconds = signs.map { time.seconds(since: $0.advancedTime) } ?? 0
        status.state = status.judged(advancedSeconds: advancedSeconds)
        return status
    }

    /// The age of the oldest event after a position; 0 where there is none.
    private func lagSeconds(after position: Position, at time: Timestamp) throws -> Double {
        var recorded: Timestamp?
        try log.read(EventSelection(after: position)) { event in
            recorded = event.recordedTime
            return .stop
        }
        return recorded.map { max(0, time.seconds(since: $0)) } ?? 0
    }
}

extension ProcessorStatus.Accounting {
    fileprivate init(_ progress: GroupProgress) {
        self.init(
            after: progress.accountedFrom,
            through: progress.token.decidedPosition,
            handled: progress.accounting.handled,
            filtered: progress.accounting.filtered,
            deadLettered: progress.accounting.deadLettered,
            skipped: progress.accounting.skipped
        )
    }
}

extension ProcessorStatus {
    /// Events of lag up to which a group counts as live.
    private static let liveEventsMax: UInt64 = 100
    /// Seconds without a sign of life or an advance after which a group counts as stalled.
    private static let stalledSeconds = 30.0

    /// The state that follows from the other facts.
    func judged(advancedSeconds: Double) -> State {
        if position > head { return .aheadOfHistory }
        guard owner != nil else { return .noHost }
        if pauseReason != nil { return .paused }
        if failure != nil { return .failing }
        let isSilent = (heartbeatSeconds ?? 0) > ProcessorStatus.stalledSeconds
        let isStuck = lagEvents > 0 && advancedSeconds > ProcessorStatus.stalledSeconds
        if isSilent || isStuck { return .stalled }
        if replay != nil { return .replaying }
        return lagEvents > ProcessorStatus.liveEventsMax ? .catchingUp : .live
    }
}
