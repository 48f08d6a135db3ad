import Disk
import Glibc
import Synchronization

/// The machine's disk with failures on demand, and a list of what was written where.
///
/// It is as for somebody who is not root: what is read-only cannot be opened for writing.
final class FaultyDisk: Disk {
    /// What fails from now on, and what was done.
    struct Faults {
        var openError: Int32?
        var syncError: Int32?
        /// Where files cannot be made whose paths have a part in them.
        var createError: (part: String, number: Int32)?
        /// Called with the path of each file before it is made.
        var willCreate: (@Sendable (String) -> Void)?
        /// The names that files were given, in this order.
        var renames: [String] = []
        /// Called before every sync.
        var willSync: (@Sendable () -> Void)?
        /// The ranges written since the list was last emptied, and each sync as an empty one.
        var writes: [Range<Int>] = []
    }

    let faults = Mutex(Faults())
    private let disk = RealDisk()

    func open(_ path: String, writable: Bool) throws(DiskError) -> any DiskFile {
        if let number = faults.withLock({ $0.openError }) {
            throw DiskError(call: "open", path: path, number: number)
        }
        var information = stat()
        if writable, stat(path, &information) == 0, information.st_mode & 0o200 == 0 {
            throw DiskError(call: "open", path: path, number: EACCES)
        }
        return FaultyFile(try disk.open(path, writable: writable), on: self)
    }

    var bootIdentity: UInt64 { disk.bootIdentity }
    func randomBytes(_ count: Int) -> [UInt8] { disk.randomBytes(count) }
    func create(_ path: String, size: Int) throws(DiskError) -> any DiskFile {
        if let willCreate = faults.withLock({ $0.willCreate }) { willCreate(path) }
        if let (part, number) = faults.withLock({ $0.createError }), path.contains(part) {
            throw DiskError(call: "open", path: path, number: number)
        }
        return try disk.create(path, size: size)
    }
    func createDirectory(_ path: String) throws(DiskError) { try disk.createDirectory(path) }
    func names(in path: String) throws(DiskError) -> [String] { try disk.names(in: path) }
    func exists(_ path: String) -> Bool { disk.exists(path) }
    func rename(_ path: String, to newPath: String) throws(DiskError) {
        try disk.rename(path, to: newPath)
        faults.withLock { $0.renames.append(newPath) }
    }
    func remove(_ path: String) throws(DiskError) { try disk.remove(path) }
    func removeTree(_ path: String) throws(DiskError) { try disk.removeTree(path) }
    func makeReadOnly(_ path: String) throws(DiskError) { try disk.makeReadOnly(path) }
    func syncDirectory(_ path: String) throws(DiskError) { try disk.syncDirectory(path) }
    func status(_ path: String) throws(DiskError) -> FileStatus { try disk.status(path) }
    func share(_ path: String, writable: Bool) throws(DiskError) -> any SharedPage {
        try disk.share(path, writable: writable)
    }
}

/// Changes the permissions of a file, as somebody who wants to harm it would.
func setMode(of path: String, _ mode: mode_t) throws {
    guard chmod(path, mode) == 0 else {
        throw DiskError(call: "chmod", path: path, number: errno)
    }
}

private final class FaultyFile: DiskFile {
    private let file: any DiskFile
    private let disk: FaultyDisk

    init(_ file: any DiskFile, on disk: FaultyDisk) {
        self.file = file
        self.disk = disk
    }

    var path: String { file.path }
    func size() throws(DiskError) -> Int { try file.size() }
    func read(_ range: Range<Int>) throws(DiskError) -> [UInt8] { try file.read(range) }
    func map(size: Int) throws(DiskError) -> any MappedBytes { try file.map(size: size) }

    func write(_ bytes: RawSpan, at offset: Int) throws(DiskError) {
        let range = offset..<offset + bytes.byteCount
        disk.faults.withLock { $0.writes.append(range) }
        try file.write(bytes, at: offset)
    }

    func sync() throws(DiskError) {
        if let willSync = disk.faults.withLock({ $0.willSync }) { willSync() }
        let number = disk.faults.withLock { faults in
            faults.writes.append(0..<0)
            return faults.syncError
        }
        if let number { throw DiskError(call: "fdatasync", path: path, number: number) }
        try file.sync()
    }
}
