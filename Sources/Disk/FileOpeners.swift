import CSystem
import Glibc

/// The other processes that have a file open, as far as the operating system shows them.
///
/// Processes outside of the container that this one is in are never among them.
public struct FileOpeners: Hashable, Sendable {
    /// A process that has the file open.
    public struct Opener: Hashable, Sendable {
        /// The number of the process.
        public let process: Int32
        /// What it calls itself, at most 15 bytes: text from outside.
        public let name: String
    }

    /// The processes, by number.
    public private(set) var openers: [Opener] = []
    /// Whether this user may look into every process.
    public private(set) var isComplete: Bool

    /// Looks through all processes; nothing where the operating system does not show them.
    ///
    /// Files are told apart by what they are and not by their names.
    ///
    /// - Parameters:
    ///   - path: the file; nobody has one open that does not exist.
    ///   - processes: where the operating system shows them.
    /// - Complexity: a few microseconds for each process, and one for each file that it has open.
    public init?(of path: String, in processes: String = "/proc") {
        let names = (try? RealDisk().names(in: processes)) ?? []
        let numbers = names.compactMap { Int32($0) }.sorted()
        let own = getpid()
        guard numbers.contains(own) else { return nil }
        // Where others are hidden, the first process is too.
        isComplete = numbers[0] == 1
        guard let file = FileIdentity(path) else { return }
        for process in numbers where process != own {
            switch file.isOpen(in: "\(processes)/\(process)/fd") {
            case true:
                let name = FileOpeners.name(of: "\(processes)/\(process)/comm")
                openers.append(Opener(process: process, name: name))
            case false: break
            case nil: isComplete = false
            }
        }
    }

    private static func name(of path: String) -> String {
        let bytes = try? RealDisk().open(path, writable: false).read(0..<64)
        return String(decoding: (bytes ?? []).prefix { $0 != 0x0A }, as: UTF8.self)
    }
}

/// What tells a file from every other of the machine.
private struct FileIdentity: Equatable {
    private let device: UInt64
    private let number: UInt64

    /// Looks at a path, or a name in a directory.
    init?(_ name: UnsafePointer<CChar>, in directory: Int32 = -1) {
        var identity = file_identity()
        guard file_identify(directory, name, &identity) == 0 else { return nil }
        device = identity.device
        number = identity.number
    }

    /// Whether a directory of open files has the file; nothing where this user may not look.
    func isOpen(in path: String) -> Bool? {
        guard let directory = opendir(path) else {
            return errno == EACCES || errno == EPERM ? nil : false
        }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let identity = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                bytes.baseAddress.flatMap {
                    FileIdentity($0.assumingMemoryBound(to: CChar.self), in: dirfd(directory))
                }
            }
            if identity == self { return true }
        }
        return false
    }
}
