import Disk
import Glibc
import RecountTesting
import Testing

/// A file system for one test, unmounted when nothing refers to it any more.
final class Mount {
    private let directory = TemporaryDirectory()

    /// Mounts.
    ///
    /// - Parameter arguments: those of `mount` before the directory.
    /// - Throws: where this user may not, or there is nothing to mount.
    init(_ arguments: String) throws {
        try #require(shell("mount \(arguments) \(directory.path)"), "mount \(arguments)")
    }

    deinit {
        umount2(directory.path, Int32(MNT_DETACH))
    }

    /// Where it is mounted.
    var path: String { directory.path }

    /// Fills what is free, and gives the path of the file that does it.
    func fill() -> String {
        let ballast = path + "/ballast"
        // What could be written before the disk was full stays.
        _ = try? RealDisk().create(ballast, size: 1 << 30)
        return ballast
    }

    /// Whether this user may mount file systems here.
    static let isPossible = geteuid() == 0 && (try? Mount("-t tmpfs -o size=64k none")) != nil

    /// Whether this user may mount images of file systems here.
    static let isPossibleForImages: Bool = {
        let directory = TemporaryDirectory()
        return isPossible
            && (try? DiskImage(directory.path + "/image")).flatMap { try? $0.mount() } != nil
    }()
}

/// An ext4 file system in a file.
struct DiskImage {
    /// The file.
    let path: String

    /// Makes one with nothing in it.
    init(_ path: String) throws {
        self.path = path
        try #require(shell("truncate -s 24M \(path) && mkfs.ext4 -q -F \(path)"))
    }

    private init(copy path: String) {
        self.path = path
    }

    /// Mounts the file system.
    func mount() throws -> Mount { try Mount("-o loop \(path)") }

    /// What a machine would find on the disk that lost its power now.
    func copy() throws -> DiskImage {
        let copy = DiskImage(copy: path + ".copy")
        try #require(shell("cp --sparse=always \(path) \(copy.path)"))
        return copy
    }
}

/// Whether a command of the shell succeeds.
func shell(_ command: String) -> Bool {
    system("exec >/dev/null 2>&1; " + command) == 0
}
