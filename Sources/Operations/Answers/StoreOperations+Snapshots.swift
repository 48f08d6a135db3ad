public import Aggregates
import EventLog
public import EventModel
import EventStorage
public import OperationsModel

extension StoreOperations {
    /// How well each category is covered by snapshots, sorted by name.
    public func snapshotCoverage() throws(OperationsError) -> [SnapshotCoverage] {
        try OperationsError.telling {
            let streams = try log.streams(StreamsRequest(limit: .max))
            let categories = Set(streams.lazy.filter { !$0.stream.isSystem }.map(\.stream.category))
            return try categories.sorted().map {
                try SnapshotCoverage(snapshotter.coverage(of: $0))
            }
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

    /// Takes snapshots by the domain's rules.
    public var snapshotter: Snapshotter {
        Snapshotter(store: log, snapshots: snapshots, folds: domain.folds, now: now)
    }
}

extension SnapshotCoverage {
    fileprivate init(_ coverage: CategoryCoverage) {
        let worst = coverage.worst
        self.init(
            category: coverage.category,
            every: coverage.every,
            streamCount: coverage.streams.count,
            coveredCount: coverage.coveredCount,
            snapshotCount: coverage.snapshotCount,
            size: coverage.size,
            worstStream: worst?.stream,
            worstEventCount: worst?.eventsAfterCount ?? 0
        )
    }
}
