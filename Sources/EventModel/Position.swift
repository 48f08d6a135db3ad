/// The number of an event in the whole store: 1-based, gapless, in commit order.
///
/// Zero is the place before everything, so that "after position 0" means from the start.
public struct Position: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number itself.
    public let number: UInt64

    /// Makes a position from its number.
    public init(_ number: UInt64) {
        self.number = number
    }

    /// The place before the first event.
    public static let start = Position(0)

    /// The position of the event that follows.
    public var next: Position { Position(number + 1) }

    public var description: String { String(number) }

    public static func < (left: Self, right: Self) -> Bool {
        left.number < right.number
    }
}
