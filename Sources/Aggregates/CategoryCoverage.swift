public import EventModel
public import EventStorage

/// How well the streams of a category are covered by snapshots.
public struct CategoryCoverage: Hashable, Sendable {
    /// A stream and its newest snapshots.
    public struct Stream: Hashable, Sendable {
        /// The stream.
        public var stream: StreamName
        /// How many events it holds.
        public var eventCount: UInt64
        /// The sequence of the newest snapshot that the rules in force can use; nothing where
        /// there is none.
        public var snapshotSequence: Sequence?
        /// Whether a newer one was made by other rules.
        public var isOutdated: Bool

        /// How many events follow the snapshot; all where there is none.
        public var eventsAfterCount: UInt64 {
            guard let snapshotSequence else { return eventCount }
            let covered = snapshotSequence.next.number
            return eventCount > covered ? eventCount - covered : 0
        }
    }

    /// The category.
    public let category: Category
    /// A snapshot is taken every so many events; nothing means not by their number.
    public let every: Int?
    /// A snapshot is taken where a load took longer; nothing means not by measured time.
    public let after: Duration?
    /// How much is kept, also what the rules in force cannot use.
    public let totals: SnapshotTotals
    /// How many streams there are.
    public private(set) var streamCount = 0
    /// How many streams have a snapshot that can be used.
    public private(set) var coveredCount = 0
    /// How many streams have a snapshot that is to be made anew.
    public private(set) var staleCount = 0
    /// The streams that most events follow after their last usable snapshot, worst first; at
    /// most ten, and none that its snapshot tells completely.
    public private(set) var outliers: [Stream] = []

    private static let outlierCountMax = 10

    init(of fold: Fold, _ category: Category, totals: SnapshotTotals) {
        self.category = category
        every = fold.snapshotEvery
        after = fold.snapshotAfter
        self.totals = totals
    }

    /// Takes in the next stream, by name.
    mutating func add(_ stream: Stream) {
        streamCount += 1
        if stream.snapshotSequence != nil { coveredCount += 1 }
        if SnapshotChoice.stale.includes(stream, every: every) { staleCount += 1 }
        let count = stream.eventsAfterCount
        guard count > 0 else { return }
        let index = outliers.firstIndex { $0.eventsAfterCount < count } ?? outliers.endIndex
        guard index < CategoryCoverage.outlierCountMax else { return }
        outliers.insert(stream, at: index)
        if outliers.count > CategoryCoverage.outlierCountMax { outliers.removeLast() }
    }
}

/// Which streams of a category a run over them saves.
public enum SnapshotChoice: Hashable, Sendable {
    /// Those without a snapshot that the rules in force can use, and those whose next is due.
    case missing
    /// Those whose newest snapshot was made by other rules, and those whose next is due.
    case stale

    func includes(_ stream: CategoryCoverage.Stream, every: Int?) -> Bool {
        switch self {
        case .missing:
            stream.snapshotSequence == nil || stream.eventsAfterCount >= UInt64(every ?? 1)
        case .stale:
            stream.isOutdated || every.map { stream.eventsAfterCount >= UInt64($0) } ?? false
        }
    }
}

/// The streams of a category with their newest snapshots, page by page.
struct CoveragePages {
    private let snapshots: any SnapshotStore
    private let category: Category
    private let fingerprint: String
    private var pages: StreamPages<StreamSummary>

    init(of category: Category, fingerprint: String, in snapshotter: Snapshotter) {
        self.category = category
        self.fingerprint = fingerprint
        snapshots = snapshotter.snapshots
        pages = StreamPages(of: snapshotter.store, category: category)
    }

    /// The next streams; empty after the last.
    mutating func next() throws(StorageError) -> [CategoryCoverage.Stream] {
        let page = try pages.next()
        guard let first = page.first, let last = page.last else { return [] }
        let request = SnapshotStreamsRequest(
            of: category,
            fingerprint: fingerprint,
            from: first.stream.text,
            through: last.stream,
            limit: .max
        )
        let known = Dictionary(
            try snapshots.streams(request).map { ($0.stream, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        return page.map { summary in
            let kept = known[summary.stream]
            return CategoryCoverage.Stream(
                stream: summary.stream,
                eventCount: summary.eventCount,
                snapshotSequence: kept?.newestUsable,
                isOutdated: kept?.isOutdated ?? false
            )
        }
    }
}
