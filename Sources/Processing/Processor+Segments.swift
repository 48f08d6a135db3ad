public import EventModel

/// Segments of a group that are at the same place and go on together.
public struct SegmentTeam: Hashable, Sendable {
    /// Where they are among the segments of the group.
    public var indices: [Int]
    /// Their token.
    public var token: TrackingToken
    /// The place of the next segment before them, at which they stop; nothing where there is none.
    public var endPosition: Position?
}

/// How a processor deals with the segments of its group.
extension Processor {
    /// Whether this process has claimed a segment.
    func isClaimed(_ segment: Segment) -> Bool { claimed?.contains(segment) ?? true }

    /// Whether this process has claimed all segments of the group, as what changes the group as a
    /// whole wants it.
    public var hasAllSegments: Bool { progress.segments.allSatisfy { isClaimed($0.segment) } }

    /// Whether this process obeys the operations on the group: that with the first segment does.
    public var isLeader: Bool { isClaimed(progress.segments[0].segment) }

    /// Whether something is to be done, or under way, that wants all segments in one process.
    public var needsAllSegments: Bool {
        progress.retry != nil || progress.shadow != nil
            || operations.first?.operation.act.changesOnlyProgress == false
    }

    /// The claimed segments to go on with: those at the place of the one furthest behind.
    public var team: SegmentTeam {
        let own = progress.segments.indices.filter { isClaimed(progress.segments[$0].segment) }
        precondition(!own.isEmpty, "A processor has at least one segment.")
        var team = SegmentTeam(
            indices: [],
            token: progress.segments[own[0]].token
        )
        for index in own {
            let token = progress.segments[index].token
            if token.position < team.token.position { team.token = token }
        }
        for index in own {
            let token = progress.segments[index].token
            if token == team.token {
                team.indices.append(index)
            } else if token.position > team.token.position {
                team.endPosition = min(team.endPosition ?? token.position, token.position)
            }
        }
        return team
    }

    /// Whether an operation can be obeyed now; a later one waits behind one that cannot.
    func mayObey(_ operation: Operation) -> Bool {
        guard hasAllSegments else { return operation.act.changesOnlyProgress }
        guard case .merge(_, let number) = operation.act,
            case .success(let (half, sibling)) = halves(number)
        else { return true }
        // The one behind comes to where the other is, unless something keeps it. Nobody has to wait
        // for that with a pause.
        let (first, second) = (progress.segments[half].token, progress.segments[sibling].token)
        let isUrgent = operations.dropFirst().contains { $0.operation.act.changesOnlyProgress }
        return first == second || first.replay != second.replay || isStopped || isUrgent
    }

    mutating func split(_ operation: Operation, number: UInt32?) -> Action {
        if let shadow = progress.shadow { return refuse(operation, shadow.refusal) }
        if progress.sequencing == .oneAtATime {
            return refuse(operation, "all events of the group are one sequence, and so one segment")
        }
        if historyBreak != nil {
            return refuse(operation, "the log does not hold the events that are to be divided")
        }
        let largest = progress.segments.min { $0.segment.mask < $1.segment.mask }
        let chosen = number.map { number in
            progress.segments.first { $0.segment.id == number }
        }
        guard let segment = (chosen ?? largest)?.segment else {
            return refuse(operation, noSegment)
        }
        guard segment.halves != nil else {
            return refuse(operation, "segment \(segment) is as small as a segment can be")
        }
        return .split(segment, progress, of: operation.id)
    }

    mutating func merge(_ operation: Operation, number: UInt32?) -> Action {
        if let shadow = progress.shadow { return refuse(operation, shadow.refusal) }
        switch halves(number) {
        case .failure(let refusal): return refuse(operation, refusal.reason)
        case .success(let (half, sibling)):
            let (first, second) = (progress.segments[half], progress.segments[sibling])
            guard let merged = first.merged(with: second) else {
                return refuse(
                    operation,
                    "segment \(first.segment) is at position \(first.token.position) and "
                        + "\(second.segment) at \(second.token.position): try again when both are "
                        + "at the same place"
                )
            }
            progress.segments[min(half, sibling)] = merged
            progress.segments.remove(at: max(half, sibling))
            let message = "merged segments \(first.segment) and \(second.segment)"
            return complete(
                operation,
                message,
                before: "\(progress.segments.count + 1) segments",
                after: progress.segments.count == 1
                    ? "1 segment" : "\(progress.segments.count) segments"
            )
        }
    }

    private var noSegment: String {
        let numbers = progress.segments.map { String($0.segment.id) }.joined(separator: ", ")
        return "there is no such segment; there are \(numbers)"
    }

    /// Why segments are not merged.
    private struct MergeRefusal: Error {
        let reason: String
    }

    /// Where the halves are of which one has a number, or the smallest ones.
    private func halves(_ number: UInt32?) -> Result<(Int, Int), MergeRefusal> {
        let segments = progress.segments
        let smallest = segments.max { $0.segment.mask < $1.segment.mask }?.segment.id
        guard let half = segments.firstIndex(where: { $0.segment.id == number ?? smallest }) else {
            return .failure(MergeRefusal(reason: noSegment))
        }
        let segment = segments[half].segment
        guard let other = segment.sibling else {
            return .failure(MergeRefusal(reason: "the group has one segment"))
        }
        guard let sibling = segments.firstIndex(where: { $0.segment == other }) else {
            return .failure(
                MergeRefusal(reason: "the other half of segment \(segment) is split itself")
            )
        }
        return .success((half, sibling))
    }
}

extension Operation.Act {
    /// Whether it changes nothing but what is stored of the group with its first segment.
    fileprivate var changesOnlyProgress: Bool {
        switch self {
        case .pause, .resume, .effect, .snapshotStream, .snapshotCategory, .snapshotStale: true
        case .replay, .undo, .letGo, .retry, .discard, .skip, .split, .merge: false
        }
    }
}
