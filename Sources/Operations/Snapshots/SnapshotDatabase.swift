import CZlib
public import Disk
public import EventModel
public import EventStorage

/// Snapshots in one SQLite file, for several processes.
///
/// The file is derived: one that is damaged, of another format or no database at all is removed
/// and made anew, and a row whose checksum is wrong does not exist.
public final class SnapshotDatabase: SnapshotStore {
    private let file: DerivedDatabase<SnapshotConnection>

    /// Names the file, which is made when the first snapshot is saved.
    ///
    /// - Parameters:
    ///   - path: the file; its directory must exist.
    ///   - disk: the file system it is on, for removing it where it is damaged.
    public init(path: String, disk: any Disk = RealDisk()) {
        file = DerivedDatabase(path: path, disk: disk) { try SnapshotConnection(path: $0) }
    }

    /// Keeps a snapshot, in place of one of the same stream, sequence and fingerprint.
    ///
    /// - Throws: ``StorageError`` where the file cannot be written, after one try with a new one.
    public func save(_ snapshot: Snapshot) throws(StorageError) {
        try withConnection(creating: true) { try $0.save(snapshot) }
    }

    /// The snapshot with the highest sequence that a request allows; nothing where none does.
    public func newest(_ request: SnapshotRequest) throws(StorageError) -> Snapshot? {
        try withConnection { try $0.newest(request) } ?? nil
    }

    /// The snapshots of a stream, newest first.
    public func list(of stream: StreamName) throws(StorageError) -> [SnapshotListing] {
        try withConnection { try $0.list(of: stream) } ?? []
    }

    /// Removes snapshots of a stream, those with the sequences and fingerprints of the listings.
    public func remove(
        _ listings: [SnapshotListing],
        of stream: StreamName
    ) throws(StorageError) {
        try withConnection { try $0.remove(listings, of: stream) }
    }

    /// How much is kept for a category.
    public func totals(
        of category: Category,
        fingerprint: String
    ) throws(StorageError) -> SnapshotTotals {
        try withConnection { try $0.totals(of: category, fingerprint: fingerprint) }
            ?? SnapshotTotals()
    }

    /// One page of the streams of a category that have snapshots, by name.
    public func streams(
        _ request: SnapshotStreamsRequest
    ) throws(StorageError) -> [StreamSnapshots] {
        try withConnection { try $0.streams(request) } ?? []
    }

    /// Runs a closure with the open file.
    ///
    /// - Returns: nothing where there is no file and none is to be made.
    @discardableResult
    private func withConnection<Result: Sendable>(
        creating: Bool = false,
        _ body: @Sendable (SnapshotConnection) throws -> Result
    ) throws(StorageError) -> Result? {
        do {
            return try file.withConnection(creating: creating, body)
        } catch {
            throw StorageError(
                .inputOutput,
                "snapshots cannot be used; states are folded from the events alone",
                location: file.path,
                cause: String(describing: error)
            )
        }
    }
}

extension Snapshot {
    /// What a row must give again: CRC-32 over every field.
    var checksum: Int64 {
        let facts = """
            \(stream)|\(fingerprint)|\(sequence)|\(position)|\(eventID)|\
            \(latestTime.microseconds)|\(takenTime.microseconds)|
            """
        var value = crc32(0, nil, 0)
        for bytes in [Array(facts.utf8), state] {
            value = crc32(value, bytes, UInt32(clamping: bytes.count))
        }
        return Int64(value)
    }
}
