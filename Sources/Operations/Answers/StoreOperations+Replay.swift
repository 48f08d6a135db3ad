import EventLog
import EventModel
import EventStorage
public import OperationsModel
import Processing
import ReadModels

extension StoreOperations {
    /// What a replay would do; reads no payload and changes nothing.
    public func plan(_ request: ReplayRequest) throws(OperationsError) -> ReplayPlan {
        try OperationsError.telling {
            let group = try self.group(request.group)
            let observation = try observe(group)
            let progress = observation.progress ?? GroupProgress()
            let rewind = try rewind(of: group, progress)
            let from = try startPosition(of: request.start)
            let selection = try selection(of: request)
            let furthest = progress.furthestPosition
            let to = min(furthest, selection.end ?? furthest)
            let counts = try countTypes(after: from, through: max(from, to), selection)
            let policies = group.replayPolicies(for: counts.types.keys)
            let rate = progress.measuredRate
            return ReplayPlan(
                request: request,
                from: from,
                to: to,
                types: counts.types
                    .map { type, count in
                        ReplayPlan.TypeCount(
                            type: type,
                            count: count,
                            handling: ReplayPlan.Handling(policies[type])
                        )
                    }
                    .sorted { ($1.count, $0.type) < ($0.count, $1.type) },
                streamCount: counts.streamCount,
                measuredRate: rate,
                secondsExpected: rate.flatMap {
                    ReplayPlan.seconds(for: to.number - min(from, to).number, at: $0, request)
                },
                tables: group.tables,
                readers: readers(of: group, observation),
                size: try GroupObserver(files: group.files, disk: disk).size(),
                deadLetterCount: request.isPartial
                    ? 0 : Int(progress.accounting.deadLettered),
                notes: (rewind.map { [$0.note] } ?? [])
                    + notes(on: group, request, kept: observation.kept),
                refusal: progress.refusal(
                    ofReplayAfter: from,
                    selection,
                    isShadow: request.isShadow,
                    isIdempotent: group.isIdempotent,
                    isAheadOfHistory: rewind != nil
                )
            )
        }
    }

    /// The group with a name.
    func group(_ name: String) throws(OperationsError) -> ReadModelGroup {
        if let group = domain.groups.first(where: { $0.name == name }) { return group }
        let names = domain.groups.map(\.name).joined(separator: ", ")
        throw OperationsError(
            .notFound,
            "there is no processing group \(name); "
                + (names.isEmpty ? "the store's model defines none" : "there are \(names)")
        )
    }

    /// The position after which a replay starts.
    func startPosition(of start: ReplayRequest.Start) throws -> Position {
        switch start {
        case .beginning: .start
        case .after(let position): position
        case .time(let time): try firstPosition(recordedFrom: time)
        }
    }

    /// The events that a replay handles again.
    func selection(of request: ReplayRequest) throws -> ReplaySelection {
        let end: Position? =
            switch request.end {
            case .group: nil
            case .position(let position): position
            case .time(let time): try firstPosition(recordedFrom: time)
            }
        return ReplaySelection(end: end, streams: request.streams, types: request.types)
    }

    /// The position before the first event recorded at or after a time.
    private func firstPosition(recordedFrom time: Timestamp) throws -> Position {
        try lastPosition { $0 < time }
    }

    /// The position of the last event recorded at or before a time.
    func lastPosition(recordedThrough time: Timestamp) throws -> Position {
        try lastPosition { $0 <= time }
    }

    /// The last position whose recorded time, which never decreases, is early enough, found by
    /// bisection.
    private func lastPosition(where isEarly: (Timestamp) -> Bool) throws -> Position {
        var low: UInt64 = 0
        var high = try log.head().number
        while low < high {
            let middle = low + (high - low) / 2
            guard let event = try log.event(at: Position(middle + 1)) else { break }
            if isEarly(event.recordedTime) { low = middle + 1 } else { high = middle }
        }
        return Position(low)
    }

    private func countTypes(
        after from: Position,
        through to: Position,
        _ selection: ReplaySelection
    ) throws -> (types: [EventType: UInt64], streamCount: Int) {
        var types: [EventType: UInt64] = [:]
        var streams: Set<StreamName> = []
        try log.read(EventSelection(after: from, through: to)) { event in
            guard selection.contains(event) else { return .more }
            types[event.eventType, default: 0] += 1
            streams.insert(event.streamName)
            return .more
        }
        return (types, streams.count)
    }

    private func notes(
        on group: ReadModelGroup,
        _ request: ReplayRequest,
        kept: KeptGeneration?
    ) -> [String] {
        var notes: [String] = []
        if request.isPartial {
            notes.append("the rows stay, and the chosen events are handled on them once more")
            notes.append("dead letters stay as they are; 'recount dead-letters' retries them")
        } else if request.isShadow {
            notes.append("readers see the rows in use until the new ones have caught up")
        } else {
            notes.append("the tables are emptied first; who opens them then sees them fill up")
        }
        notes.append(noteOnReaders(of: group))
        notes.append("the rows in use are kept; 'recount undo' puts them back")
        if let kept {
            notes.append("the rows kept of before operation \(kept.operation) are removed")
        }
        let others = domain.groups.count - 1
        if others > 0 { notes.append("the other \(others) groups go on unaffected") }
        return notes
    }
}

extension ReplayPlan.Handling {
    fileprivate init(_ policy: ReplayPolicy?) {
        self =
            switch policy {
            case .handled: .same
            case .replaced: .replaced
            case .muted: .muted
            case nil: .none
            }
    }
}

extension ReplayPlan {
    /// How far the time a replay takes may differ from what the measured rate says.
    private static let spread = 0.7...1.6

    /// The time that events take at a rate, as a range.
    fileprivate static func seconds(
        for count: UInt64,
        at measuredRate: Double,
        _ request: ReplayRequest
    ) -> ClosedRange<Double>? {
        let rate = min(measuredRate, request.rateLimit.map(Double.init) ?? .infinity)
        guard rate > 0 else { return nil }
        let seconds = Double(count) / rate
        return seconds * spread.lowerBound...seconds * spread.upperBound
    }
}

extension ProcessorStatus.Rewind {
    /// What a replay means for a group whose log holds another history.
    fileprivate var note: String {
        "the group goes back to position \(ancestor), the common ancestor: events up to there are "
            + "replays, later ones are new to it"
    }
}
