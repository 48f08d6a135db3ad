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

    /// Removes snapshots of a stream, those with the sequences and fingerprints of the listings;
    /// passes over what is not there.
    func remove(_ listings: [SnapshotListing], of stream: StreamName) throws(StorageError)

    /// How much is kept for a category.
    func totals(
        of category: Category,
        fingerprint: String
    ) throws(StorageError) -> SnapshotTotals

    /// One page of the streams of a category that have snapshots, by name.
    func streams(_ request: SnapshotStreamsRequest) throws(StorageError) -> [StreamSnapshots]
}

extension SnapshotStore {
    /// Removes the snapshots of a stream at a sequence, whatever their fingerprint; does nothing
    /// where there is none.
    public func remove(of stream: StreamName, at sequence: Sequence) throws(StorageError) {
        try remove(try list(of: stream).filter { $0.sequence == sequence }, of: stream)
    }
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

/// How much is kept for a category.
public struct SnapshotTotals: Hashable, Sendable {
    /// How many snapshots are kept, also those with another fingerprint.
    public var snapshotCount: Int
    /// How many of them have another fingerprint, for which readers ignore them.
    public var ignoredCount: Int
    /// The bytes of all their states.
    public var size: Int

    /// Makes totals from their parts.
    public init(snapshotCount: Int = 0, ignoredCount: Int = 0, size: Int = 0) {
        self.snapshotCount = snapshotCount
        self.ignoredCount = ignoredCount
        self.size = size
    }
}

/// Which page of the streams with snapshots to list.
public struct SnapshotStreamsRequest: Hashable, Sendable {
    /// Only streams of this category.
    public var category: Category
    /// The fingerprint of the snapshots that can be used.
    public var fingerprint: String
    /// Only streams whose name does not come before this, by the order of bytes.
    public var from: String
    /// Only streams whose name does not come after this.
    public var through: StreamName?
    /// How many streams to list at most.
    public var limit: Int

    /// Makes a request; without bounds it lists the first streams.
    public init(
        of category: Category,
        fingerprint: String,
        from: String = "",
        through: StreamName? = nil,
        limit: Int = 1000
    ) {
        self.category = category
        self.fingerprint = fingerprint
        self.from = from
        self.through = through
        self.limit = limit
    }
}

/// What is kept for one stream.
public struct StreamSnapshots: Hashable, Sendable {
    /// The stream.
    public var stream: StreamName
    /// The highest sequence of its snapshots, whatever their fingerprint.
    public var newest: Sequence
    /// The highest sequence with the fingerprint asked for.
    public var newestUsable: Sequence?

    /// Makes facts from their parts.
    public init(stream: StreamName, newest: Sequence, newestUsable: Sequence?) {
        self.stream = stream
        self.newest = newest
        self.newestUsable = newestUsable
    }

    /// Whether readers ignore the newest snapshot for its fingerprint.
    public var isOutdated: Bool { newest != newestUsable }
}
