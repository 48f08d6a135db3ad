import Screen

@testable import Terminal

/// A session that expectations can look at: macros cannot take what is not copyable.
final class OpenTerminal {
    private var session: TerminalSession?

    init(_ options: TerminalOptions) throws(TerminalError) {
        session = try TerminalSession(options)
    }

    /// Ends the session.
    func close() {
        session = nil
    }

    var size: Size { session?.size ?? Size(width: 0, height: 0) }
    var depth: ColorDepth? { session?.depth }
    var waker: TerminalWaker? { session?.waker }

    func present(_ frame: Frame, theme: Theme = .nightWatch) -> Int {
        session?.present(frame, theme: theme).byteCount ?? 0
    }

    func nextEvent(timeoutMilliseconds: Int = 5_000) -> InputEvent? {
        session?.nextEvent(timeoutMilliseconds: timeoutMilliseconds)
    }

    func setMouse(_ isEnabled: Bool) { session?.setMouse(isEnabled) }
    func repaint() { session?.repaint() }
    func printBelow(_ text: String) { session?.printBelow(text) }
    func copy(_ text: String) -> Bool { session?.copy(text) ?? false }
}
