/// Numbers that look random and are the same ones again for the same seed.
///
/// The generator is SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014).
package struct RandomSequence: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts a sequence.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next number, any of the 2^64.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return RandomSequence.mix(state)
    }

    /// The next number below a bound; a bound of 0 gives 0.
    package mutating func next(below bound: Int) -> Int {
        bound == 0 ? 0 : Int(next() % UInt64(bound))
    }

    /// Spreads the bits of a number over all of them.
    package static func mix(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
