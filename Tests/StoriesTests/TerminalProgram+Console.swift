import Glibc
import ProgramFixture
import Testing

/// What operators do in the console, whatever it is about.
extension TerminalProgram {
    /// Allows changes.
    func arms(because reason: String) {
        type(":arm \(reason)\r")
        shows("ARMED")
    }

    /// Types what a confirmation asks for, once it takes keys, and presses its button.
    func confirms(_ words: String) {
        shows("type \(words) to go on")
        waits(for: "that it takes keys") { terminal in
            if terminal.screen.lines.contains(where: { $0.contains("> s") }) { return true }
            terminal.type("s")
            return false
        }
        type(String(repeating: "\u{7F}", count: 300) + words)
        shows("> \(words) ")
        type("\t\r")
    }

    /// Ends the console, and the process that runs groups beside it.
    func ends(with host: Program? = nil) {
        send(SIGTERM)
        #expect(end() == 0)
        guard let host else { return }
        host.send(SIGINT)
        #expect(host.end().status == 0)
    }
}
