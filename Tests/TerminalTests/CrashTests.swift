import Glibc
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
        while true { pause() }
    }
}
