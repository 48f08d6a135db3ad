public import EventModel

/// The streams of a category that have snapshots, in the order of their names, page by page.
public struct SnapshotStreamPages {
    private let snapshots: any SnapshotStore
    private var request: SnapshotStreamsRequest?

    /// Begins before the first stream.
    ///
    /// - Parameters:
    ///   - category: only streams of this category.
    ///   - fingerprint: that of the snapshots that can be used.
    ///   - snapshots: where snapshots are kept.
    public init(
        of category: Category,
        fingerprint: String,
        in snapshots: any SnapshotStore
    ) {
        self.snapshots = snapshots
        request = SnapshotStreamsRequest(of: category, fingerprint: fingerprint)
    }

    /// The next streams; empty after the last.
    public mutating func next() throws(StorageError) -> [StreamSnapshots] {
        guard var request else { return [] }
        let page = try snapshots.streams(request)
        if let last = page.last, page.count == request.limit {
            request.from = last.stream.text + "\0"
            self.request = request
        } else {
            self.request = nil
        }
        return page
    }
}
