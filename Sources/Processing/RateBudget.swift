import EventModel

/// Lets so many events a second through, with at most a tenth of a second's worth at once.
struct RateBudget: Hashable, Sendable {
    private var tokens = 0.0
    private var filledTime: Timestamp?

    /// How many events may be handled now.
    mutating func allowance(rate: Int, now: Timestamp) -> Int {
        let rate = Double(max(1, rate))
        let seconds = filledTime.map { max(0, now.seconds(since: $0)) } ?? 0.1
        filledTime = now
        tokens = min(max(1, rate / 10), tokens + seconds * rate)
        return Int(tokens)
    }

    /// Takes handled events off.
    mutating func spend(_ count: UInt64) {
        tokens = max(0, tokens - Double(count))
    }
}
