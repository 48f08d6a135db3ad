import Disk
import Glibc

/// The machine's disk as it is for somebody who is not root: what is read-only stays so.
struct StrictDisk: Disk {
    private let disk = RealDisk()

    func open(_ path: String, writable: Bool) throws(DiskError) -> any DiskFile {
        var information = stat()
        if writable, stat(path, &information) == 0, information.st_mode & 0o200 == 0 {
            throw DiskError(call: "open", path: path, number: EACCES)
        }
        return try disk.open(path, writable: writable)
    }

    var bootIdentity: UInt64 { disk.bootIdentity }
    func randomBytes(_ count: Int) -> [UInt8] { disk.randomBytes(count) }
    func create(_ path: String, size: Int) throws(DiskError) -> any DiskFile {
        try disk.create(path, size: size)
    }
    func createDirectory(_ path: String) throws(DiskError) { try disk.createDirectory(path) }
    func names(in path: String) throws(DiskError) -> [String] { try disk.names(in: path) }
    func exists(_ path: String) -> Bool { disk.exists(path) }
    func rename(_ path: String, to newPath: String) throws(DiskError) {
        try disk.rename(path, to: newPath)
    }
    func remove(_ path: String) throws(DiskError) { try disk.remove(path) }
    func removeTree(_ path: String) throws(DiskError) { try disk.removeTree(path) }
    func makeReadOnly(_ path: String) throws(DiskError) { try disk.makeReadOnly(path) }
    func syncDirectory(_ path: String) throws(DiskError) { try disk.syncDirectory(path) }
    func share(_ path: String) throws(DiskError) -> any SharedPage { try disk.share(path) }
}

/// Changes the permissions of a file, as somebody who wants to harm it would.
func setMode(of path: String, _ mode: mode_t) throws {
    guard chmod(path, mode) == 0 else {
        throw DiskError(call: "chmod", path: path, number: errno)
    }
}
