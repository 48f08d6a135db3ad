import CSystem
import Glibc

/// Waits for bytes and signals and turns them into events.
struct TerminalInput {
    /// What ended a wait.
    enum Outcome {
        case event(InputEvent)
        case resize
        case resumed
        case suspend
        case nothing
    }

    /// Whether the terminal is gone; never becomes false again.
    private(set) var isHungUp = false
    private let descriptor: Int32
    private let waker: TerminalWaker
    private var decoder = InputDecoder()
    private var lastByte = ContinuousClock.now
    private var events: [InputEvent] = []
    private var signals: UInt32 = 0

    init(descriptor: Int32, waker: TerminalWaker) {
        self.descriptor = descriptor
        self.waker = waker
    }

    /// Remembers that the terminal is gone.
    mutating func hangUp() {
        isHungUp = true
    }

    /// Whether the terminal is gone, as far as signals tell.
    mutating func checkHangup() -> Bool {
        signals |= terminal_take_signals()
        if signals & UInt32(TERMINAL_SIGNAL_HANGUP) != 0 { isHungUp = true }
        return isHungUp
    }

    /// The next thing that happens until a deadline.
    mutating func next(until deadline: ContinuousClock.Instant?) -> Outcome {
        while true {
            if checkHangup() { return .event(.hangup) }
            if let outcome = takeSignal() { return outcome }
            if !events.isEmpty { return .event(events.removeFirst()) }
            if waker.takeRequest() { return .event(.wake) }
            let now = ContinuousClock.now
            let patience = decoder.patienceMilliseconds.map { lastByte + .milliseconds($0) }
            if let patience, patience <= now {
                events += decoder.silence()
                continue
            }
            guard wait(until: [deadline, patience].compactMap(\.self).min(), now: now) else {
                if let deadline, deadline <= .now, patience.map({ $0 > .now }) ?? true {
                    return .nothing
                }
                continue
            }
        }
    }

    private mutating func takeSignal() -> Outcome? {
        let outcomes: [(TerminalSignal, Outcome)] = [
            (.suspend, .suspend), (.resumed, .resumed), (.resize, .resize),
            (.interrupt, .event(.key(Key(.character("c"), .control)))),
        ]
        for (signal, outcome) in outcomes where signals & signal.bit != 0 {
            signals &= ~signal.bit
            return outcome
        }
        return nil
    }

    /// Waits once and reads what is there; false if the time is over.
    private mutating func wait(
        until deadline: ContinuousClock.Instant?,
        now: ContinuousClock.Instant
    ) -> Bool {
        var requests = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let result = poll(&requests, 2, TerminalInput.milliseconds(from: now, to: deadline))
        if result == 0 { return false }
        guard result > 0 else { return true }
        if requests[1].revents != 0 { waker.drain() }
        if requests[0].revents & Int16(POLLIN) != 0 {
            readBytes()
        } else if requests[0].revents != 0 {
            hangUp()
        }
        return true
    }

    private mutating func readBytes() {
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            count = max(-1, read(descriptor, buffer.baseAddress, buffer.count))
            if count <= 0 {
                let isInterrupted = count < 0 && (errno == EINTR || errno == EAGAIN)
                if !isInterrupted { isHungUp = true }
                count = 0
            }
        }
        lastByte = .now
        events += decoder.receive(bytes)
    }

    /// The time for `poll`, rounded up so that it is never asked again too early.
    private static func milliseconds(
        from now: ContinuousClock.Instant,
        to deadline: ContinuousClock.Instant?
    ) -> Int32 {
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = now.duration(to: deadline).components
        let rounded = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: max(0, seconds * 1_000 + rounded))
    }
}

/// The signals that a session looks at, besides the one that ends it.
private enum TerminalSignal {
    case resize, resumed, interrupt, suspend

    var bit: UInt32 {
        switch self {
        case .resize: UInt32(TERMINAL_SIGNAL_RESIZE)
        case .resumed: UInt32(TERMINAL_SIGNAL_CONTINUE)
        case .interrupt: UInt32(TERMINAL_SIGNAL_INTERRUPT)
        case .suspend: UInt32(TERMINAL_SIGNAL_SUSPEND)
        }
    }
}
