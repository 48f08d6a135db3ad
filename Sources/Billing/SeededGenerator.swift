/// Random numbers that are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// Whether something happens that happens so many times in a thousand.
    mutating func happens(perMille: UInt64) -> Bool {
        next() % 1000 < perMille
    }

    /// A number of microseconds between two numbers of days.
    mutating func days(_ range: ClosedRange<Double>) -> Int64 {
        let share = Double(next() >> 11) / Double(1 << 53)
        let days = range.lowerBound + share * (range.upperBound - range.lowerBound)
        return Int64(days * 86_400_000_000)
    }
}
