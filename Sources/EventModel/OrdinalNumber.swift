/// A number that counts events: in a store or in a stream.
public protocol OrdinalNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number itself.
    var number: UInt64 { get }

    /// Wraps a number.
    init(_ number: UInt64)
}

extension OrdinalNumber {
    /// The number of the event that follows; nothing follows the largest but itself.
    public var next: Self { number == .max ? self : Self(number + 1) }

    /// The number in decimal digits.
    public var description: String { String(number) }

    /// Whether the left number is smaller.
    public static func < (left: Self, right: Self) -> Bool {
        left.number < right.number
    }
}
