public import Disk
public import EventModel
import Processing
import SQLiteDatabase

/// How far a group has come, as its database tells, whatever the program knows of the group.
public struct StoredToken {
    /// The name of the group.
    public let group: String
    /// The path of its database.
    public let path: String
    /// The last position it ever decided, in whatever segment; nothing where it never ran; an error
    /// where the database cannot be read.
    public let position: Result<Position?, any Error>

    /// The tokens of all groups that have a database in a directory, by the names of the files;
    /// none where there is no such directory.
    ///
    /// - Throws: ``DiskError`` where the directory cannot be read.
    public static func all(
        in directory: String,
        disk: any Disk = RealDisk()
    ) throws(DiskError) -> [StoredToken] {
        guard disk.exists(directory) else { return [] }
        let groups = Set(try disk.names(in: directory).compactMap(GroupFiles.group(ofDatabase:)))
        return groups.sorted().map { group in
            let path = GroupFiles(group: group, directory: directory, disk: disk).database
            return StoredToken(group: group, path: path, position: Result { try read(path) })
        }
    }

    private static func read(_ path: String) throws -> Position? {
        let database = try SQLiteConnection(path: path, mode: .readOnly)
        return try ProgressSQL.loadProgress(from: database)?.progress.everDecidedPosition
    }
}
