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
        let observer = GroupObserver(files: group.files, disk: disk)
        let broken = try HistoryBreak(of: progress, marks: observer.marks, in: log)
        guard let broken else { return nil }
        return ProcessorStatus.Rewind(
            ancestor: broken.ancestor?.position ?? .start,
            what: broken.what,
            remedy: log.readOnlyReason == nil
                ? "restore the log, or rewind the group to the common ancestor: "
                    + "'recount replay STORE \(group.name) --reason R' makes its rows from what is there"
                : "restore the log; where the events are lost for good, delete the group's "
                    + "database: it is built again from the start"
        )
    }
}
