import CSystem
import Glibc
public import Screen

/// A terminal taken for a full screen: frames go out, events come in.
///
/// While it lives the terminal is in raw mode and shows the alternate screen. When it goes, or the
/// program crashes, everything is as before, and what was written to standard error in between is
/// shown. Ctrl-Z and SIGTSTP stop the program; when it goes on that is ``InputEvent/resumed``. A
/// process has one session at a time; it stays on the thread that opened it, and ends after its
/// last use, which may be before the end of the scope.
public struct TerminalSession: ~Copyable {
    /// The columns and rows of the terminal.
    public private(set) var size: Size
    /// How many colours are used.
    public let depth: ColorDepth
    /// Interrupts the wait for events, from any thread.
    public let waker: TerminalWaker

    private let options: TerminalOptions
    private var modes: TerminalModes
    private var painter: CursesPainter
    private var input: TerminalInput
    private var isCursorVisible = false

    /// Takes the terminal.
    ///
    /// - Throws: ``TerminalError/notATerminal`` and ``TerminalError/dumbTerminal`` where a full
    ///   screen is impossible, ``TerminalError/alreadyOpen`` for a second session, and
    ///   ``TerminalError/failed(call:code:)`` where a call fails. Nothing is changed then.
    public init(_ options: TerminalOptions = TerminalOptions()) throws(TerminalError) {
        guard isatty(options.input) == 1, isatty(options.output) == 1 else { throw .notATerminal }
        guard options.environment("TERM") != "dumb" else { throw .dumbTerminal }
        let depth = ColorDepth.chosen(wanted: options.depth, environment: options.environment)
        let size = TerminalSession.size(of: options.output)
        let waker = try TerminalWaker()
        try TerminalSession.take(options, event: waker.descriptor)
        painter = try TerminalSession.makePainter(size: size, depth: depth)
        input = TerminalInput(descriptor: options.input, waker: waker)
        modes = TerminalModes(mouse: options.mouse)
        self.options = options
        self.depth = depth
        self.size = size
        self.waker = waker
        send(modes.entering)
    }

    deinit {
        terminal_give_back()
    }

    /// Shows a frame with one write; writes nothing if the terminal shows it already.
    ///
    /// What lies outside of the terminal's size is cut. Blocks while the terminal does not take
    /// the bytes. A terminal that is gone is told by ``nextEvent(timeoutMilliseconds:)``.
    @discardableResult
    public mutating func present(_ frame: Frame, theme: Theme) -> Presentation {
        guard !input.isHungUp else { return Presentation() }
        var bytes = painter.bytes(for: frame, theme: theme)
        if (frame.cursor != nil) != isCursorVisible {
            isCursorVisible = frame.cursor != nil
            bytes += isCursorVisible ? TerminalModes.showCursor : TerminalModes.hideCursor
        }
        guard !bytes.isEmpty else { return Presentation() }
        if options.synchronizesOutput {
            bytes = TerminalModes.frameStart + bytes + TerminalModes.frameEnd
        }
        let start = ContinuousClock.now
        send(bytes)
        return Presentation(byteCount: bytes.count, writeTime: start.duration(to: .now))
    }

    /// Waits for the next event; nothing if none came in time.
    ///
    /// `timeoutMilliseconds` is how long to wait at most; nothing waits for ever, 0 only looks.
    public mutating func nextEvent(timeoutMilliseconds: Int? = nil) -> InputEvent? {
        let deadline = timeoutMilliseconds.map { ContinuousClock.now + .milliseconds(max(0, $0)) }
        while true {
            switch input.next(until: deadline) {
            case .event(.key(Key(.character("z"), .control))), .suspend:
                suspend()
                return .resumed
            case .event(let event): return event
            case .resize:
                let current = TerminalSession.size(of: options.output)
                guard current != size else { continue }
                size = current
                painter.resize(to: current)
                return .resize(current)
            case .resumed:
                terminal_make_raw_again()
                takeScreen()
                return .resumed
            case .nothing: return nil
            }
        }
    }

    /// Paints everything anew with the next frame, as after another program wrote to the terminal.
    public mutating func repaint() {
        painter.forget()
    }

    /// Turns mouse events on or off.
    public mutating func setMouse(_ isEnabled: Bool) {
        guard modes.mouse != isEnabled else { return }
        modes.mouse = isEnabled
        send(modes.mouseChange)
    }

    /// Whether mouse events come.
    public var isMouseEnabled: Bool { modes.mouse }

    /// Puts text on the clipboard of the terminal (OSC 52); many terminals ask or refuse.
    ///
    /// False if the text is longer than 74,994 bytes, which is the most that terminals take.
    public mutating func copy(_ text: String) -> Bool {
        guard text.utf8.count <= 74_994 else { return false }
        send(Array("\u{1B}]52;c;\(Base64.encoded(text.utf8))\u{07}".utf8))
        return true
    }

    /// Rings the bell.
    public mutating func ringBell() {
        send([0x07])
    }

    /// Prints lines on the ordinary screen, where they stay, and comes back.
    ///
    /// - Parameter text: What ``Frame/ansiText(theme:depth:)`` gave, or other text that may be
    ///   shown as it is.
    public mutating func printBelow(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\r\n")
        send(TerminalModes.leaving + Array(lines.utf8))
        takeScreen()
    }

    /// Gives the terminal back, stops the program, and takes the terminal when it goes on.
    public mutating func suspend() {
        terminal_suspend()
        takeScreen()
        size = TerminalSession.size(of: options.output)
        painter.resize(to: size)
    }

    private mutating func takeScreen() {
        isCursorVisible = false
        painter.forget()
        send(modes.entering)
    }

    /// Sends bytes with as few writes as the terminal allows.
    private mutating func send(_ bytes: [UInt8]) {
        if !TerminalOutput.send(bytes, to: options.output, shouldStop: { input.checkHangup() }) {
            input.hangUp()
        }
    }

    private static func take(_ options: TerminalOptions, event: Int32) throws(TerminalError) {
        let reset = TerminalModes.leaving
        let captures = options.capturesStandardError && isatty(STDERR_FILENO) == 1
        let code = terminal_take(
            options.input,
            options.output,
            event,
            captures ? 1 : 0,
            reset,
            reset.count
        )
        if code == EBUSY { throw .alreadyOpen }
        if code != 0 { throw .failed(call: "tcgetattr", code: code) }
    }

    private static func makePainter(
        size: Size,
        depth: ColorDepth
    ) throws(TerminalError) -> CursesPainter {
        do {
            return try CursesPainter(size: size, depth: depth)
        } catch {
            terminal_give_back()
            throw error
        }
    }

    /// The size that the terminal tells, or 80x24 if it knows none.
    private static func size(of descriptor: Int32) -> Size {
        var (columns, rows): (Int32, Int32) = (0, 0)
        guard terminal_size(descriptor, &columns, &rows) == 0, columns > 0, rows > 0 else {
            return Size(width: 80, height: 24)
        }
        return Size(width: Int(columns), height: Int(rows))
    }
}
