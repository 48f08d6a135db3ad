public import EventModel
public import OperationsModel

/// The snapshots by category, and those of one stream.
public struct SnapshotsState: Sendable {
    /// The categories.
    public internal(set) var coverage: [SnapshotCoverage]?
    /// Which category is selected.
    public internal(set) var cursor = ListCursor<Category>()
    /// The stream whose snapshots are listed.
    public internal(set) var stream: StreamName?
    /// The snapshots of that stream, newest first.
    public internal(set) var snapshots: [SnapshotSummary]?

    /// The selected category.
    public var selected: SnapshotCoverage? {
        guard let rows = coverage, rows.indices.contains(cursor.index) else { return nil }
        return rows[cursor.index]
    }
}
