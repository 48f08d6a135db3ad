public import EventModel
import OperationsModel

/// What was measured over time, for the small charts.
public struct Trends: Sendable {
    /// Where the head was at one moment.
    public struct HeadSample: Hashable, Sendable {
        /// The moment, as the store measured it.
        public var time: Timestamp
        /// The position of the last event.
        public var head: Position
    }

    /// Where the head was, oldest first, about one a second over 30 minutes at most.
    public private(set) var heads: [HeadSample] = []
    /// The events not decided yet by group, oldest first, about one a second over two minutes.
    public private(set) var lags: [String: [UInt64]] = [:]

    private var lagTime: Timestamp?
    private static let headMaximum = 1800
    private static let lagMaximum = 120

    /// The appended events a second over the last 10 seconds or so; nothing before it is known.
    public var appendRate: Double? {
        guard let last = heads.last else { return nil }
        let first = heads.last { last.time.seconds(since: $0.time) >= 10 } ?? heads[0]
        let seconds = last.time.seconds(since: first.time)
        guard seconds > 0, last.head >= first.head else { return nil }
        return Double(last.head.number - first.head.number) / seconds
    }

    /// Appended events a second in `count` equal spans of the time covered, oldest first.
    public func appendRates(count: Int) -> [Double] {
        guard heads.count > 1, count > 0 else { return [] }
        let spans = min(count, heads.count - 1)
        return (0..<spans).map { span in
            let first = heads[span * (heads.count - 1) / spans]
            let last = heads[(span + 1) * (heads.count - 1) / spans]
            let seconds = last.time.seconds(since: first.time)
            guard seconds > 0, last.head >= first.head else { return 0 }
            return Double(last.head.number - first.head.number) / seconds
        }
    }

    /// The events that the group furthest behind had not decided, oldest first.
    public var largestLags: [UInt64] {
        let count = lags.values.map(\.count).max() ?? 0
        var largest = [UInt64](repeating: 0, count: count)
        for samples in lags.values {
            for (index, lag) in samples.enumerated() {
                let place = count - samples.count + index
                largest[place] = max(largest[place], lag)
            }
        }
        return largest
    }

    /// Whether a group falls behind (1), catches up (-1) or neither (0) over half a minute.
    public func lagDirection(of group: String) -> Int {
        guard let samples = lags[group], samples.count > 4 else { return 0 }
        let earlier = samples[max(0, samples.count - 30)]
        let later = samples[samples.count - 1]
        let tolerance = max(2, earlier / 50)
        if later > earlier + tolerance { return 1 }
        return later + tolerance < earlier ? -1 : 0
    }

    mutating func take(_ status: StoreStatus) {
        if let last = heads.last {
            // The second sample comes early, so that a rate is known soon.
            let spacing = heads.count == 1 ? 0.2 : 0.9
            guard status.measuredTime.seconds(since: last.time) >= spacing else { return }
        }
        heads.append(HeadSample(time: status.measuredTime, head: status.head))
        if heads.count > Self.headMaximum { heads.removeFirst(heads.count - Self.headMaximum) }
    }

    mutating func take(_ processors: [ProcessorStatus], at now: Timestamp) {
        if let lagTime {
            guard now.seconds(since: lagTime) >= 0.9 else { return }
        }
        lagTime = now
        var fresh: [String: [UInt64]] = [:]
        for status in processors {
            var samples = lags[status.group] ?? []
            samples.append(status.lagEvents)
            if samples.count > Self.lagMaximum { samples.removeFirst() }
            fresh[status.group] = samples
        }
        lags = fresh
    }
}
