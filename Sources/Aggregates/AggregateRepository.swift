public import EventModel
import EventSchema
public import EventStorage

/// Loads the aggregates of one category and carries out commands on them.
///
/// Blocks the calling thread. Safe to use from several threads and processes at once: who comes
/// second decides again on the new state.
public struct AggregateRepository<Root: Aggregate>: Sendable {
    /// An aggregate as it stands.
    public struct Loaded: Sendable {
        /// The aggregate.
        public var root: Root
        /// The sequence of the last event; nothing where there is none.
        public var last: Sequence?
        /// The sequence of the snapshot it was loaded from.
        public var snapshotSequence: Sequence?
        /// The latest event time that went in.
        var latestTime = Timestamp(microseconds: .min)
    }

    let store: any EventStore
    let history = StoredHistory<Root>()
    let saving: SnapshotSaving<Root>?
    let now: TimeSource

    /// Makes a repository that always loads whole streams.
    public init(store: any EventStore, now: @escaping TimeSource) {
        self.store = store
        self.now = now
        saving = nil
    }

    /// Makes a repository that loads from snapshots, and takes them when they are due.
    public init(store: any EventStore, snapshots: any SnapshotStore, now: @escaping TimeSource)
    where Root: Codable {
        self.store = store
        self.now = now
        saving = SnapshotSaving(snapshots)
    }

    /// The aggregate with an identifier, after all its events.
    ///
    /// - Throws: ``FoldError`` for an event that cannot be decoded, and where the storage fails.
    public func load(_ identifier: String) throws(FoldError) -> Loaded {
        try load(Root.stream(identifier), noting: nil).loaded
    }

    /// Loads a stream and looks out for the events of a command.
    func load(
        _ stream: StreamName,
        noting metadata: CommandMetadata?
    ) throws(FoldError) -> (loaded: Loaded, isRepeated: Bool) {
        if let (snapshot, root) = try startingPoint(of: stream) {
            var start = Loaded(root: root, last: nil, snapshotSequence: snapshot.sequence)
            start.latestTime = snapshot.latestTime
            let result = try load(stream, start, provenBy: snapshot, noting: metadata)
            if result.loaded.last != nil { return result }
        }
        return try load(stream, Loaded(root: Root()), provenBy: nil, noting: metadata)
    }

    /// The newest snapshot, for a stream long enough that looking for one is worth it.
    private func startingPoint(of stream: StreamName) throws(FoldError) -> (Snapshot, Root)? {
        guard let saving, let every = Root.snapshotEvery else { return nil }
        do {
            guard let count = try store.stream(stream)?.eventCount, count >= UInt64(every) else {
                return nil
            }
        } catch {
            throw .storage(error)
        }
        return saving.newest(of: stream)
    }

    /// Takes in events from a starting point; one whose snapshot is of another log stays without
    /// a last event.
    private func load(
        _ stream: StreamName,
        _ start: Loaded,
        provenBy snapshot: Snapshot?,
        noting metadata: CommandMetadata?
    ) throws(FoldError) -> (loaded: Loaded, isRepeated: Bool) {
        var loaded = start
        var isRepeated = false
        var failure: RejectedEvent?
        let firstID = metadata?.eventID(0)
        let selection = EventSelection(
            .stream(stream),
            fromSequence: snapshot?.sequence ?? .first
        )
        do {
            try store.read(selection) { event in
                if event.id == firstID { isRepeated = true }
                if let snapshot, event.sequence == snapshot.sequence {
                    guard event.position == snapshot.position, event.id == snapshot.eventID else {
                        return .stop
                    }
                } else {
                    do throws(RejectedEvent) {
                        try history.decode(event) { loaded.root.evolve($0) }
                    } catch {
                        failure = error
                        return .stop
                    }
                    loaded.latestTime = max(loaded.latestTime, event.eventTime)
                }
                loaded.last = event.sequence
                return .more
            }
        } catch {
            throw .storage(error)
        }
        if let failure { throw .event(failure) }
        return (loaded, isRepeated)
    }
}

/// How the stored events of an aggregate are understood.
struct StoredHistory<Root: Aggregate>: Sendable {
    let codec = Root.codec
    private let upcasting = Root.upcasting

    /// Shows what a stored event is today.
    func decode(
        _ event: borrowing EventView,
        _ body: (Root.Event) -> Void
    ) throws(RejectedEvent) {
        do {
            try upcasting.forEachCurrent(of: event) { body(try codec.decode($0)) }
        } catch {
            throw RejectedEvent(event, error)
        }
    }
}

/// How the states of an aggregate are saved and found again.
struct SnapshotSaving<Root: Aggregate>: Sendable {
    private let snapshots: any SnapshotStore
    private let fingerprint: String
    private let encode: @Sendable (Root) throws -> [UInt8]
    private let decode: @Sendable ([UInt8]) throws -> Root

    init(_ snapshots: any SnapshotStore) where Root: Codable {
        self.snapshots = snapshots
        fingerprint = Fold(Root.self).fingerprint
        encode = { try JSONEventEncoder().encode($0) }
        decode = { try JSONEventDecoder().decode(Root.self, from: $0) }
    }

    /// The newest snapshot that can be read.
    func newest(of stream: StreamName) -> (Snapshot, Root)? {
        let request = SnapshotRequest(of: stream, fingerprint: fingerprint)
        // Without snapshots the answer is the same, only later.
        guard let snapshot = try? snapshots.newest(request),
            let root = try? decode(snapshot.state)
        else { return nil }
        return (snapshot, root)
    }

    /// Saves the state after an event; where that fails, the next one will be saved.
    func save(
        _ loaded: AggregateRepository<Root>.Loaded,
        after event: RecordedEvent,
        now: Timestamp
    ) {
        guard let state = try? encode(loaded.root) else { return }
        let snapshot = Snapshot(
            stream: event.stream,
            sequence: event.sequence,
            position: event.position,
            eventID: event.id,
            latestTime: max(loaded.latestTime, event.eventTime),
            fingerprint: fingerprint,
            takenTime: now,
            state: state
        )
        try? snapshots.save(snapshot)
    }
}
