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
    /// A stream that many events follow after its last current snapshot.
    public struct Outlier: Hashable, Sendable {
        /// The stream.
        public var stream: StreamName
        /// How many events it holds.
        public var eventCount: UInt64
        /// The sequence of its last current snapshot; nothing where it has none.
        public var snapshotSequence: Sequence?
        /// How many events follow that snapshot; all where there is none.
        public var eventsAfterCount: UInt64

        /// Makes an outlier from its parts.
        public init(
            stream: StreamName,
            eventCount: UInt64,
            snapshotSequence: Sequence?,
            eventsAfterCount: UInt64
        ) {
            self.stream = stream
            self.eventCount = eventCount
            self.snapshotSequence = snapshotSequence
            self.eventsAfterCount = eventsAfterCount
        }
    }

    /// The category.
    public var category: Category
    /// A snapshot is taken every so many events; nothing means not by their number.
    public var every: Int?
    /// A snapshot is taken where a load took longer; nothing means not by measured time.
    public var after: Duration?
    /// How many streams the category has.
    public var streamCount: Int
    /// How many of them have a current snapshot.
    public var coveredCount: Int
    /// How many of them have a snapshot that other rules made, or whose next is due.
    public var staleCount: Int
    /// How many snapshots are kept.
    public var snapshotCount: Int
    /// How many of them are ignored because other rules made them.
    public var ignoredCount: Int
    /// The bytes of all saved states.
    public var size: Int
    /// The streams that most events follow after their last current snapshot, worst first.
    public var outliers: [Outlier]

    /// The stream that has most events after its last snapshot.
    public var worstStream: StreamName? { outliers.first?.stream }
    /// How many events that stream has after its last snapshot.
    public var worstEventCount: UInt64 { outliers.first?.eventsAfterCount ?? 0 }

    /// Makes a coverage from its parts.
    public init(
        category: Category,
        every: Int?,
        after: Duration? = nil,
        streamCount: Int,
        coveredCount: Int,
        staleCount: Int = 0,
        snapshotCount: Int,
        ignoredCount: Int = 0,
        size: Int,
        outliers: [Outlier]
    ) {
        self.category = category
        self.every = every
        self.after = after
        self.streamCount = streamCount
        self.coveredCount = coveredCount
        self.staleCount = staleCount
        self.snapshotCount = snapshotCount
        self.ignoredCount = ignoredCount
        self.size = size
        self.outliers = outliers
    }
}
