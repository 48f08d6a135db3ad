public import EventModel
import Synchronization

/// Snapshots that live and die with their process; for tests and examples.
public final class InMemorySnapshotStore: SnapshotStore {
    private let snapshots = Mutex<[StreamName: [Snapshot]]>([:])

    /// Makes an empty store.
    public init() {}

    /// Keeps a snapshot, in place of one of the same stream, sequence and fingerprint.
    public func save(_ snapshot: Snapshot) {
        snapshots.withLock { snapshots in
            var kept = snapshots[snapshot.stream] ?? []
            kept.removeAll {
                $0.sequence == snapshot.sequence && $0.fingerprint == snapshot.fingerprint
            }
            let index = kept.firstIndex { $0.sequence < snapshot.sequence } ?? kept.endIndex
            kept.insert(snapshot, at: index)
            snapshots[snapshot.stream] = kept
        }
    }

    /// The snapshot with the highest sequence that a request allows; nothing where none does.
    public func newest(_ request: SnapshotRequest) -> Snapshot? {
        snapshots.withLock { $0[request.stream]?.first(where: request.allows) }
    }

    /// The snapshots of a stream, newest first.
    public func list(of stream: StreamName) -> [SnapshotListing] {
        snapshots.withLock { ($0[stream] ?? []).map { SnapshotListing($0) } }
    }

    /// Removes the snapshots of a stream at a sequence, whatever their fingerprint.
    public func remove(of stream: StreamName, at sequence: Sequence) {
        snapshots.withLock { $0[stream]?.removeAll { $0.sequence == sequence } }
    }

    /// What is kept for a category, and how far it reaches for a fingerprint.
    public func statistics(of category: Category, fingerprint: String) -> SnapshotStatistics {
        snapshots.withLock { snapshots in
            var statistics = SnapshotStatistics()
            for (stream, kept) in snapshots where stream.category == category {
                statistics.snapshotCount += kept.count
                statistics.size += kept.reduce(0) { $0 + $1.state.count }
                let current = kept.first { $0.fingerprint == fingerprint }
                statistics.newest[stream] = current?.sequence
            }
            return statistics
        }
    }
}
