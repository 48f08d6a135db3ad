import EventStorage
import Synchronization

/// Hands elements from one thread to another, a few at a time.
final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var isWaitedFor = false
        var isCancelled = false
    }

    private let countMax: Int
    private let state = Mutex(State())
    private let changed = ChangeSignal()

    /// Makes a queue in which at most so many elements wait.
    init(countMax: Int) {
        self.countMax = countMax
    }

    /// Whether the taker has nothing to do.
    var isWaitedFor: Bool { state.withLock { $0.isWaitedFor } }

    /// Adds an element, once there is room; false where nobody takes any more.
    func put(_ element: Element) -> Bool {
        while true {
            let seen = changed.value
            let answer: Bool? = state.withLock { state in
                if state.isCancelled { return false }
                guard state.elements.count < countMax else { return nil }
                state.elements.append(element)
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

    /// Takes the next element, once there is one.
    func take() -> Element {
        while true {
            let seen = changed.value
            let element: Element? = state.withLock { state in
                guard !state.elements.isEmpty else {
                    state.isWaitedFor = true
                    return nil
                }
                return state.elements.removeFirst()
            }
            if let element {
                changed.raise()
                return element
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
