import Disk
import EventStorage
import Glibc

/// The directory of one run, below `$TMPDIR`, which is removed at the end.
struct BenchmarkDirectory: Sendable {
    /// Where the directory is.
    let path: String

    /// Makes a directory with a name that nobody else has, which an interrupted run removes; to be
    /// called once, before there are other threads.
    init() throws {
        let signals = BenchmarkDirectory.holdBackSignals()
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/recount-benchmark-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw BenchmarkError("no directory can be made below \(parent); set TMPDIR")
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        removeAfter(signals)
    }

    /// Removes the directory and everything in it, also what threads are still putting there.
    func remove() {
        for _ in 0..<100 where RealDisk().exists(path) { try? RealDisk().removeTree(path) }
    }

    /// Lets the signals that interrupt a run wait until somebody asks for them.
    private static func holdBackSignals() -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        return signals
    }

    /// Sees to it that a run which is interrupted leaves nothing behind.
    private func removeAfter(_ signals: sigset_t) {
        _ = WorkerThread {
            var signals = signals
            var signal: Int32 = 0
            sigwait(&signals, &signal)
            remove()
            _exit(128 + signal)
        }
    }

    /// What kind of file system it lies on: on some a sync costs nothing.
    var fileSystem: String {
        let mounts = lines(of: "/proc/self/mounts").map { $0.split(separator: " ") }
        let place = mounts.filter { $0.count > 2 && (path + "/").hasPrefix($0[1]) }
            .max { $0[1].utf8.count < $1[1].utf8.count }
        guard let type = place?[2] else { return "an unknown file system" }
        return type == "tmpfs" ? "tmpfs, where a sync costs nothing: set TMPDIR" : String(type)
    }
}

/// The lines of a file that the system makes up; none where there is no such file.
func lines(of path: String) -> [String] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var lines: [String] = []
    var buffer = [CChar](repeating: 0, count: 4096)
    while fgets(&buffer, Int32(buffer.count), file) != nil {
        let bytes = buffer.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:))
        lines.append(String(decoding: bytes, as: UTF8.self))
    }
    return lines
}

/// Why something could not be measured.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
