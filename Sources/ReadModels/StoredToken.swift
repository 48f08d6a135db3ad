public import Disk
public import Processing
import SQLiteDatabase

/// How far a group has come, as its database tells, whatever the program knows of the group.
public struct StoredToken {
    /// The name of the group.
    public let group: String
    /// The path of its database.
    public let path: String
    /// The token; nothing where the group never ran; an error where the database cannot be read.
    public let token: Result<TrackingToken?, any Error>

    /// The tokens of all groups that have a database in a directory, by the names of the files;
    /// none where there is no such directory.
    ///
    /// - Throws: ``DiskError`` where the directory cannot be read.
    public static func all(
        in directory: String,
        disk: any Disk = RealDisk()
    ) throws(DiskError) -> [StoredToken] {
        guard disk.exists(directory) else { return [] }
        return try disk.names(in: directory).compactMap { name in
            GroupFiles.group(ofDatabase: name).map { group in
                let path = directory + "/" + name
                return StoredToken(group: group, path: path, token: Result { try read(path) })
            }
        }
    }

    private static func read(_ path: String) throws -> TrackingToken? {
        let database = try SQLiteConnection(path: path, mode: .readOnly)
        return try GroupSQL.loadProgress(from: database)?.progress.token
    }
}

extension GroupFiles {
    /// The group whose database has a file name; nothing where it is no such name.
    static func group(ofDatabase name: String) -> String? {
        guard name.hasSuffix(".sqlite") else { return nil }
        var bytes: [UInt8] = []
        var rest = name.dropLast(".sqlite".count).utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
