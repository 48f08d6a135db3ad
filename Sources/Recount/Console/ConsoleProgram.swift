import ConsoleModel
import ConsoleViews
import EventLog
import EventModel
import OperationsModel
import Screen
import Synchronization
import Terminal

/// The console on a terminal: the shell around ``ConsoleState``.
///
/// One loop on the calling thread: events of the terminal and answers of the store become
/// messages, the state answers with effects, and when nothing more is waiting one frame is drawn.
struct ConsoleProgram {
    private let source: any OperationsSource
    private let log: EventLog
    private let themes: ThemeCatalog
    private let now: TimeSource

    /// How long the first frame waits for answers, so that it does not appear empty.
    private static let firstFrameMilliseconds = 150

    /// Makes a program that shows a source of answers about a log.
    init(
        _ source: any OperationsSource,
        log: EventLog,
        themes: ThemeCatalog,
        now: @escaping TimeSource = EventLog.systemTime
    ) {
        self.source = source
        self.log = log
        self.themes = themes
        self.now = now
    }

    /// Runs until the operator leaves or the terminal is gone.
    ///
    /// - Throws: `TerminalError` where a full screen is impossible.
    func run(
        _ context: ConsoleContext,
        theme: Theme,
        options: TerminalOptions
    ) throws {
        var session = try TerminalSession(options)
        let mailbox = Mailbox(waker: session.waker)
        let answerer = Answerer(source) { mailbox.put($0) }
        let scratch = ScratchWorker(source) { mailbox.put($0) }
        let watch = EventWatch(log) { mailbox.put(.changed) }
        defer {
            watch.end()
            scratch.end()
            answerer.end()
        }
        var loop = ConsoleLoop(
            state: ConsoleState(context: context, now: now()),
            theme: theme,
            themes: themes,
            answerer: answerer,
            scratch: scratch,
            now: now
        )
        loop.receive(.resize(width: session.size.width, height: session.size.height), &session)
        loop.waitForAnswers(Self.firstFrameMilliseconds, &session, mailbox)
        while !loop.isLeaving {
            loop.present(on: &session)
            loop.wait(for: &session, mailbox)
        }
    }
}

/// Takes messages from other threads and wakes the loop.
private final class Mailbox: Sendable {
    private let messages = Mutex<[Message]>([])
    private let waker: TerminalWaker

    init(waker: TerminalWaker) {
        self.waker = waker
    }

    func put(_ message: Message) {
        messages.withLock { $0.append(message) }
        waker.wake()
    }

    func takeAll() -> [Message] {
        messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}

/// The state on its way from message to message.
private struct ConsoleLoop {
    private var state: ConsoleState
    private var theme: Theme
    private let themes: ThemeCatalog
    private let answerer: Answerer
    private let scratch: ScratchWorker
    private let now: TimeSource
    private var lastTick: Timestamp
    private(set) var isLeaving = false

    init(
        state: ConsoleState,
        theme: Theme,
        themes: ThemeCatalog,
        answerer: Answerer,
        scratch: ScratchWorker,
        now: @escaping TimeSource
    ) {
        self.state = state
        self.theme = theme
        self.themes = themes
        self.answerer = answerer
        self.scratch = scratch
        self.now = now
        lastTick = now()
    }

    func present(on session: inout TerminalSession) {
        let frame = render(state, size: session.size, glyphs: theme.glyphs)
        session.present(frame, theme: theme)
    }

    /// Waits until every question is answered, but not longer than so many milliseconds.
    mutating func waitForAnswers(
        _ milliseconds: Int,
        _ session: inout TerminalSession,
        _ mailbox: Mailbox
    ) {
        let start = now()
        while !state.isSettled, !isLeaving {
            let left = milliseconds - Int(now().seconds(since: start) * 1000)
            guard left > 0 else { return }
            wait(for: &session, mailbox, atMost: left)
        }
    }

    /// Waits for something to happen and takes in all that has happened.
    mutating func wait(
        for session: inout TerminalSession,
        _ mailbox: Mailbox,
        atMost milliseconds: Int? = nil
    ) {
        let limits = [millisecondsToTick(), milliseconds].compactMap(\.self)
        var event = session.nextEvent(timeoutMilliseconds: limits.min())
        while let happened = event, !isLeaving {
            receive(happened, &session)
            event = session.nextEvent(timeoutMilliseconds: 0)
        }
        for message in mailbox.takeAll() { receive(message, &session) }
        if let wait = millisecondsToTick(), wait == 0 {
            lastTick = now()
            receive(.tick, &session)
        }
    }

    /// How long until the next tick is due; nothing where the state wants none.
    private func millisecondsToTick() -> Int? {
        state.tickIntervalMilliseconds.map { interval in
            max(0, interval - Int(now().seconds(since: lastTick) * 1000))
        }
    }

    private mutating func receive(_ event: InputEvent, _ session: inout TerminalSession) {
        switch event {
        case .key(let key):
            if let key = ConsoleModel.Key(key) { receive(.key(key), &session) }
        case .paste(let text): receive(Message.paste(text), &session)
        case .focus(let hasFocus): receive(Message.focus(hasFocus), &session)
        case .resize(let size):
            receive(.resize(width: size.width, height: size.height), &session)
        case .resumed:
            session.repaint()
            receive(.resize(width: session.size.width, height: session.size.height), &session)
        case .hangup: isLeaving = true
        case .mouse(let mouse):
            switch mouse.action {
            case .scrollUp: receive(Message.scroll(-3), &session)
            case .scrollDown: receive(Message.scroll(3), &session)
            case .press, .release, .drag: break
            }
        case .wake: break
        }
    }

    mutating func receive(_ message: Message, _ session: inout TerminalSession) {
        for effect in state.update(message, at: now()) { perform(effect, &session) }
    }

    private mutating func perform(_ effect: Effect, _ session: inout TerminalSession) {
        switch effect {
        case .fetch(let query, let token): answerer.ask(query, token)
        case .request(let request, let token): answerer.request(request, token)
        case .scratch(let order, let token): scratch.obey(order, token)
        case .interruptScratch(let token): scratch.interrupt(token)
        case .endScratch: scratch.letGo()
        case .copy(let text): _ = session.copy(text)
        case .useTheme(let name): theme = (try? themes.theme(name)) ?? theme
        case .useMouse(let isWanted): session.setMouse(isWanted)
        case .redraw: session.repaint()
        case .bell: session.ringBell()
        case .suspend:
            session.suspend()
            receive(.resize(width: session.size.width, height: session.size.height), &session)
        case .quit: isLeaving = true
        }
    }
}
