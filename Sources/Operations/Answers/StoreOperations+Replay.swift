import Disk
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
            let from = try startPosition(of: request.start)
            let to = progress.token.position
            let counts = try countTypes(after: from, through: max(from, to))
            let handled = group.handledTypes.map(Set.init)
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
                            isHandled: handled?.contains(type) ?? true
                        )
                    }
                    .sorted { ($1.count, $0.type) < ($0.count, $1.type) },
                streamCount: counts.streamCount,
                measuredRate: rate,
                secondsExpected: rate.flatMap {
                    ReplayPlan.seconds(for: to.number - min(from, to).number, at: $0, request)
                },
                tables: group.tables,
                size: try size(of: group),
                deadLetterCount: try GroupObserver(files: group.files, disk: disk)
                    .letterCount(after: from),
                notes: notes(on: group, request, from: from, kept: observation.kept),
                refusal: refusal(of: group, request, from: from, progress: progress)
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

    /// The position before the first event recorded at or after a time, found by bisection.
    private func firstPosition(recordedFrom time: Timestamp) throws -> Position {
        var low: UInt64 = 0
        var high = try log.head().number
        while low < high {
            let middle = low + (high - low) / 2
            guard let event = try log.event(at: Position(middle + 1)) else { break }
            if event.recordedTime < time { low = middle + 1 } else { high = middle }
        }
        return Position(low)
    }

    private func countTypes(
        after from: Position,
        through to: Position
    ) throws -> (types: [EventType: UInt64], streamCount: Int) {
        var types: [EventType: UInt64] = [:]
        var streams: Set<StreamName> = []
        try log.read(EventSelection(after: from, through: to)) { event in
            types[event.eventType, default: 0] += 1
            streams.insert(event.streamName)
            return .more
        }
        return (types, streams.count)
    }

    /// The bytes of the database in use.
    private func size(of group: ReadModelGroup) throws -> Int {
        let path = group.files.database
        return disk.exists(path) ? try disk.open(path, writable: false).size() : 0
    }

    private func notes(
        on group: ReadModelGroup,
        _ request: ReplayRequest,
        from: Position,
        kept: KeptGeneration?
    ) -> [String] {
        var notes: [String] = []
        if request.isShadow {
            notes.append("readers see the rows in use until the new ones have caught up")
        } else if from == .start {
            notes.append("the tables are emptied first; readers see them fill up again")
        }
        notes.append("the rows in use are kept; 'recount undo' puts them back")
        if let kept {
            notes.append("the rows kept of before operation \(kept.operation) are removed")
        }
        let others = domain.groups.count - 1
        if others > 0 { notes.append("the other \(others) groups go on unaffected") }
        return notes
    }

    private func refusal(
        of group: ReadModelGroup,
        _ request: ReplayRequest,
        from: Position,
        progress: GroupProgress
    ) -> String? {
        if request.isShadow, from > .start {
            return "new rows beside those in use are made from the start"
        }
        if let shadow = progress.shadow {
            return "operation \(shadow.operation) is making new rows; let it end, or undo it"
        }
        if from >= progress.token.position {
            return "the group has not handled anything after position \(from)"
        }
        if from > .start && !group.isIdempotent {
            return "handling an event twice would change its tables; replay it from the start"
        }
        return nil
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
