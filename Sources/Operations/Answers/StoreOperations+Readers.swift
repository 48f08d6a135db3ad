import Disk
import OperationsModel
import Processing
import ReadModels

extension StoreOperations {
    /// The other processes that have the rows in use of a group open; nothing where the operating
    /// system does not show that.
    func readers(
        of group: ReadModelGroup,
        _ observation: GroupObserver.Observation
    ) -> TableReaders? {
        guard let openers = FileOpeners(of: group.files.database) else { return nil }
        let hosts = Set(observation.owners.values.map(\.process))
        let readers = openers.openers.map { opener in
            TableReaders.Reader(
                process: opener.process,
                name: opener.name,
                isHost: hosts.contains(opener.process)
            )
        }
        return TableReaders(readers, isComplete: openers.isComplete)
    }

    /// What becomes of readers that have the rows in use open when new ones take their place.
    func noteOnReaders(of group: ReadModelGroup) -> String {
        func name(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }
        let files = group.files
        return "who has \(name(files.database)) open sees no more changes once "
            + "\(name(files.nextDatabase)) is in use, until opening that"
    }
}
