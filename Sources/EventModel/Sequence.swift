/// The number of an event in its stream, 0-based.
public struct Sequence: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number itself.
    public let number: UInt64

    /// Makes a sequence from its number.
    public init(_ number: UInt64) {
        self.number = number
    }

    /// The sequence of a stream's first event.
    public static let first = Sequence(0)

    /// The sequence of the event that follows.
    public var next: Sequence { Sequence(number + 1) }

    public var description: String { String(number) }

    public static func < (left: Self, right: Self) -> Bool {
        left.number < right.number
    }
}
