import EventStorage
import Synchronization

/// What the thread that reads a source tells the one that imports.
enum SourceMessage: Sendable {
    /// The source is open and has that many bytes, as far as it tells.
    case opened(size: Int?)
    /// Events that follow those of the batch before.
    case batch(ImportBatch)
    /// No more lines come, and why, where this is not the end of the source; the number is that
    /// of the line that would have come next.
    case end(SourceDefect?, line: Int)
}

/// Hands messages from one thread to another, a few at a time.
final class ImportQueue: Sendable {
    private struct State {
        var messages: [SourceMessage] = []
        var isWaitedFor = false
        var isCancelled = false
    }

    private static let countMax = 3

    private let state = Mutex(State())
    private let changed = ChangeSignal()

    /// Whether the taker has nothing to do.
    var isWaitedFor: Bool { state.withLock { $0.isWaitedFor } }

    /// Adds a message, once there is room; false where nobody takes any more.
    func put(_ message: SourceMessage) -> Bool {
        while true {
            let seen = changed.value
            let answer: Bool? = state.withLock { state in
                if state.isCancelled { return false }
                guard state.messages.count < ImportQueue.countMax else { return nil }
                state.messages.append(message)
                state.isWaitedFor = false
                return true
            }
            if let answer {
                changed.raise()
                return answer
            }
            changed.wait(since: seen, timeoutMilliseconds: 1000)
        }
    }

    /// Takes the next message, once there is one.
    func take() -> SourceMessage {
        while true {
            let seen = changed.value
            let message: SourceMessage? = state.withLock { state in
                guard !state.messages.isEmpty else {
                    state.isWaitedFor = true
                    return nil
                }
                return state.messages.removeFirst()
            }
            if let message {
                changed.raise()
                return message
            }
            changed.wait(since: seen, timeoutMilliseconds: 1000)
        }
    }

    /// Tells the other side that nobody takes any more.
    func cancel() {
        state.withLock { $0.isCancelled = true }
        changed.raise()
    }
}
