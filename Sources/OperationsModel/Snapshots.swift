public import EventModel

/// The saved state of one aggregate at one sequence, as a list shows it.
public struct SnapshotSummary: Hashable, Sendable {
    /// The aggregate's stream.
    public var stream: StreamName
    /// The last sequence that went into the state.
    public var sequence: Sequence
    /// When it was taken.
    public var takenTime: Timestamp
    /// The bytes of the saved state.
    public var size: Int
    /// Whether the rules it was folded by are still those in force.
    public var isCurrent: Bool

    /// Makes a summary from its parts.
    public init(
        stream: StreamName,
        sequence: Sequence,
        takenTime: Timestamp,
        size: Int,
        isCurrent: Bool
    ) {
        self.stream = stream
        self.sequence = sequence
        self.takenTime = takenTime
        self.size = size
        self.isCurrent = isCurrent
    }
}

/// How well one category is covered by snapshots.
public struct SnapshotCoverage: Hashable, Sendable {
    /// The category.
    public var category: Category
    /// A snapshot is taken every so many events; nothing means only on demand.
    public var every: Int?
    /// How many streams the category has.
    public var streamCount: Int
    /// How many of them have a current snapshot.
    public var coveredCount: Int
    /// How many snapshots are kept.
    public var snapshotCount: Int
    /// The bytes of all saved states.
    public var size: Int
    /// The stream that has most events after its last snapshot.
    public var worstStream: StreamName?
    /// How many events that stream has after its last snapshot.
    public var worstEventCount: UInt64

    /// Makes a coverage from its parts.
    public init(
        category: Category,
        every: Int?,
        streamCount: Int,
        coveredCount: Int,
        snapshotCount: Int,
        size: Int,
        worstStream: StreamName?,
        worstEventCount: UInt64
    ) {
        self.category = category
        self.every = every
        self.streamCount = streamCount
        self.coveredCount = coveredCount
        self.snapshotCount = snapshotCount
        self.size = size
        self.worstStream = worstStream
        self.worstEventCount = worstEventCount
    }
}
