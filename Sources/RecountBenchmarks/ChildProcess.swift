import Glibc

/// This program as a process of its own, whose output is read line by line.
final class ChildProcess {
    private let process: pid_t
    private let output: UnsafeMutablePointer<FILE>
    private var isReaped = false

    /// Starts this program once more.
    init(_ arguments: [String]) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0, let output = fdopen(ends[0], "r") else {
            throw BenchmarkError("no pipe can be made")
        }
        // Only the child's standard output is to hold the pipe open.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        // This process blocks the signals it waits for, and a child inherits that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = (["RecountBenchmarks"] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        guard posix_spawn(&process, "/proc/self/exe", &actions, &attributes, &words, environ) == 0
        else { throw BenchmarkError("this program cannot be started once more") }
        self.process = process
        self.output = output
    }

    deinit {
        if !isReaped { end(with: SIGKILL) }
        fclose(output)
    }

    /// Waits for the next line of the output; nothing at its end.
    func line() -> String? {
        var buffer = [CChar](repeating: 0, count: 256)
        guard fgets(&buffer, Int32(buffer.count), output) != nil else { return nil }
        let bytes = buffer.prefix { $0 != 0 && $0 != 10 }
        return String(decoding: bytes.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Waits for a line of numbers.
    func numbers() throws -> [Double] {
        guard let line = line() else { throw BenchmarkError("a child process ended early") }
        let numbers = line.split(separator: " ").compactMap { Double($0) }
        guard !numbers.isEmpty else { throw BenchmarkError("a child process says: \(line)") }
        return numbers
    }

    /// Sends a signal and waits for the end.
    func end(with signal: Int32) {
        kill(process, signal)
        while waitpid(process, nil, 0) < 0 && errno == EINTR {}
        isReaped = true
    }

    /// Starts this program once more, and waits for its line of numbers and its end.
    static func numbers(_ arguments: [String]) throws -> [Double] {
        let process = try ChildProcess(arguments)
        let numbers = try process.numbers()
        process.end(with: 0)
        return numbers
    }
}
