public import EventModel
import Synchronization

/// A clock that goes on by one microsecond with every look at it, and by hand.
///
/// Its ``now()`` is a time source for stores and repositories:
/// `InMemoryEventStore(now: clock.now)`. Safe to use from several threads.
public final class TestClock: Sendable {
    private let microseconds: Mutex<Int64>

    /// Makes a clock that shows a time, in November 2023 where none is given.
    public init(_ start: Timestamp = Timestamp(microseconds: 1_700_000_000_000_000)) {
        microseconds = Mutex(start.microseconds)
    }

    /// The time, one microsecond after the last.
    public func now() -> Timestamp {
        Timestamp(
            microseconds: microseconds.withLock {
                $0 += 1
                return $0
            }
        )
    }

    /// Moves the clock by seconds, backwards where they are negative.
    public func advance(bySeconds seconds: Double) {
        microseconds.withLock { $0 += Int64(seconds * 1_000_000) }
    }
}
