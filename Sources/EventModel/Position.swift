/// The number of an event in the whole store: 1-based, gapless, in commit order.
///
/// Zero is the place before everything, so that "after position 0" means from the start.
public struct Position: OrdinalNumber {
    /// The number itself.
    public let number: UInt64

    /// Wraps a number.
    public init(_ number: UInt64) {
        self.number = number
    }

    /// The place before the first event.
    public static let start = Position(0)
}
