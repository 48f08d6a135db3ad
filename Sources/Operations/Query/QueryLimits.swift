/// How much a query may take.
public struct QueryLimits: Hashable, Sendable {
    /// How long it may run, in milliseconds, the time its rows are looked at included; nothing
    /// for as long as it likes.
    public var timeMilliseconds: Int?
    /// How many rows it may give; nothing for all.
    public var rowCount: Int?

    /// Makes limits; without arguments, ten seconds and as many rows as there are.
    public init(timeMilliseconds: Int? = 10_000, rowCount: Int? = nil) {
        self.timeMilliseconds = timeMilliseconds
        self.rowCount = rowCount
    }
}

/// What is known of a query when it has ended.
public struct QueryResult: Hashable, Sendable {
    /// The names of the columns in order, which may repeat.
    public var columns: [String]
    /// How many rows were given.
    public var rowCount: Int
    /// Whether it ended before its last row.
    public var isCut: Bool
}
