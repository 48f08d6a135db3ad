/// How long something took, counted in classes that are at most an eighth wide.
public struct LatencyHistogram: Hashable, Sendable {
    private var counts: [UInt64] = []
    /// How many times were counted.
    public private(set) var count: UInt64 = 0
    /// The longest of them.
    public private(set) var maximumMicroseconds: Int64 = 0

    /// Has counted nothing.
    public init() {}

    /// Counts a time; one below 0, as of a clock that was set back, counts as 0.
    public mutating func add(microseconds: Int64) {
        let time = max(0, microseconds)
        let place = LatencyHistogram.place(of: UInt64(time))
        if place >= counts.count {
            counts += Array(repeating: 0, count: place + 1 - counts.count)
        }
        counts[place] += 1
        count += 1
        maximumMicroseconds = max(maximumMicroseconds, time)
    }

    /// The time that a share of all, 0 to 1, did not exceed, at most an eighth too long; 0 where
    /// nothing was counted.
    public func microseconds(atShare share: Double) -> Int64 {
        precondition(share >= 0 && share <= 1, "A share lies between 0 and 1.")
        let wanted = max(1, UInt64((Double(count) * share).rounded(.up)))
        var seen: UInt64 = 0
        for (place, number) in counts.enumerated() {
            seen += number
            if seen >= wanted {
                return min(LatencyHistogram.upperBound(of: place), maximumMicroseconds)
            }
        }
        return maximumMicroseconds
    }

    /// The times of one class.
    public struct Class: Hashable, Sendable {
        /// The number of the class; times of higher ones are longer.
        public var number: Int
        /// How many times there are in it.
        public var count: UInt64
        /// The longest that is told of it.
        public var maximumMicroseconds: Int64

        /// Makes a class from its parts.
        public init(number: Int, count: UInt64, maximumMicroseconds: Int64) {
            self.number = number
            self.count = count
            self.maximumMicroseconds = maximumMicroseconds
        }
    }

    /// The classes that have times, shortest first; together they are the whole histogram.
    public var classes: [Class] {
        counts.enumerated().filter { $0.element > 0 }.map { place, count in
            let bound = min(LatencyHistogram.upperBound(of: place), maximumMicroseconds)
            return Class(number: place, count: count, maximumMicroseconds: bound)
        }
    }

    /// Adds the times of a class, as ``classes`` told them; those of a number that no class has are
    /// left out.
    public mutating func add(_ times: Class) {
        guard (0..<LatencyHistogram.classCount).contains(times.number) else { return }
        if times.number >= counts.count {
            counts += Array(repeating: 0, count: times.number + 1 - counts.count)
        }
        counts[times.number] &+= times.count
        count &+= times.count
        maximumMicroseconds = max(maximumMicroseconds, times.maximumMicroseconds)
    }

    /// How many classes there can be.
    private static let classCount = place(of: UInt64(Int64.max)) + 1

    /// Below 16 each time has its class; above, each power of two has eight.
    private static func place(of time: UInt64) -> Int {
        guard time >= 16 else { return Int(time) }
        let exponent = 63 - time.leadingZeroBitCount
        return 16 + (exponent - 4) * 8 + Int((time >> UInt64(exponent - 3)) & 7)
    }

    /// The longest time of a class.
    private static func upperBound(of place: Int) -> Int64 {
        guard place >= 16 else { return Int64(place) }
        let (exponent, eighth) = ((place - 16) / 8 + 4, (place - 16) % 8)
        return Int64(clamping: (UInt64(8 + eighth + 1) << UInt64(exponent - 3)) &- 1)
    }
}
