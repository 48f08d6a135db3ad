public import EventModel

/// Dead letters of rows that were handled later than events behind them, asked for or not.
public struct LateLetters: Hashable, Sendable {
    /// How many there were.
    public let count: UInt64
    /// The lowest of their positions.
    public let first: Position
    /// The highest of their positions.
    public let last: Position
}
