import Dispatch
import Glibc
import ProgramFixture
import Screen
import Testing

@testable import Terminal

/// One terminal at a time: ncurses and signals belong to the process.
@Suite(.serialized) struct TerminalSessionTests {
    static func options(_ pty: borrowing Pseudoterminal, _ depth: ColorDepth = .direct)
        -> TerminalOptions
    {
        var options = TerminalOptions()
        options.input = pty.line
        options.output = pty.line
        options.depth = depth
        options.capturesStandardError = false
        options.environment = { ["TERM": "nonsense"][$0] }
        return options
    }

    static let end = TerminalModes.frameEnd

    func sampleFrame(_ size: Size) -> Frame {
        var frame = Frame(size: size)
        frame.draw(" PROD ", at: .origin, style: Style(.environmentProduction))
        frame.draw("漢字 e\u{301} wide", at: Point(x: 8, y: 0), style: Style(.stateReplaying))
        frame.rule(at: Point(x: 0, y: 1), width: size.width)
        for y in 2..<size.height {
            frame.draw("row \(y)", at: Point(x: 0, y: y), style: Style(.lagWarning))
        }
        frame.draw("corner", at: Point(x: size.width - 6, y: size.height - 1), style: Style(.link))
        frame.lay(frame.bounds.row(3), on: .selection)
        return frame
    }

    func expectSame(_ screen: VirtualTerminal, _ frame: Frame, _ depth: ColorDepth) {
        #expect(screen.unknown == [])
        #expect(screen.lines == (0..<frame.size.height).map(frame.plainRow))
        for y in 0..<frame.size.height {
            for x in 0..<frame.size.width {
                let cell = frame[Point(x: x, y: y)]
                guard cell.width > 0 else { continue }
                var wanted = Theme.nightWatch.appearance(of: cell.style, depth: depth)
                var shown = screen.cells[y][x].look
                if cell.scalar == 0x20 {
                    // Nobody sees the colour, slant or weight of a space.
                    (wanted.foreground, shown.foreground) = (.standard, .standard)
                    wanted.attributes.formIntersection([.reverse, .underline])
                    shown.attributes.formIntersection([.reverse, .underline])
                }
                if wanted != shown {
                    Issue.record("\(x),\(y): \(shown) instead of \(wanted)")
                    return
                }
            }
        }
    }

    @Test(arguments: ColorDepth.allCases)
    func `a frame arrives as it was drawn`(depth: ColorDepth) throws {
        let pty = try Pseudoterminal(columns: 40, rows: 8)
        let before = pty.attributes.flags
        let session = try OpenTerminal(TerminalSessionTests.options(pty, depth))
        show(on: pty, session, depth)
        session.close()
        #expect(pty.attributes.flags == before)
        var screen = VirtualTerminal(size: Size(width: 40, height: 8))
        screen.receive(pty.output(endingWith: Array("\u{1B}[?1049l".utf8)))
        #expect(screen.modes.subtracting([7]) == [25])
    }

    func show(on pty: Pseudoterminal, _ session: OpenTerminal, _ depth: ColorDepth) {
        #expect(session.size == Size(width: 40, height: 8) && session.depth == depth)
        #expect(pty.attributes.flags[3] & UInt32(ICANON | ECHO | ISIG) == 0)
        let frame = sampleFrame(session.size)
        let shown = session.present(frame)
        var screen = VirtualTerminal(size: session.size)
        let output = pty.output(endingWith: TerminalSessionTests.end)
        screen.receive(output)
        expectSame(screen, frame, depth)
        #expect(screen.modes.subtracting([7]) == [1049, 2004, 1004])
        #expect(output.count - shown == TerminalModes(mouse: false).entering.count)
        #expect(session.present(frame) == 0)
        var next = frame
        next.draw("changed", at: Point(x: 10, y: 4))
        next.cursor = Point(x: 3, y: 4)
        pty.clear()
        let small = session.present(next)
        #expect(small > 0 && small < 120)
        let bytes = pty.output(endingWith: TerminalSessionTests.end)
        #expect(bytes.starts(with: TerminalModes.frameStart) && bytes.count == small)
        screen.receive(bytes)
        expectSame(screen, next, depth)
        #expect(screen.x == 3 && screen.y == 4 && screen.modes.contains(25))
    }

