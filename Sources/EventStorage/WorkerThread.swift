import Glibc
import Synchronization

// Sendable: the handle is set once by the maker and used once, by `join` or at the end.
/// A thread of its own for work that blocks.
///
/// A thread that nobody joins goes on by itself until its work is done.
package final class WorkerThread: @unchecked Sendable {
    private var handle = pthread_t()
    private let isJoined = Atomic(false)

    /// Starts a thread that does the work once.
    package init(_ work: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(WorkBox(work))
        let status = pthread_create(
            &handle,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<WorkBox>.fromOpaque(argument).takeRetainedValue().work()
                return nil
            },
            box.toOpaque()
        )
        precondition(status == 0, "The operating system has room for one more thread.")
    }

    /// Lets other threads go first, where there are any that could run.
    package static func yield() {
        sched_yield()
    }

    /// Keeps the calling thread from running for a while; returns at once for none.
    package static func pause(microseconds: Int) {
        if microseconds > 0 { usleep(UInt32(clamping: microseconds)) }
    }

    /// Waits until the work is done; to be called exactly once.
    ///
    /// A thread does not wait for itself.
    package func join() {
        let wasJoined = isJoined.exchange(true, ordering: .acquiringAndReleasing)
        precondition(!wasJoined, "A thread is joined once.")
        if pthread_equal(handle, pthread_self()) != 0 {
            pthread_detach(handle)
        } else {
            pthread_join(handle, nil)
        }
    }

    deinit {
        if !isJoined.load(ordering: .acquiring) { pthread_detach(handle) }
    }
}

/// Carries the work over to the thread.
private final class WorkBox: Sendable {
    let work: @Sendable () -> Void

    init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }
}
