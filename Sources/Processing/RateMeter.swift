public import EventModel

/// Measures events a second over the last seconds.
public struct RateMeter: Hashable, Sendable {
    private var samples: [Sample] = []

    private struct Sample: Hashable, Sendable {
        var time: Timestamp
        var count: UInt64
    }

    private static let windowSeconds = 5.0

    /// Makes a meter that has seen nothing.
    public init() {}

    /// Notes how many events had been seen at a time.
    public mutating func note(_ count: UInt64, at time: Timestamp) {
        // A clock that was set back measures nothing until it has passed the old time again.
        if let last = samples.last, time < last.time { samples.removeAll() }
        if let last = samples.last, time.seconds(since: last.time) < 0.1 {
            if samples.count > 1 { samples[samples.count - 1].count = max(last.count, count) }
            return
        }
        samples.append(Sample(time: time, count: count))
        let oldest = time.advanced(bySeconds: -RateMeter.windowSeconds)
        while samples.count > 2, samples[0].time < oldest { samples.removeFirst() }
    }

    /// The events a second between the oldest and the newest look.
    public var ratePerSecond: Double {
        guard let first = samples.first, let last = samples.last, last.time > first.time else {
            return 0
        }
        return Double(last.count - min(first.count, last.count))
            / last.time.seconds(since: first.time)
    }
}
