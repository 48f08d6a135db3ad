import EventLog
public import EventModel
import EventStorage
public import OperationsModel
import Processing
import ReadModels

extension StoreOperations {
    /// Whether the rows of groups show everything that happened in a stream, and why not.
    ///
    /// - Parameters:
    ///   - stream: the stream.
    ///   - name: the group; nothing means every group.
    /// - Returns: a standing for each group.
    /// - Throws: ``OperationsError`` where there is no such stream or group, and where the storage
    ///   fails.
    public func standings(
        of stream: StreamName,
        in name: String?
    ) throws(OperationsError) -> [StreamStanding] {
        let wanted = try name.map { name throws(OperationsError) in try group(name) }
        let processors = try processors()
        return try OperationsError.telling {
            guard let last = try lastEvent(of: stream) else {
                throw OperationsError(.notFound, "there is no stream \(stream)")
            }
            return try (wanted.map { [$0] } ?? domain.groups).compactMap { group in
                guard let processor = processors.first(where: { $0.group == group.name }) else {
                    return nil
                }
                return try standing(of: last, in: group, processor)
            }
        }
    }

    /// The last event of a stream; nothing where there is none.
    func lastEvent(of stream: StreamName) throws -> RecordedEvent? {
        var last: RecordedEvent?
        try log.read(EventSelection(.stream(stream), direction: .backwards)) { event in
            last = event.recorded
            return .stop
        }
        return last
    }

    /// How a group stands with a stream whose last event is known.
    func standing(
        of event: RecordedEvent,
        in group: ReadModelGroup,
        _ processor: ProcessorStatus
    ) throws -> StreamStanding {
        let key = event.withView { group.sequencing.key(of: $0) }
        let letters = try GroupObserver(files: group.files, disk: disk).letters(of: key)
            .map { try sequence($0, of: group.name) }
        let isHeldBack = letters.map { $0.position <= event.position } ?? false
        var causes: [String] = []
        var remedy: String?
        if isHeldBack, let letters, event.position <= processor.position {
            let what = letters.position == event.position ? "it" : "position \(letters.position)"
            let cause = letters.cause ?? "about to be tried again"
            causes.append("\(what) is a dead letter: \(cause)")
            remedy = "mend the projection and retry the letter, or discard it"
        }
        var processor = processor
        let segment = processor.segment(of: SequenceHash(of: key).bits)
        if processor.segmentCount > 1, let segment {
            // What matters is the share of the group that the stream is in.
            processor.position = segment.position
            processor.owner = segment.owner
            processor.heartbeatSeconds = segment.heartbeatSeconds
            if segment.owner == nil { processor.state = .noHost }
        }
        if let rewind = processor.rewind {
            if event.position > rewind.ancestor {
                causes.append(rewind.what)
                remedy = rewind.remedy
            }
        } else if event.position > processor.position {
            causes.append(processor.delay(before: event.position))
            remedy = remedy ?? processor.remedyOfDelay
        }
        if let replay = processor.replay {
            causes.append("the rows are made anew by operation \(replay.operation)")
        }
        return StreamStanding(
            group: group.name,
            stream: event.stream,
            lastPosition: event.position,
            processor: processor,
            sequenceKey: key,
            segment: segment,
            letters: letters,
            causes: causes,
            remedy: remedy
        )
    }
}

extension ProcessorStatus {
    /// The segment that takes a sequence; nothing where the group never ran.
    fileprivate func segment(of hash: UInt32) -> SegmentStatus? {
        segments.first { hash & ($0.shareCount - 1) == $0.number }
    }

    /// Why an event has not been decided yet.
    fileprivate func delay(before event: Position) -> String {
        let place = "the group is at position \(position), \(event.number - position.number) before"
        switch state {
        case .paused: return "\(place): it is paused: \(pauseReason ?? "")"
        case .failing: return "\(place): it fails: \(failure ?? "")"
        case .stalled: return "\(place): its process \(owner ?? "") hangs"
        case .noHost: return "\(place): no process runs it"
        case .live, .catchingUp, .replaying, .aheadOfHistory:
            guard ratePerSecond > 0 else { return place }
            let seconds = Double(event.number - position.number) / ratePerSecond
            return "\(place), about \(Int(seconds.rounded(.up))) s at its rate"
        }
    }

    fileprivate var remedyOfDelay: String? {
        switch state {
        case .paused: "resume the group when the reason is gone"
        case .failing: "mend the projection, then resume the group"
        case .stalled: "look at the process, restart it if it hangs"
        case .noHost: "start the application, or recount run"
        case .live, .catchingUp, .replaying, .aheadOfHistory: nil
        }
    }
}
