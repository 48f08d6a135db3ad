import CSystem
import EventLog
import Glibc

/// The console as a process on a terminal of its own.
final class ConsoleProcess {
    private let process: pid_t
    private let terminal: Int32

    /// What ends every frame the console writes: the end of a synchronised update.
    private static let frameEnd = Array("\u{1B}[?2026l".utf8)

    /// Starts the program that lies beside this one.
    init(_ store: StoreDirectory) throws {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw ConsoleProcessError("this program's own path is unknown") }
        let own = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        let folder = own.prefix(upTo: own.lastIndex(of: "/") ?? own.startIndex)
        var descriptor: Int32 = -1
        let words = ["recount", "console", store.path]
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        process = process_start_on_terminal(
            "\(folder)/recount",
            arguments,
            120,
            30,
            &descriptor
        )
        guard process > 0 else { throw ConsoleProcessError("the console cannot be started") }
        terminal = descriptor
    }

    /// Ends the process.
    func end() {
        kill(process, SIGTERM)
        close(terminal)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    /// Waits until a whole frame has come.
    func waitForFrame() throws {
        var tail: [UInt8] = []
        while true {
            guard let bytes = read(milliseconds: 10_000) else {
                throw ConsoleProcessError("the console drew nothing for ten seconds")
            }
            tail = Array((tail + bytes).suffix(64 + bytes.count))
            if tail.contains(sequence: ConsoleProcess.frameEnd) { return }
        }
    }

    /// Waits until nothing has come for half a second, at most ten seconds.
    func waitUntilStill() throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline, read(milliseconds: 300) != nil {}
    }

    /// The time from a key to the end of the frame it leads to.
    func milliseconds(forKey key: String) throws -> Double {
        while read(milliseconds: 60) != nil {}
        let start = ContinuousClock.now
        let bytes = Array(key.utf8)
        guard write(terminal, bytes, bytes.count) == bytes.count else {
            throw ConsoleProcessError("the console takes no keys")
        }
        try waitForFrame()
        return start.duration(to: .now) / .milliseconds(1)
    }

    /// The share of one processor that the process takes while nothing happens.
    func idlePercent(seconds: Int) throws -> Double {
        let before = try ticks()
        let start = ContinuousClock.now
        let deadline = start + .seconds(seconds)
        while ContinuousClock.now < deadline { _ = read(milliseconds: 200) }
        let elapsed = start.duration(to: .now) / .seconds(1)
        let used = Double(try ticks() - before) / Double(sysconf(Int32(_SC_CLK_TCK)))
        return used / elapsed * 100
    }

    /// The processor time used so far, in the system's ticks.
    private func ticks() throws -> Int {
        guard let file = fopen("/proc/\(process)/stat", "r") else {
            throw ConsoleProcessError("the console has ended")
        }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 1024)
        let count = fread(&buffer, 1, buffer.count - 1, file)
        let text = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        // The name in parentheses may hold spaces; user and system time are 12 and 13 behind it.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else {
            throw ConsoleProcessError("the time the console used is unknown")
        }
        return user + system
    }

    /// What the console writes next; nothing when it writes nothing for a time.
    private func read(milliseconds: Int32) -> [UInt8]? {
        var entry = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, milliseconds) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(terminal, &buffer, buffer.count)
        return count > 0 ? Array(buffer[..<count]) : nil
    }
}

/// Why the console could not be measured.
struct ConsoleProcessError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension [UInt8] {
    /// Whether some bytes stand one behind the other in these.
    fileprivate func contains(sequence: [UInt8]) -> Bool {
        guard count >= sequence.count else { return false }
        return (0...count - sequence.count).contains { self[$0...].starts(with: sequence) }
    }
}
