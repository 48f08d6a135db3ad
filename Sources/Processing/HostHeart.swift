import EventStorage
import Synchronization

/// Shows others that a process is alive, on a thread of its own: handlers may take their time.
final class HostHeart: Sendable {
    private let thread: WorkerThread
    private let stopping = ChangeSignal()

    /// How long there is between two beats.
    private static let milliseconds = 500

    init(_ beat: @escaping @Sendable () -> Void) {
        let stopping = stopping
        let first = stopping.value
        thread = WorkerThread {
            while stopping.value == first {
                beat()
                stopping.wait(since: first, timeoutMilliseconds: HostHeart.milliseconds)
            }
        }
    }

    /// Ends the thread, and waits for that.
    func stop() {
        stopping.raise()
        thread.join()
    }
}
