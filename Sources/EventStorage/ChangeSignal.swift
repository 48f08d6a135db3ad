import CSystem

// Sendable: the counter lives as long as this object, and every access to it is atomic.
/// A counter that threads can wait on: raised by whoever changed something.
///
/// Blocks the calling thread; never use it on Swift's cooperative threads. Who is woken takes no
/// lock, so that many who wait for the same do not hold each other up.
package final class ChangeSignal: @unchecked Sendable {
    private let counter = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)

    package init() {
        counter.initialize(to: 0)
    }

    deinit {
        counter.deallocate()
    }

    /// How often the signal has been raised; taken before looking at what it guards.
    package var value: UInt32 { shared_counter(counter) }

    /// Wakes everybody who waits.
    package func raise() {
        shared_counter_raise(counter)
    }

    /// Waits until the signal has been raised since `seen` was taken, or the time is up; may return
    /// early.
    package func wait(since seen: UInt32, timeoutMilliseconds: Int) {
        shared_counter_wait(counter, seen, Int64(timeoutMilliseconds))
    }
}
