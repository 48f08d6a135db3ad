/// Spaces things out in time, so that there are at most so many a second.
struct Pace: Hashable, Sendable {
    private let interval: Duration
    private var next: Duration?

    /// Makes a pace; anything below one a second counts as one.
    init(perSecond rate: Int) {
        interval = .seconds(1) / max(1, rate)
    }

    /// How long to wait before the next thing, by a clock that shows the time since some moment.
    ///
    /// Time that was lost is not made up for.
    mutating func pause(at now: Duration) -> Duration {
        let start = max(next ?? now + interval, now)
        next = start + interval
        return start - now
    }
}
