import Glibc
import ProgramFixture
import Testing

/// A process of `LogTester` that is told over a socket what to do to a log.
final class LogProcess {
    private let process: pid_t
    private let channel: Int32
    private var received: [UInt8] = []
    private var isReaped = false

    /// Starts the process.
    ///
    /// - Parameters:
    ///   - seed: what its batches are made of; no two processes on one log have the same.
    ///   - tracer: the words before the program's name, such as those of `strace`.
    /// - Throws: where it cannot be started.
    init(seed: UInt64 = 1, tracer: [String] = []) throws {
        let path = try #require(Program.path(of: "LogTester"), "It lies beside the tests.")
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        posix_spawn_file_actions_adddup2(&actions, ends[0], 1)
        process = try Program.start(tracer + [path, String(seed)], &actions)
        channel = ends[1]
    }

    deinit {
        close(channel)
        guard !isReaped else { return }
        kill()
        while waitpid(process, nil, 0) < 0 && errno == EINTR {}
    }

    /// The number of the process.
    var number: Int { Int(process) }

    /// Tells the process what to do, without waiting for it.
    ///
    /// A process that has died is not told anything.
    func tell(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        // Without a signal where the process has died.
        send(channel, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Tells the process that there is nothing more to do; kills it where it goes on silently.
    ///
    /// - Returns: the exit status, or the negative number of the signal that ended it.
    func end() -> Int32 {
        shutdown(channel, Int32(SHUT_WR))
        if !wait(until: { hasEnded }) { kill() }
        return waitForEnd()
    }

    /// Tells the process what to do, and waits for its answer.
    ///
    /// - Throws: where it dies or says nothing within half a minute.
    func ask(_ line: String) throws -> LogAnswer {
        tell(line)
        return try #require(answer(), "\(line): the process answers")
    }

    /// The next line of the process; nothing where it died before it had ended one, or says nothing
    /// within half a minute.
    func answer() -> LogAnswer? {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: received[..<end], as: UTF8.self)
                received.removeFirst(end + 1)
                return LogAnswer(line)
            }
            var event = pollfd(fd: channel, events: Int16(POLLIN), revents: 0)
            guard poll(&event, 1, 30_000) > 0 else { return nil }
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(channel, &bytes, bytes.count)
            guard count > 0 else { return nil }
            received += bytes.prefix(count)
        }
    }

    private var hasEnded: Bool {
        var information = siginfo_t()
        let options = WEXITED | WNOHANG | WNOWAIT
        return waitid(P_PID, id_t(process), &information, options) == 0
            && information.si_signo == SIGCHLD
    }

    /// Ends the process at once, as a crash would.
    func kill() {
        Glibc.kill(process, SIGKILL)
    }

    private func waitForEnd() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        isReaped = true
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }

    /// Kills the process, and gives what it had still said; nothing where it was killed before.
    func killed() -> [LogAnswer] {
        if isReaped { return [] }
        kill()
        _ = waitForEnd()
        var answers: [LogAnswer] = []
        while let answer = answer() { answers.append(answer) }
        return answers
    }
}

/// What a process of `LogTester` said.
struct LogAnswer {
    /// The whole line.
    let line: String
    /// Its words.
    let words: [Substring]

    /// Reads a line.
    init(_ line: String) {
        self.line = line
        words = line.split(separator: " ")
    }

    /// Whether it tells of events that were appended.
    var isAcknowledged: Bool { words[0] == "acknowledged" }

    /// The kind of failure or refusal; nothing where it went well.
    var fault: Substring? {
        ["failed", "refused"].contains(words[0]) ? words[1] : nil
    }
}
