import EventLog
import EventModel
import EventStorage
import OperationsModel
import Processing
import ReadModels

/// How groups go on whose log holds another history than the one they have handled.
extension StoreOperations {
    /// How a group can go on; nothing where the log holds what it has handled.
    func rewind(
        of group: ReadModelGroup,
        _ progress: GroupProgress
    ) throws -> ProcessorStatus.Rewind? {
        guard let broken = try historyBreak(of: group, progress) else { return nil }
        var rewind = ProcessorStatus.Rewind(
            ancestor: broken.ancestor,
            obstacle: group.partialReplayObstacle,
            what: broken.what,
            remedy: ""
        )
        if rewind.obstacle == nil, progress.accounting.deadLettered > 0 {
            rewind.obstacle = "its dead letters may be of events that the log does not hold"
        }
        rewind.remedy =
            log.readOnlyReason == nil
            ? rewind.replay(of: group.name)
            : "restore the log; where the events are lost for good, delete the group's database: "
                + "it is built again from the start"
        return rewind
    }

    private func historyBreak(
        of group: ReadModelGroup,
        _ progress: GroupProgress
    ) throws -> HistoryBreak? {
        let observer = GroupObserver(files: group.files, disk: disk)
        let marks = progress.segments.compactMap(\.mark)
        if let broken = try HistoryBreak(marks, earlier: observer.marks, in: log) { return broken }
        let (furthest, head) = (progress.furthestPosition, try log.head())
        guard furthest > head else { return nil }
        return HistoryBreak(position: furthest, head: head, ancestor: head)
    }
}

extension ReadModelGroup {
    /// Why only a replay of everything is right; nothing where a part may be replayed.
    var partialReplayObstacle: String? {
        isIdempotent ? nil : "handling an event twice would change its tables"
    }
}

extension ProcessorStatus.Rewind {
    /// The command that puts the rows right, and why it is not another one.
    fileprivate func replay(of group: String) -> String {
        let command = "recount replay STORE \(group)"
        if case .after(let position) = start {
            return "restore the log, or rewind to the common ancestor: "
                + "'\(command) --from \(position) --reason R'"
        }
        let cause = obstacle.map { ", since \($0)" } ?? ""
        return "restore the log, or replay from the start\(cause): '\(command) --reason R'"
    }
}
