import Glibc
import ProgramFixture
import Screen
import Testing

@testable import Terminal

/// What is left of a terminal when the program that took it ends without asking.
@Suite struct CrashTests {
    enum Ending: String, CaseIterable, Codable {
        case trap, abort, fault, quit

        func happen() {
            switch self {
            case .trap: fatalError("on purpose")
            case .abort: Glibc.abort()
            case .fault: UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
            case .quit: kill(getpid(), SIGQUIT)
            }
        }
    }

    @Test(arguments: Ending.allCases)
    func `a crash gives the terminal back and shows what was written`(ending: Ending) async throws {
        let pty = try Pseudoterminal(columns: 40, rows: 8)
        let before = pty.attributes.flags
        await #expect(processExitsWith: .failure) { [ending, name = pty.name as String] in
            try CrashTests.crash(ending, on: name)
        }
        #expect(pty.attributes.flags == before)
        pty.print("end")
        let output = String(decoding: pty.output(endingWith: Array("end".utf8)), as: UTF8.self)
        let parts = output.split(separator: String(decoding: TerminalModes.leaving, as: UTF8.self))
        #expect(parts.count == 2 && parts[0].contains("PROD"), "\(output)")
        #expect(parts.last?.hasPrefix("kept until the end\r\n") == true, "\(output)")
    }

    @Test func `Ctrl-Z gives the terminal back until the program goes on`() async throws {
        let pty = try Pseudoterminal(columns: 40, rows: 8)
        let before = pty.attributes.flags
        let person = Task.detached {
            let start = pty.output(endingWith: TerminalModes.frameEnd)
            let digits = start.drop { !(0x30...0x39).contains($0) }
                .prefix { (0x30...0x39).contains($0) }
            let process = try #require(pid_t(String(decoding: digits, as: UTF8.self)))
            pty.clear()
            pty.type("\u{1A}")
            _ = pty.output(endingWith: TerminalModes.leaving)
            try #require(CrashTests.waitUntilStopped(process))
            #expect(pty.attributes.flags == before)
            pty.clear()
            kill(process, SIGCONT)
            let again = pty.output(endingWith: TerminalModes.frameEnd)
            #expect(pty.attributes.flags != before)
            var screen = VirtualTerminal(size: Size(width: 40, height: 8))
            screen.receive(again)
            #expect(screen.lines[0] == "PROD" && screen.modes.isSuperset(of: [1049, 2004, 1004]))
            kill(process, SIGTERM)
        }
        await #expect(processExitsWith: .exitCode(9)) { [name = pty.name as String] in
            try CrashTests.run(on: name)
        }
        try await person.value
        #expect(pty.attributes.flags == before)
    }

    private static func waitUntilStopped(_ process: pid_t) -> Bool {
        for _ in 0..<5_000 {
            guard let file = fopen("/proc/\(process)/stat", "r") else { return false }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 512)
            bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
            let status = String(decoding: bytes, as: UTF8.self)
            if status.split(separator: ") ").last?.hasPrefix("T") == true { return true }
            usleep(1_000)
        }
        return false
    }

    /// Takes the terminal of that name, and shows a frame until it hangs up.
    private static func run(on name: String) throws {
        let line = open(name, O_RDWR | O_NOCTTY)
        let greeting = Array("process \(getpid())\n".utf8)
        _ = write(line, greeting, greeting.count)
        var options = TerminalOptions()
        options.input = line
        options.output = line
        options.capturesStandardError = false
        options.environment = { _ in nil }
        var session = try TerminalSession(options)
        var frame = Frame(size: session.size)
        frame.draw("PROD", at: .origin)
        repeat { session.present(frame, theme: .nightWatch) } while session.nextEvent() != .hangup
        exit(9)
    }

    /// Takes the terminal of that name, and ends.
    private static func crash(_ ending: Ending, on name: String) throws {
        let line = open(name, O_RDWR | O_NOCTTY)
        dup2(line, STDERR_FILENO)
        var options = TerminalOptions()
        options.input = line
        options.output = line
        options.environment = { _ in nil }
        var session = try TerminalSession(options)
        var frame = Frame(size: session.size)
        frame.draw("PROD", at: .origin)
        session.present(frame, theme: .nightWatch)
        _ = write(STDERR_FILENO, "kept until the end\n", 19)
        ending.happen()
        // The session must live until here: it would give the terminal back by itself.
        while true { _ = session.nextEvent() }
    }
}
