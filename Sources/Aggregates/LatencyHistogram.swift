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
        return Int64((UInt64(8 + eighth + 1) << UInt64(exponent - 3)) - 1)
    }
}
