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
            ratePerSecond: observation.owners.values.reduce(0) { $0 + $1.ratePerSecond },
            segments: segments(observation, at: time),
            owner: signs.map(name(ofOwner:)),
            heartbeatSeconds: signs.map { max(0, time.seconds(since: $0.heartbeat)) },
            deadLetterCount: Int(observation.progress?.accounting.deadLettered ?? 0),
            accounting: observation.progress.map(ProcessorStatus.Accounting.init),
            failure: observation.failure,
            replay: observation.progress?.replay.map {
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
            effectKinds: group.effectKinds,
            projections: group.projections,
            tables: group.tables
        )
        let advancedSeconds = signs.map { time.seconds(since: $0.advancedTime) } ?? 0
        status.state = status.judged(advancedSeconds: advancedSeconds)
        if let progress = observation.progress,
            let rewind = try rewind(of: group, progress)
        {
            status.state = .aheadOfHistory
            status.rewind = rewind
            status.failure = "\(rewind.what): \(rewind.remedy)"
        } else if let hung = try hungHandler(observation, at: time) {
            status.state = .stalled
            status.failure = hung
        }
        return status
    }

    /// Which event the handlers of a group have had in their hands for too long; nothing where they
    /// have none.
    private func hungHandler(
        _ observation: GroupObserver.Observation,
        at time: Timestamp
    ) throws -> String? {
        let handling = observation.owners.values.compactMap(\.handling)
            .min { $0.seenTime < $1.seenTime }
        guard let handling else { return nil }
        let seconds = time.seconds(since: handling.seenTime)
        guard seconds > ProcessorStatus.stalledSeconds,
            let event = try log.event(at: handling.position)
        else { return nil }
        return "a handler has not come back for \(Int(seconds)) s from position "
            + "\(event.position), \(event.type) in \(event.stream)"
    }

    private func name(ofOwner signs: ProcessorSigns) -> String {
        "\(signs.process)@\(identity.host)"
    }

    private func segments(
        _ observation: GroupObserver.Observation,
        at time: Timestamp
    ) -> [SegmentStatus] {
        (observation.progress?.segments ?? []).map { segment in
            let signs = observation.owners[segment.segment]
            return SegmentStatus(
                number: segment.segment.id,
                shareCount: segment.segment.mask + 1,
                position: segment.token.position,
                processedPosition: signs?.handling.map {
                    max(segment.token.position, Position($0.position.number - 1))
                },
                owner: signs.map(name(ofOwner:)),
                heartbeatSeconds: signs.map { max(0, time.seconds(since: $0.heartbeat)) }
            )
        }
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
            skipped: progress.accounting.skipped,
            isComplete: progress.isAccountedFor
        )
    }
}

extension ProcessorStatus {
    /// Events of lag up to which a group counts as live.
    private static let liveEventsMax: UInt64 = 100
    /// Seconds without a sign of life or an advance after which a group counts as stalled.
    fileprivate static let stalledSeconds = 30.0

    /// The state that follows from the other facts.
    func judged(advancedSeconds: Double) -> State {
        if position > head { return .aheadOfHistory }
        guard owner != nil else { return .noHost }
        if pauseReason != nil { return .paused }
        if failure != nil { return .failing }
        let isSilent = (heartbeatSeconds ?? 0) > ProcessorStatus.stalledSeconds
        // What has just come has not been waiting since the group advanced last.
        let waitedSeconds = lagEvents > 0 ? min(lagSeconds, advancedSeconds) : 0
        let isStuck = waitedSeconds > ProcessorStatus.stalledSeconds
        if isSilent || isStuck { return .stalled }
        if replay != nil { return .replaying }
        return lagEvents > ProcessorStatus.liveEventsMax ? .catchingUp : .live
    }
}