    @Test func `random frames arrive as they were drawn`() throws {
        let pty = try Pseudoterminal(columns: 30, rows: 6)
        let session = try OpenTerminal(TerminalSessionTests.options(pty))
        var screen = VirtualTerminal(size: session.size)
        var frame = Frame(size: session.size)
        let texts = ["abc", "漢字", "e\u{301}\u{302}\u{303}x", "    ", "\u{1B}[2J", "long text here"]
        let roles = StyleRole.allCases
        for _ in 0..<300 {
            for _ in 0..<Int.random(in: 1...6) {
                let point = Point(x: .random(in: 0..<30), y: .random(in: 0..<6))
                let style = Style(
                    roles.randomElement() ?? .text,
                    on: Style.Backdrop.allCases.randomElement() ?? .none
                )
                frame.draw(texts.randomElement() ?? "", at: point, style: style)
            }
            pty.clear()
            guard session.present(frame) > 0 else { continue }
            screen.receive(pty.output(endingWith: TerminalSessionTests.end))
            expectSame(screen, frame, .direct)
        }
    }

    @Test func `another theme repaints, the same one does not`() throws {
        let pty = try Pseudoterminal(columns: 40, rows: 8)
        let session = try OpenTerminal(TerminalSessionTests.options(pty))
        let frame = sampleFrame(session.size)
        _ = session.present(frame)
        var painted = Theme.nightWatch
        painted.paintsBackground = true
        #expect(session.present(frame, theme: painted) > 40)
        #expect(session.present(frame, theme: painted) == 0)
        session.repaint()
        #expect(session.present(frame, theme: painted) > 40)
    }

