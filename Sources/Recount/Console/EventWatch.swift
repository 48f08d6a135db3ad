import EventLog
import EventModel
import EventStorage
import Synchronization

/// Tells when a log got new events, at most five times a second.
final class EventWatch: Sendable {
    private let log: EventLog
    private let tell: @Sendable () -> Void
    private let isEnding = Atomic(false)
    private let signal = ChangeSignal()
    private let thread = Mutex<WorkerThread?>(nil)

    private static let spacingMilliseconds = 200

    /// Starts a thread that watches.
    ///
    /// - Parameters:
    ///   - log: the log, whatever process appends to it.
    ///   - tell: called on the thread after events came.
    init(_ log: EventLog, tell: @escaping @Sendable () -> Void) {
        self.log = log
        self.tell = tell
        thread.withLock { $0 = WorkerThread { [self] in run() } }
    }

    /// Ends the thread.
    func end() {
        isEnding.store(true, ordering: .releasing)
        signal.raise()
        log.wakeWaiters()
        thread.withLock { $0 }?.join()
    }

    private func run() {
        var seen = (try? log.head()) ?? .start
        while !isEnding.load(ordering: .acquiring) {
            let count = signal.value
            let head = try? log.wait(after: seen, timeoutMilliseconds: 1000)
            guard !isEnding.load(ordering: .acquiring) else { return }
            if let head, head > seen {
                seen = head
                tell()
            } else if head != nil {
                continue
            }
            // A log that cannot be read is not asked again at once either.
            signal.wait(since: count, timeoutMilliseconds: Self.spacingMilliseconds)
        }
    }
}
