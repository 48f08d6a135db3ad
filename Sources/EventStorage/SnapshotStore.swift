public import EventModel

/// Where snapshots are kept, several for each stream.
///
/// Every call blocks the calling thread. A store is safe to use from several threads. What it
/// cannot read it does not have: damage makes snapshots disappear, never a state wrong.
public protocol SnapshotStore: Sendable {
    /// Keeps a snapshot, in place of one of the same stream, sequence and fingerprint.
    func save(_ snapshot: Snapshot) throws(StorageError)

    /// The snapshot with the highest sequence that a request allows; nothing where none does.
    func newest(_ request: SnapshotRequest) throws(StorageError) -> Snapshot?

    /// The snapshots of a stream, newest first.
    func list(of stream: StreamName) throws(StorageError) -> [SnapshotListing]

    /// Removes the snapshots of a stream at a sequence, whatever their fingerprint; does nothing
    /// where there is none.
    func remove(of stream: StreamName, at sequence: Sequence) throws(StorageError)

    /// What is kept for a category, and how far it reaches for a fingerprint.
    func statistics(
        of category: Category,
        fingerprint: String
    ) throws(StorageError) -> SnapshotStatistics
}

/// Which snapshots can serve.
public struct SnapshotRequest: Hashable, Sendable {
    /// Only those of this stream.
    public var stream: StreamName
    /// Only those folded by this shape and these rules.
    public var fingerprint: String
    /// Only those up to and with this sequence.
    public var throughSequence: Sequence?
    /// Only those up to and with this position.
    public var throughPosition: Position?
    /// Only those into which no event with a later event time went.
    public var throughTime: Timestamp?

    /// Makes a request; without bounds it is for the newest of all.
    public init(
        of stream: StreamName,
        fingerprint: String,
        throughSequence: Sequence? = nil,
        throughPosition: Position? = nil,
        throughTime: Timestamp? = nil
    ) {
        self.stream = stream
        self.fingerprint = fingerprint
        self.throughSequence = throughSequence
        self.throughPosition = throughPosition
        self.throughTime = throughTime
    }

    /// Whether a snapshot can serve.
    public func allows(_ snapshot: Snapshot) -> Bool {
        snapshot.stream == stream && snapshot.fingerprint == fingerprint
            && throughSequence.map { snapshot.sequence <= $0 } ?? true
            && throughPosition.map { snapshot.position <= $0 } ?? true
            && throughTime.map { snapshot.latestTime <= $0 } ?? true
    }
}

/// What is kept for a category.
public struct SnapshotStatistics: Hashable, Sendable {
    /// How many snapshots are kept, also those with another fingerprint.
    public var snapshotCount: Int
    /// The bytes of all their states.
    public var size: Int
    /// The highest sequence with the fingerprint asked for, for each stream that has one.
    public var newest: [StreamName: Sequence]

    /// Makes statistics from their parts.
    public init(snapshotCount: Int = 0, size: Int = 0, newest: [StreamName: Sequence] = [:]) {
        self.snapshotCount = snapshotCount
        self.size = size
        self.newest = newest
    }
}
