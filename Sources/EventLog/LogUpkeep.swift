import Disk
import EventStorage
import Synchronization

/// Where the work is done that appends can go on without.
package enum UpkeepMode: Hashable, Sendable {
    /// In a thread of its own, which is started when there is something to do.
    case inThread
    /// In the thread that appends, so that a simulation runs the same way every time.
    case inline
    /// Nowhere, since the store is only read.
    case never
}

/// Does the work that appends can go on without: makes files ahead, writes and merges index files.
final class LogUpkeep: Sendable {
    private struct State {
        var thread: WorkerThread?
        var isEnding = false
    }

    /// Where it is done.
    let mode: UpkeepMode
    private let signal = ChangeSignal()
    private let state = Mutex(State())

    init(_ mode: UpkeepMode) {
        self.mode = mode
    }

    /// Sees to it that the work is done soon.
    func request(for log: EventLog) {
        switch mode {
        case .never: return
        case .inline: log.keepUp()
        case .inThread:
            state.withLock { state in
                guard state.thread == nil else { return }
                state.thread = WorkerThread { [weak log, signal, self] in
                    // What was requested before the thread was started is done at once.
                    log?.keepUp()
                    var seen = signal.value
                    while !isEnding {
                        signal.wait(since: seen, timeoutMilliseconds: 60_000)
                        seen = signal.value
                        log?.keepUp()
                    }
                }
            }
            signal.raise()
        }
    }

    private var isEnding: Bool { state.withLock { $0.isEnding } }

    /// Ends the thread, after what it is doing.
    func end() {
        let thread = state.withLock { state in
            state.isEnding = true
            return state.thread
        }
        signal.raise()
        thread?.join()
    }
}
