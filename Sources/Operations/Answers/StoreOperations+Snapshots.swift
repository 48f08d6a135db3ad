public import Aggregates
import EventLog
public import EventModel
public import EventStorage
public import OperationsModel

extension StoreOperations {
    /// How well each category is covered by snapshots, sorted by name.
    public func snapshotCoverage() throws(OperationsError) -> [SnapshotCoverage] {
        try OperationsError.telling {
            try log.categories().map { try SnapshotCoverage(snapshotter.coverage(of: $0)) }
        }
    }

    /// The snapshots of one stream, newest first.
    public func snapshots(of stream: StreamName) throws(OperationsError) -> [SnapshotSummary] {
        try OperationsError.telling {
            let fingerprint = domain.folds[stream.category].fingerprint
            return try snapshots.list(of: stream).map { listing in
                SnapshotSummary(
                    stream: stream,
                    sequence: listing.sequence,
                    takenTime: listing.takenTime,
                    size: listing.size,
                    isCurrent: listing.fingerprint == fingerprint
                )
            }
        }
    }

    /// The streams of a category that have snapshots, as the domain's rules see them.
    public func snapshotPages(of category: Category) -> StreamPages<StreamSnapshots> {
        StreamPages(
            of: category,
            fingerprint: domain.folds[category].fingerprint,
            in: snapshots
        )
    }

    /// Takes snapshots by the domain's rules.
    public var snapshotter: Snapshotter {
        Snapshotter(store: log, snapshots: snapshots, folds: domain.folds, now: now)
    }
}

extension SnapshotCoverage {
    fileprivate init(_ coverage: CategoryCoverage) {
        self.init(
            category: coverage.category,
            every: coverage.every,
            after: coverage.after,
            streamCount: coverage.streamCount,
            coveredCount: coverage.coveredCount,
            staleCount: coverage.staleCount,
            snapshotCount: coverage.totals.snapshotCount,
            ignoredCount: coverage.totals.ignoredCount,
            size: coverage.totals.size,
            outliers: coverage.outliers.map { stream in
                Outlier(
                    stream: stream.stream,
                    eventCount: stream.eventCount,
                    snapshotSequence: stream.snapshotSequence,
                    eventsAfterCount: stream.eventsAfterCount
                )
            }
        )
    }
}
