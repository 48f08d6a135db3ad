import CSystem
import Glibc
import Synchronization

/// Interrupts a session's wait for events, from any thread.
///
/// Many calls before the session looks are one event. It may outlive the session.
public final class TerminalWaker: Sendable {
    let descriptor: Int32
    private let isRequested = Atomic<Bool>(false)

    init() throws(TerminalError) {
        descriptor = terminal_make_event()
        guard descriptor >= 0 else { throw .failed(call: "eventfd", code: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Makes the session's wait end with ``InputEvent/wake``.
    public func wake() {
        guard !isRequested.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Empties the descriptor, to which signal handlers write too.
    func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }

    /// Whether somebody called ``wake()`` since the last time.
    func takeRequest() -> Bool {
        isRequested.exchange(false, ordering: .acquiringAndReleasing)
    }
}
