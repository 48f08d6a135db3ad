import CSystem
import Glibc
package import Screen
package import Testing

/// The built executable on a terminal of its own, with somebody in front of it.
package final class TerminalProgram {
    private let process: pid_t
    private let descriptor: Int32
    private var received: [UInt8] = []
    private var taken = 0
    private var status: Int32?
    /// What the terminal shows: the last whole frame.
    package private(set) var screen: VirtualTerminal

    /// What ends every frame the console writes: the end of a synchronised update.
    private static let frameEnd = Array("\u{1B}[?2026l".utf8)
    private static let secondsMax = 10

    /// Starts the program.
    package init(
        _ arguments: [String],
        named name: String = "recount",
        size: Size = Size(width: 120, height: 30)
    ) throws {
        let path = try #require(Program.path(of: name), "The executable lies beside the tests.")
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var descriptor: Int32 = -1
        process = process_start_on_terminal(
            path,
            words,
            Int32(size.width),
            Int32(size.height),
            &descriptor
        )
        self.descriptor = descriptor
        screen = VirtualTerminal(size: size)
        try #require(process > 0)
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            _ = waitForEnd()
        }
        close(descriptor)
    }

    /// Everything the program has written so far, for programs that write lines.
    package var transcript: String { String(decoding: received, as: UTF8.self) }

    /// Waits until the program has written a text.
    @discardableResult
    package func writes(
        _ text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Bool {
        waits(for: "'\(text)'", at: sourceLocation) { $0.transcript.contains(text) }
    }

    /// Types text, as keys.
    package func type(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    /// Sends a signal to the program.
    package func send(_ signal: Int32) {
        kill(process, signal)
    }

    /// Gives the terminal another size.
    package func resize(to size: Size) {
        screen.resize(to: size)
        var request = winsize(
            ws_row: UInt16(size.height),
            ws_col: UInt16(size.width),
            ws_xpixel: 0,
            ws_ypixel: 0
        )
        #expect(ioctl(descriptor, UInt(TIOCSWINSZ), &request) == 0)
    }

    /// Waits until a line of the screen contains all of some words.
    @discardableResult
    package func shows(
        _ words: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Bool {
        waits(for: "a line with \(words)", at: sourceLocation) { terminal in
            terminal.screen.lines.contains { line in words.allSatisfy { line.contains($0) } }
        }
    }

    /// Waits until the screen is as it should be; records an issue where it does not become so.
    @discardableResult
    package func waits(
        for wish: String,
        at sourceLocation: SourceLocation = #_sourceLocation,
        until condition: (TerminalProgram) -> Bool
    ) -> Bool {
        let end = ContinuousClock.now + .seconds(TerminalProgram.secondsMax)
        while !condition(self) {
            guard ContinuousClock.now < end, read() else {
                Issue.record(
                    "the screen never showed \(wish):\n\(screen.lines.joined(separator: "\n"))",
                    sourceLocation: sourceLocation
                )
                return false
            }
        }
        return true
    }

    /// Waits until the screen no longer shows some text.
    @discardableResult
    package func hides(
        _ text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Bool {
        waits(for: "nothing of '\(text)'", at: sourceLocation) { terminal in
            !terminal.screen.lines.contains { $0.contains(text) }
        }
    }

    /// Waits for the program to end by itself.
    ///
    /// - Returns: its status, or the negative number of the signal that ended it; nothing where
    ///   it goes on for half a minute.
    package func end() -> Int32? {
        let end = ContinuousClock.now + .seconds(TerminalProgram.secondsMax)
        while ContinuousClock.now < end {
            var result: Int32 = 0
            if waitpid(process, &result, WNOHANG) == process {
                status = result & 0x7F == 0 ? (result >> 8) & 0xFF : -(result & 0x7F)
                while read(milliseconds: 0) {}
                screen.receive(Array(received[taken...]))
                taken = received.count
                return status
            }
            _ = read(milliseconds: 5)
        }
        return nil
    }

    /// The modes of the terminal's line, comparable.
    package var lineModes: [UInt32] {
        var attributes = termios()
        tcgetattr(descriptor, &attributes)
        return [
            attributes.c_iflag, attributes.c_oflag, attributes.c_cflag, attributes.c_lflag,
        ]
    }

    private func waitForEnd() -> Int32 {
        var result: Int32 = 0
        while waitpid(process, &result, 0) < 0 && errno == EINTR {}
        return result
    }

    /// Takes in what the program writes; false where the terminal is gone.
    private func read(milliseconds: Int32 = 50) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, milliseconds) > 0 else { return milliseconds > 0 }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return false }
        received += buffer[..<count]
        showWholeFrames()
        return true
    }

    private func showWholeFrames() {
        let end = TerminalProgram.frameEnd
        var index = received.count - end.count
        while index >= taken, !received[index...].starts(with: end) { index -= 1 }
        guard index >= taken else { return }
        screen.receive(Array(received[taken..<index + end.count]))
        taken = index + end.count
    }
}