    @Test func `keys arrive, a lone escape after a moment`() throws {
        let pty = try Pseudoterminal(columns: 40, rows: 8)
        let session = try OpenTerminal(TerminalSessionTests.options(pty))
        #expect(session.nextEvent(timeoutMilliseconds: 0) == nil)
        pty.type("q\u{1B}[A")
        #expect(session.nextEvent() == .key(Key(.character("q"))))
        #expect(session.nextEvent() == .key(Key(.up)))
        pty.type("\u{1B}")
        #expect(session.nextEvent() == .key(Key(.escape)))
        pty.type("\u{3}")
        #expect(
            session.nextEvent() == .key(Key(.character("c"), .control))
        )
        #expect(session.nextEvent(timeoutMilliseconds: 10) == nil)
    }

    @Test func `another thread ends the wait, once for many calls`() throws {
        let pty = try Pseudoterminal(columns: 40, rows: 8)
        let session = try OpenTerminal(TerminalSessionTests.options(pty))
        let waker = session.waker
        DispatchQueue.global().async { waker?.wake() }
        #expect(session.nextEvent() == .wake)
        waker?.wake()
        waker?.wake()
        #expect(session.nextEvent() == .wake)
        #expect(session.nextEvent(timeoutMilliseconds: 0) == nil)
    }

    @Test func `a hang-up cannot be swallowed`() throws {
        let pty = try Pseudoterminal(columns: 40, rows: 8)
        let session = try OpenTerminal(TerminalSessionTests.options(pty))
        pty.hangUp()
        for _ in 0..<3 { #expect(session.nextEvent() == .hangup) }
        #expect(session.present(sampleFrame(session.size)) == 0)
    }

    @Test(arguments: [SIGHUP, SIGTERM])
    func `signals that end the program are a hang-up`(signal: Int32) throws {
        let pty = try Pseudoterminal(columns: 40, rows: 8)
        let session = try OpenTerminal(TerminalSessionTests.options(pty))
        kill(getpid(), signal)
        for _ in 0..<3 { #expect(session.nextEvent() == .hangup) }
    }

    @Test func `an interrupt from outside is a key`() throws {
        let pty = try Pseudoterminal(columns: 40, rows: 8)
        let session = try OpenTerminal(TerminalSessionTests.options(pty))
        kill(getpid(), SIGINT)
        #expect(
            session.nextEvent() == .key(Key(.character("c"), .control))
        )
    }

    @Test func `after being continued the screen is taken and painted again`() throws {
        let pty = try Pseudoterminal(columns: 40, rows: 8)
        let session = try OpenTerminal(TerminalSessionTests.options(pty))
        let frame = sampleFrame(session.size)
        session.setMouse(true)
        _ = session.present(frame)
        _ = pty.output(endingWith: TerminalSessionTests.end)
        pty.clear()
        kill(getpid(), SIGCONT)
        #expect(session.nextEvent() == .resumed)
        _ = session.present(frame)
        var screen = VirtualTerminal(size: session.size)
        screen.receive(pty.output(endingWith: TerminalSessionTests.end))
        expectSame(screen, frame, .direct)
        #expect(screen.modes.subtracting([7]) == [1049, 2004, 1004, 1000, 1002, 1006])
    }

    @Test func `a terminal of another size gets a frame of that size`() throws {
        let pty = try Pseudoterminal(columns: 40, rows: 8)
        let session = try OpenTerminal(TerminalSessionTests.options(pty))
        _ = session.present(sampleFrame(session.size))
        for size in [
            Size(width: 60, height: 12), Size(width: 1, height: 1), Size(width: 300, height: 4),
        ] {
            _ = pty.output(endingWith: TerminalSessionTests.end)
            pty.clear()
            resize(pty, to: size)
            kill(getpid(), SIGWINCH)
            #expect(session.nextEvent() == .resize(size))
            var frame = Frame(size: size)
            frame.fill(frame.bounds, with: "x", style: .text)
            _ = session.present(frame)
            var screen = VirtualTerminal(size: size)
            screen.receive(pty.output(endingWith: TerminalSessionTests.end))
            expectSame(screen, frame, .direct)
        }
        kill(getpid(), SIGWINCH)
        #expect(session.nextEvent(timeoutMilliseconds: 20) == nil)
    }

    private func resize(_ pty: Pseudoterminal, to size: Size) {
        let arguments = [
            "stty", "-F", pty.name, "cols", "\(size.width)", "rows",
            "\(size.height)",
        ]
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process: pid_t = 0
        #expect(posix_spawnp(&process, "stty", nil, nil, &pointers, environ) == 0)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        #expect(status == 0)
    }

    @Test func `printed text stays on the ordinary screen`() throws {
        let pty = try Pseudoterminal(columns: 40, rows: 8)
        let session = try OpenTerminal(TerminalSessionTests.options(pty))
        session.printBelow("one\ntwo\n")
        _ = pty.output(
            endingWith: Array("\u{1B}[?1049lone\r\ntwo\r\n".utf8)
                + TerminalModes(mouse: false).entering
        )
        #expect(session.copy("hello"))
        #expect(!session.copy(String(repeating: "x", count: 75_000)))
        _ = pty.output(endingWith: Array("\u{1B}]52;c;aGVsbG8=\u{07}".utf8))
    }

    @Test func `what cannot show a screen is refused`() throws {
        let pty = try Pseudoterminal(columns: 40, rows: 8)
        var options = TerminalSessionTests.options(pty)
        options.environment = { $0 == "TERM" ? "dumb" : nil }
        #expect(refusal(options) == .dumbTerminal)
        options = TerminalSessionTests.options(pty)
        let null = open("/dev/null", O_RDWR)
        defer { close(null) }
        options.output = null
        #expect(refusal(options) == .notATerminal)
        let session = try OpenTerminal(TerminalSessionTests.options(pty))
        #expect(refusal(TerminalSessionTests.options(pty)) == .alreadyOpen)
        #expect(session.size.width == 40)
    }

    private func refusal(_ options: TerminalOptions) -> TerminalError? {
        do throws(TerminalError) {
            _ = try OpenTerminal(options)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a full repaint stays within its budgets`() throws {
        let pty = try Pseudoterminal(columns: 200, rows: 60)
        let session = try OpenTerminal(TerminalSessionTests.options(pty))
        var frame = Frame(size: session.size)
        for y in 0..<60 {
            for x in stride(from: 0, to: 200, by: 20) {
                frame.draw(
                    "value \(x * y) here",
                    at: Point(x: x, y: y),
                    style: Style(StyleRole.allCases[(x / 20 + y) % 20])
                )
            }
        }
        let clock = ContinuousClock()
        var bytes = 0
        let full = clock.measure { bytes = session.present(frame) }
        for y in 2..<57 { frame.draw("\(y * 7919 % 99_991)", at: Point(x: 60, y: y)) }
        var liveBytes = 0
        let live = clock.measure {
            liveBytes = session.present(frame)
        }
        #expect(bytes < 120_000 && liveBytes < 8_000)
        #expect(full < .milliseconds(200) && live < .milliseconds(200))
    }
}
