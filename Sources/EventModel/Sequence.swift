/// The number of an event in its stream, 0-based.
public struct Sequence: OrdinalNumber {
    /// The number itself.
    public let number: UInt64

    /// Wraps a number.
    public init(_ number: UInt64) {
        self.number = number
    }

    /// The sequence of a stream's first event.
    public static let first = Sequence(0)
}
