public import Disk
public import EventLog
public import EventStorage
import EventModel
import OperationsModel
import Processing
import ReadModels

extension EventLog {
    /// Opens a store as programs use it: one whose groups have handled events that the log does not
    /// hold is opened for reading only, so that no other events take their positions.
    ///
    /// Takes as long as opening the log and reading one row of each group's database.
    ///
    /// - Throws: ``StorageError`` where there is no store, or it cannot be read.
    public static func openHeld(
        _ directory: StoreDirectory,
        disk: any Disk = RealDisk()
    ) throws(StorageError) -> EventLog {
        let witnesses = StoreWitnesses(of: directory, disk: disk)
        let log = try EventLog.open(directory, disk: disk)
        try log.hold(against: witnesses.witnesses)
        return log
    }
}

/// What beside the log of a store tells how far the log went.
struct StoreWitnesses {
    /// Those that could be read.
    private(set) var witnesses: [LogWitness] = []
    /// Those that could not, and so are none.
    private(set) var problems: [Problem] = []

    /// Reads the tokens of all groups that have a database, whatever the program knows of them.
    init(of directory: StoreDirectory, disk: any Disk) {
        do {
            for stored in try StoredToken.all(in: directory.groups, disk: disk) { take(stored) }
        } catch {
            note("the databases of the groups cannot be listed: \(error)", file: directory.groups)
        }
    }

    private mutating func take(_ stored: StoredToken) {
        switch stored.position {
        case .success(let position?):
            witnesses.append(
                LogWitness(
                    position: position,
                    what: "processing group \(stored.group) (\(stored.path)) has handled"
                )
            )
        case .success(nil): break
        case .failure(let error):
            note(
                "the database of processing group \(stored.group) cannot be read, and so does "
                    + "not tell how far the log went: \(error)",
                file: stored.path
            )
        }
    }

    private mutating func note(_ summary: String, file: String) {
        problems.append(
            Problem(
                severity: .warning,
                place: .store,
                summary: summary,
                remedy: "check the disk; where the file is damaged, delete it, and the group is "
                    + "built again from the start",
                kind: "groupUnreadable",
                file: file
            )
        )
    }
}
