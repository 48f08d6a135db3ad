import CSystem
import Glibc

/// The file system of the machine.
public struct RealDisk: Disk {
    /// Makes a value that stands for the machine's file system.
    public init() {}

    /// The machine's boot identity, folded to 64 bits; 1 where the machine does not tell it.
    public var bootIdentity: UInt64 {
        let text = try? open("/proc/sys/kernel/random/boot_id", writable: false).read(0..<36)
        let folded = (text ?? []).reduce(UInt64(0)) { ($0 &* 31) &+ UInt64($1) }
        return max(1, folded)
    }

    /// Bytes from the machine's own source of randomness.
    public func randomBytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let address = buffer.baseAddress { arc4random_buf(address, count) }
            initialized = count
        }
    }

    /// Opens a file that exists; symbolic links are not followed.
    public func open(_ path: String, writable: Bool) throws(DiskError) -> any DiskFile {
        // A pipe under the name of a file must not keep this waiting for a writer.
        let flags = (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        return RealFile(path: path, descriptor: try call("open", path) { Glibc.open(path, flags) })
    }

    /// Makes a new file of zeros that take up space on disk.
    public func create(_ path: String, size: Int) throws(DiskError) -> any DiskFile {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = try call("open", path) { Glibc.open(path, flags, 0o600) }
        let file = RealFile(path: path, descriptor: descriptor)
        let zeros = [UInt8](repeating: 0, count: min(size, 1 << 20))
        var written = 0
        while written < size {
            let count = min(zeros.count, size - written)
            try file.write(zeros.span.bytes.extracting(first: count), at: written)
            written += count
        }
        return file
    }

    /// Makes a directory that nobody else may enter; not an error where it exists.
    public func createDirectory(_ path: String) throws(DiskError) {
        do {
            _ = try call("mkdir", path) { mkdir(path, 0o700) }
        } catch {
            guard error.number == EEXIST else { throw error }
        }
    }

    /// The names in a directory, sorted by their bytes.
    public func names(in path: String) throws(DiskError) -> [String] {
        guard let directory = opendir(path) else {
            throw DiskError(call: "opendir", path: path, number: errno)
        }
        defer { closedir(directory) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw DiskError(call: "readdir", path: path, number: errno) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Whether a file or directory exists.
    public func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// What a path leads to, itself even where it is a link.
    public func status(_ path: String) throws(DiskError) -> FileStatus {
        var information = stat()
        _ = try call("lstat", path) { lstat(path, &information) }
        return FileStatus(information)
    }

    /// Gives a file a new name in place of any that has it.
    public func rename(_ path: String, to newPath: String) throws(DiskError) {
        _ = try call("rename", path) { Glibc.rename(path, newPath) }
    }

    /// Removes a file.
    public func remove(_ path: String) throws(DiskError) {
        _ = try call("unlink", path) { unlink(path) }
    }

    /// Removes a directory and everything below it; symbolic links are removed, not followed.
    public func removeTree(_ path: String) throws(DiskError) {
        for name in try names(in: path) {
            let entry = path + "/" + name
            do {
                try remove(entry)
            } catch {
                guard error.number == EISDIR else { throw error }
                try removeTree(entry)
            }
        }
        _ = try call("rmdir", path) { rmdir(path) }
    }

    /// Takes the right to write from everybody, the owner included.
    public func makeReadOnly(_ path: String) throws(DiskError) {
        _ = try call("chmod", path) { chmod(path, 0o400) }
    }

    /// Makes the names in a directory durable.
    public func syncDirectory(_ path: String) throws(DiskError) {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let descriptor = try call("open", path) { Glibc.open(path, flags) }
        defer { close(descriptor) }
        _ = try call("fsync", path) { fsync(descriptor) }
    }

    /// Maps a small file for sharing among processes, made where it does not exist and is to be
    /// written.
    public func share(_ path: String, writable: Bool) throws(DiskError) -> any SharedPage {
        try RealSharedPage.open(path, writable: writable)
    }
}

/// Makes a system call, again where a signal interrupted it.
func call(
    _ name: String,
    _ path: String,
    _ body: () -> Int32
) throws(DiskError) -> Int32 {
    while true {
        let result = body()
        if result >= 0 { return result }
        let number = errno
        if number != EINTR { throw DiskError(call: name, path: path, number: number) }
    }
}
