import Disk
package import Glibc
package import JSON
import RecountTesting
import Testing

/// How a program ended and what it wrote.
package struct Execution {
    /// The exit status, or the negative number of the signal that ended it.
    package var status: Int32
    /// What it wrote to the standard output.
    package var output: String
    /// What it wrote to the standard error.
    package var messages: String

    /// The lines of the output, each of which is to be a JSON object.
    package func objects() throws -> [JSONValue] {
        try output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }
}

/// The built executable, running as a process of its own.
package final class Program {
    private let process: pid_t
    private let files: TemporaryDirectory
    private var isReaped = false

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - arguments: the arguments behind its name.
    ///   - name: the name of the executable, which lies beside the tests.
    ///   - input: what its standard input holds.
    ///   - terminal: a descriptor that takes its output; nothing means a file.
    ///   - environment: what its environment has besides that of the tests.
    /// - Throws: where it cannot be started.
    package init(
        _ arguments: [String],
        named name: String = "recount",
        input: String = "",
        terminal: Int32? = nil,
        environment: [String: String] = [:]
    ) throws {
        files = TemporaryDirectory()
        let inputFile = try RealDisk().create(files.path + "/input", size: 0)
        try inputFile.write(Array(input.utf8).span.bytes, at: 0)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, files.path + "/input", O_RDONLY, 0)
        let flags = O_WRONLY | O_CREAT
        if let terminal {
            posix_spawn_file_actions_adddup2(&actions, terminal, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, files.path + "/output", flags, 0o600)
        }
        posix_spawn_file_actions_addopen(&actions, 2, files.path + "/messages", flags, 0o600)
        let path = try #require(Program.path(of: name), "The executable lies beside the tests.")
        process = try Program.start([path] + arguments, &actions, environment: environment)
    }

    /// Starts a process.
    ///
    /// - Parameters:
    ///   - arguments: the path of the executable, or its name where it is installed, and what is
    ///     behind it.
    ///   - actions: what becomes of its descriptors.
    ///   - environment: what its environment has besides that of the tests.
    /// - Returns: the number of the process.
    /// - Throws: where it cannot be started.
    package static func start(
        _ arguments: [String],
        _ actions: inout posix_spawn_file_actions_t,
        environment: [String: String] = [:]
    ) throws -> pid_t {
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { if let word { free(word) } } }
        // The threads of tests block signals, and a program inherits that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var variables = variables(and: environment).map { strdup($0) } + [nil]
        defer { for variable in variables { if let variable { free(variable) } } }
        var process = pid_t()
        let result = posix_spawnp(
            &process,
            arguments[0],
            &actions,
            &attributes,
            &words,
            &variables
        )
        try #require(result == 0)
        return process
    }

    deinit {
        guard !isReaped else { return }
        kill(process, SIGKILL)
        while waitpid(process, nil, 0) < 0 && errno == EINTR {}
    }

    /// Runs the program to its end.
    package static func run(
        _ arguments: String...,
        input: String = "",
        terminal: Int32? = nil
    ) throws -> Execution {
        try Program(arguments, input: input, terminal: terminal).end()
    }

    private static func variables(and more: [String: String]) -> [String] {
        var variables: [String] = []
        var next = environ
        while let variable = next.pointee {
            variables.append(String(cString: variable))
            next += 1
        }
        return variables.filter { !more.keys.contains(String($0.prefix { $0 != "=" })) }
            + more.map { "\($0)=\($1)" }
    }

    /// The number of the process.
    package var number: Int { Int(process) }

    /// What the program has written to the standard error so far.
    package var messages: String { text("messages") }

    /// What the program has written so far.
    package var output: String { text("output") }

    /// Whether the program has ended; its status can still be asked for.
    package var hasEnded: Bool {
        var information = siginfo_t()
        let options = WEXITED | WNOHANG | WNOWAIT
        return waitid(P_PID, id_t(process), &information, options) == 0
            && information.si_signo == SIGCHLD
    }

    /// Sends a signal to the program.
    package func send(_ signal: Int32) {
        kill(process, signal)
    }

    /// Waits for the end of the program; kills it where it does not end within half a minute.
    package func end() -> Execution {
        if !wait(until: { hasEnded }) { send(SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        isReaped = true
        let signal = status & 0x7F
        return Execution(
            status: signal == 0 ? (status >> 8) & 0xFF : -signal,
            output: text("output"),
            messages: text("messages")
        )
    }

    private func text(_ name: String) -> String {
        let file = try? RealDisk().open(files.path + "/" + name, writable: false)
        let bytes = try? file.map { try $0.read(0..<$0.size()) }
        return String(decoding: (bytes ?? nil) ?? [], as: UTF8.self)
    }

    /// The executable of `recount`, in the directory in which the tests were built.
    package static let path = path(of: "recount")

    /// The path of an executable that was built beside the tests; nothing where there is none.
    package static func path(of name: String) -> String? {
        let real = realpath("/proc/self/exe", nil)
        defer { free(real) }
        let own = real.map { String(cString: $0) } ?? ""
        for argument in CommandLine.arguments + [own] {
            var parts = argument.split(separator: "/", omittingEmptySubsequences: false)
            while parts.popLast() != nil, !parts.isEmpty {
                let candidate = parts.joined(separator: "/") + "/" + name
                var information = stat()
                if stat(candidate, &information) == 0,
                    information.st_mode & S_IFMT == S_IFREG, access(candidate, X_OK) == 0
                {
                    return candidate
                }
            }
        }
        return nil
    }
}

/// Waits until a condition holds; false where it does not within half a minute.
package func wait(until condition: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now.advanced(by: .seconds(30))
    while try !condition() {
        if ContinuousClock.now > end { return false }
        usleep(2000)
    }
    return true
}
