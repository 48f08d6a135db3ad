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

    /// Removes snapshots of a stream, those with the sequences and fingerprints of the listings.
    public func remove(_ listings: [SnapshotListing], of stream: StreamName) {
        snapshots.withLock { snapshots in
            snapshots[stream]?.removeAll { snapshot in
                listings.contains {
                    $0.sequence == snapshot.sequence && $0.fingerprint == snapshot.fingerprint
                }
            }
        }
    }

    /// How much is kept for a category.
    public func totals(of category: Category, fingerprint: String) -> SnapshotTotals {
        snapshots.withLock { snapshots in
            var totals = SnapshotTotals()
            for (stream, kept) in snapshots where stream.category == category {
                totals.snapshotCount += kept.count
                totals.ignoredCount += kept.count { $0.fingerprint != fingerprint }
                totals.size += kept.reduce(0) { $0 + $1.state.count }
            }
            return totals
        }
    }

    /// One page of the streams of a category that have snapshots, by name.
    public func streams(_ request: SnapshotStreamsRequest) -> [StreamSnapshots] {
        let streams = snapshots.withLock { snapshots in
            snapshots.compactMap { stream, kept -> StreamSnapshots? in
                guard stream.category == request.category, let newest = kept.first,
                    !stream.text.utf8.lexicographicallyPrecedes(request.from.utf8),
                    request.through.map({ stream <= $0 }) ?? true
                else { return nil }
                let usable = kept.first { $0.fingerprint == request.fingerprint }
                return StreamSnapshots(
                    stream: stream,
                    newest: newest.sequence,
                    newestUsable: usable?.sequence
                )
            }
        }
        return Array(streams.sorted { $0.stream < $1.stream }.prefix(max(0, request.limit)))
    }
}
