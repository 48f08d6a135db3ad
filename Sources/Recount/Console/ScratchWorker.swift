import ConsoleModel
import EventStorage
import OperationsModel
import Synchronization

/// Works on the console's scratch copy on a thread of its own, one order after the other.
final class ScratchWorker: Sendable {
    private let queue = Mutex(Queue())
    private let changed = ChangeSignal()
    /// Orders up to this number end as soon as they hear of it.
    private let interrupted = Atomic<UInt64>(0)
    private let source: any OperationsSource
    private let deliver: @Sendable (Message) -> Void
    private let thread = Mutex<WorkerThread?>(nil)

    private struct Queue {
        var work: [Work] = []
        var isEnding = false
    }

    private enum Work {
        case order(ScratchOrder, ScratchToken)
        case letGo
    }

    /// How long work goes on before it tells how far it has come, and again between two tellings.
    private static let progressInterval = Duration.milliseconds(100)

    /// Starts a thread that works.
    ///
    /// - Parameters:
    ///   - source: who makes scratch copies.
    ///   - deliver: takes answers and progress, on any thread.
    init(_ source: any OperationsSource, deliver: @escaping @Sendable (Message) -> Void) {
        self.source = source
        self.deliver = deliver
        thread.withLock { $0 = WorkerThread { [self] in run() } }
    }

    /// Puts an order in, behind those before it.
    func obey(_ order: ScratchOrder, _ token: ScratchToken) {
        queue.withLock { $0.work.append(.order(order, token)) }
        changed.raise()
    }

    /// Has an order end where it is, and those before it.
    func interrupt(_ token: ScratchToken) {
        _ = interrupted.max(token.number, ordering: .relaxed)
    }

    /// Lets go of the copy; orders that wait are dropped.
    func letGo() {
        queue.withLock { $0.work = [.letGo] }
        changed.raise()
    }

    /// Ends the thread as soon as the order it is at hears of it; what waits is dropped.
    func end() {
        interrupted.store(.max, ordering: .relaxed)
        queue.withLock { queue in
            queue.work = []
            queue.isEnding = true
        }
        changed.raise()
        thread.withLock { $0 }?.join()
    }

    private func run() {
        var session = ScratchSession(source)
        while let work = next() {
            switch work {
            case .order(let order, let token): obey(order, token, &session)
            case .letGo: session.end()
            }
        }
    }

    private func obey(
        _ order: ScratchOrder,
        _ token: ScratchToken,
        _ session: inout ScratchSession
    ) {
        var due = ContinuousClock.now + Self.progressInterval
        let answer = session.result(of: order) { [self] reached, last in
            let now = ContinuousClock.now
            if now >= due {
                due = now + Self.progressInterval
                deliver(.scratchProgress(token, reached: reached, last: last))
            }
            return interrupted.load(ordering: .relaxed) < token.number
        }
        deliver(.scratchAnswered(token, answer))
    }

    /// Waits for work; nothing when there will be none.
    private func next() -> Work? {
        while true {
            let seen = changed.value
            let (work, isEnding) = queue.withLock { queue in
                (queue.work.isEmpty ? nil : queue.work.removeFirst(), queue.isEnding)
            }
            if let work { return work }
            if isEnding { return nil }
            changed.wait(since: seen, timeoutMilliseconds: 60_000)
        }
    }
}
