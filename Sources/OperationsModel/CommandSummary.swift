public import EventModel

/// How often a command was carried out and how long that took, refused ones among them.
public struct CommandSummary: Hashable, Sendable {
    /// The category of the aggregates.
    public var category: Category
    /// The name of the command.
    public var command: String
    /// How often it was carried out.
    public var count: UInt64
    /// The time that half of them did not exceed.
    public var medianMicroseconds: Int64
    /// The time that 99 of 100 did not exceed.
    public var percentile99Microseconds: Int64
    /// The longest time.
    public var maximumMicroseconds: Int64

    /// Makes a summary from its parts.
    public init(
        category: Category,
        command: String,
        count: UInt64,
        medianMicroseconds: Int64,
        percentile99Microseconds: Int64,
        maximumMicroseconds: Int64
    ) {
        self.category = category
        self.command = command
        self.count = count
        self.medianMicroseconds = medianMicroseconds
        self.percentile99Microseconds = percentile99Microseconds
        self.maximumMicroseconds = maximumMicroseconds
    }

    /// Whether one of a hundred takes so long that somebody should look into it: over a second, or
    /// over a tenth of one and over twenty times the median.
    ///
    /// Fewer than a hundred commands tell nothing of one in a hundred. Below a tenth of a second, a
    /// disk that is busy for once makes a command slow.
    public var isSlow: Bool {
        guard count >= 100, percentile99Microseconds > 100_000 else { return false }
        return percentile99Microseconds > 1_000_000
            || percentile99Microseconds / 20 > medianMicroseconds
    }
}
