public import Disk
public import Processing

/// The files of a processing group.
///
/// The rows and their progress are one SQLite database. A replay that makes them anew does so in
/// the next *generation*, a file of its own, whose name puts it in the place of the one before;
/// that one stays as it is until an operator lets go of it. The generation in use is the one with
/// the highest number.
public struct GroupFiles: Sendable {
    /// The name of the group.
    let group: String
    private let directory: String
    private let name: String
    private let disk: any Disk

    /// Names the files of a group.
    ///
    /// A character of the group's name that is no letter, digit, `-` or `_` becomes `%` and its
    /// bytes in hexadecimal, so that no name leaves the directory or meets another's.
    ///
    /// - Parameters:
    ///   - group: the name of the group.
    ///   - directory: the directory of the groups' files.
    ///   - disk: the file system the directory is on.
    public init(group: String, directory: String, disk: any Disk = RealDisk()) {
        self.group = group
        var name = ""
        for byte in group.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F:
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                name += byte < 16 ? "%0" : "%"
                name += String(byte, radix: 16)
            }
        }
        self.name = name
        self.directory = directory
        self.disk = disk
    }

    /// The page in which the owner of a segment shows signs of life.
    public func claim(_ segment: Segment = .whole) -> String {
        let number = segment.id == 0 ? "" : ".\(segment.id)"
        return "\(directory)/\(name)\(number)\(GroupFiles.claimEnding)"
    }

    /// The pages in which owners of segments show signs of life, of all groups of the directory.
    ///
    /// - Complexity: one look through the directory.
    var claims: [String] {
        let names = (try? disk.names(in: directory)) ?? []
        return names.filter { $0.hasSuffix(GroupFiles.claimEnding) }.map { "\(directory)/\($0)" }
    }

    /// The page whose lock the process has that performs the group's effects.
    var performer: String { "\(directory)/\(name).performer" }

    /// The database of the generation in use, or of the first one where there is none yet.
    ///
    /// - Complexity: one look through the directory.
    public var database: String { database(generations.last ?? 0) }

    /// The database that the next replay puts in use.
    ///
    /// - Complexity: one look through the directory.
    public var nextDatabase: String { database((generations.last ?? 0) + 1) }

    /// The generations there are, in order; none where the group never ran.
    var generations: [Int] {
        let names = (try? disk.names(in: directory)) ?? []
        return names.compactMap(generation(ofDatabase:)).sorted()
    }

    /// The database of a generation.
    func database(_ generation: Int) -> String {
        let number = generation == 0 ? "" : ".\(generation)"
        return "\(directory)/\(name)\(number).sqlite"
    }

    /// The database of a generation before it is in use.
    func draft(_ generation: Int) -> String { "\(directory)/\(name).\(generation).draft" }

    /// Whether a later generation has taken the place of one.
    func isSucceeded(_ generation: Int) -> Bool { disk.exists(database(generation + 1)) }

    /// Puts a draft, which no connection writes to any more, in the place of the generation in use.
    func install(_ generation: Int) throws(DiskError) {
        // What somebody may have left who had opened one of this number that was removed.
        for ending in GroupFiles.companions {
            try disk.removeIfPresent(database(generation) + ending)
        }
        try disk.rename(draft(generation), to: database(generation))
        try disk.syncDirectory(directory)
    }

    /// Removes a generation; who reads it can go on reading what is open.
    func remove(_ generation: Int) throws(DiskError) {
        try remove(database: database(generation))
    }

    /// Removes what there is of a draft.
    func removeDraft(_ generation: Int) throws(DiskError) {
        try remove(database: draft(generation))
    }

    private func remove(database path: String) throws(DiskError) {
        try disk.removeIfPresent(path)
        for ending in GroupFiles.companions { try disk.removeIfPresent(path + ending) }
    }

    private func generation(ofDatabase file: String) -> Int? {
        guard file.hasPrefix(name), file.hasSuffix(GroupFiles.ending) else { return nil }
        let number = file.dropFirst(name.count).dropLast(GroupFiles.ending.count)
        if number.isEmpty { return 0 }
        guard number.first == ".", let generation = Int(number.dropFirst()), generation > 0,
            generation <= GroupFiles.generationMax, number == ".\(generation)"
        else { return nil }
        return generation
    }

    /// What the names of the files end with that SQLite keeps beside a database.
    private static let companions = ["-wal", "-shm", "-journal"]

    private static let generationMax = 1_000_000_000

    private static let ending = ".sqlite"

    private static let claimEnding = ".claim"

    /// The group whose database has a file name; nothing where it is no such name.
    static func group(ofDatabase file: String) -> String? {
        guard file.hasSuffix(ending) else { return nil }
        var bytes: [UInt8] = []
        let name = file.dropLast(ending.count).prefix { $0 != "." }
        var rest = name.utf8[...]
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
