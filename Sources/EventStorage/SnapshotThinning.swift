import EventModel

/// Which snapshots of a stream are kept, so that every sequence is near one and their number
/// grows slowly.
///
/// Of those that can be used the newest four are kept, and of the older ones the last in each
/// run of 1,024 sequences. Those with another fingerprint go as soon as one that can be used
/// stands at their sequence or later.
public enum SnapshotThinning {
    /// How many of the newest are all kept.
    public static let newestCount = 4

    /// Of how many sequences one snapshot is kept among the older ones.
    public static let interval: UInt64 = 1024

    /// The snapshots of a stream that are not kept.
    ///
    /// - Parameters:
    ///   - listings: all snapshots of the stream, newest first.
    ///   - fingerprint: that of the snapshots that can be used.
    /// - Returns: some of the listings, in their order.
    public static func superfluous(
        among listings: [SnapshotListing],
        fingerprint: String
    ) -> [SnapshotListing] {
        var usableCount = 0
        var newest: Sequence?
        var lastInterval: UInt64?
        return listings.filter { listing in
            guard listing.fingerprint == fingerprint else {
                // Of equal sequences, the usable one may be listed second.
                return newest.map { listing.sequence <= $0 }
                    ?? listings.contains {
                        $0.sequence == listing.sequence && $0.fingerprint == fingerprint
                    }
            }
            newest = newest ?? listing.sequence
            usableCount += 1
            guard usableCount > newestCount else { return false }
            let interval = listing.sequence.number / interval
            defer { lastInterval = interval }
            return interval == lastInterval
        }
    }
}

extension SnapshotStore {
    /// Saves a snapshot and removes those of its stream that need not be kept any more.
    public func keep(_ snapshot: Snapshot) throws(StorageError) {
        try save(snapshot)
        let superfluous = SnapshotThinning.superfluous(
            among: try list(of: snapshot.stream),
            fingerprint: snapshot.fingerprint
        )
        if !superfluous.isEmpty { try remove(superfluous, of: snapshot.stream) }
    }
}
