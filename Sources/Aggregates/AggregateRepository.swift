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
        /// The position of the last event.
        var lastPosition: Position?
        /// The latest event time that went in.
        var latestTime = Timestamp(microseconds: .min)
    }

    let store: any EventStore
    let history: StoredHistory<Root>
    let saving: SnapshotSaving<Root>?
    let origin: CommandOrigin
    let statistics: CommandStatistics?
    let now: TimeSource
    private let elapsed: MonotonicTimeSource

    /// Makes a repository that always loads whole streams.
    ///
    /// - Parameters:
    ///   - store: the events.
    ///   - upcasting: the upcasters by which events are made current.
    ///   - origin: the program that carries out commands.
    ///   - statistics: counts the commands and how long they take.
    ///   - now: tells the time.
    public init(
        store: any EventStore,
        upcasting: Upcasting = Root.upcasting,
        origin: CommandOrigin = CommandOrigin(),
        statistics: CommandStatistics? = nil,
        now: @escaping TimeSource
    ) {
        self.store = store
        self.origin = origin
        self.statistics = statistics
        self.now = now
        elapsed = MonotonicTime.elapsed
        history = StoredHistory(upcasting)
        saving = nil
    }

    /// Makes a repository that loads from snapshots, and takes them when they are due.
    ///
    /// - Parameters:
    ///   - store: the events.
    ///   - snapshots: where states are saved.
    ///   - upcasting: the upcasters by which events are made current.
    ///   - origin: the program that carries out commands.
    ///   - statistics: counts the commands and how long they take.
    ///   - now: tells the time.
    ///   - elapsed: measures how long loads take.
    public init(
        store: any EventStore,
        snapshots: any SnapshotStore,
        upcasting: Upcasting = Root.upcasting,
        origin: CommandOrigin = CommandOrigin(),
        statistics: CommandStatistics? = nil,
        now: @escaping TimeSource,
        elapsed: @escaping MonotonicTimeSource = MonotonicTime.elapsed
    ) where Root: Codable {
        self.store = store
        self.origin = origin
        self.statistics = statistics
        self.now = now
        self.elapsed = elapsed
        history = StoredHistory(upcasting)
        saving = SnapshotSaving(snapshots, upcasting)
    }

    /// The aggregate with an identifier, after all its events.
    ///
    /// - Throws: ``FoldError`` for an event that cannot be decoded, and where the storage fails.
    public func load(_ identifier: String) throws(FoldError) -> Loaded {
        try load(Root.stream(identifier), noting: nil).loaded
    }

    /// Loads a stream and looks out for the events of a command; where that took longer than the
    /// aggregate allows, a snapshot is taken.
    func load(
        _ stream: StreamName,
        noting metadata: CommandMetadata?
    ) throws(FoldError) -> (loaded: Loaded, isRepeated: Bool) {
        guard saving != nil, let limit = Root.snapshotAfter else {
            return try fold(stream, noting: metadata)
        }
        let start = elapsed()
        let result = try fold(stream, noting: metadata)
        if elapsed() - start > limit, result.loaded.last != result.loaded.snapshotSequence {
            saveSnapshot(of: result.loaded)
        }
        return result
    }

    /// Whether so many events lie behind the last snapshot that another is due.
    func isSnapshotDue(for loaded: Loaded) -> Bool {
        guard saving != nil, let every = Root.snapshotEvery, let last = loaded.last else {
            return false
        }
        let covered = loaded.snapshotSequence?.next.number ?? 0
        return last.next.number - covered >= UInt64(every)
    }

    /// Saves the state after the last event that was taken in.
    func saveSnapshot(of loaded: Loaded) {
        guard let saving, let position = loaded.lastPosition,
            let event = try? store.event(at: position)
        else { return }
        saving.save(loaded, after: event, now: now())
    }

    private func fold(
        _ stream: StreamName,
        noting metadata: CommandMetadata?
    ) throws(FoldError) -> (loaded: Loaded, isRepeated: Bool) {
        if let (snapshot, root) = try startingPoint(of: stream) {
            var loaded = Loaded(root: root, last: nil, snapshotSequence: snapshot.sequence)
            loaded.latestTime = snapshot.latestTime
            let isRepeated = try goOn(stream, &loaded, provenBy: snapshot, noting: metadata)
            if loaded.last != nil { return (loaded, isRepeated) }
        }
        var loaded = Loaded(root: Root())
        let isRepeated = try goOn(stream, &loaded, noting: metadata)
        return (loaded, isRepeated)
    }

    /// The newest snapshot, for a stream long enough that looking for one is worth it.
    private func startingPoint(of stream: StreamName) throws(FoldError) -> (Snapshot, Root)? {
        guard let saving else { return nil }
        // Snapshots that are not taken by the number of events may be there from the first on.
        if let every = Root.snapshotEvery, Root.snapshotAfter == nil {
            do {
                guard let count = try store.stream(stream)?.eventCount, count >= UInt64(every)
                else { return nil }
            } catch {
                throw .storage(error)
            }
        }
        return saving.newest(of: stream)
    }

    /// Takes in the events behind the last one taken in; where a snapshot turns out to be of
    /// another log, there is no last event afterwards.
    ///
    /// - Parameters:
    ///   - stream: the stream.
    ///   - loaded: what was taken in so far.
    ///   - snapshot: the snapshot it comes from, whose own event is to prove it.
    ///   - metadata: the command whose events to look out for.
    ///   - each: called with each event before it is taken in.
    /// - Returns: whether the command has events among them.
    /// - Throws: ``FoldError`` for an event that cannot be decoded, and where the storage fails.
    func goOn(
        _ stream: StreamName,
        _ loaded: inout Loaded,
        provenBy snapshot: Snapshot? = nil,
        noting metadata: CommandMetadata?,
        each: (Root.Event) -> Void = { _ in }
    ) throws(FoldError) -> Bool {
        var isRepeated = false
        var failure: RejectedEvent?
        let firstID = metadata?.eventID(0)
        let selection = EventSelection(
            .stream(stream),
            fromSequence: snapshot?.sequence ?? loaded.last?.next ?? .first
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
                        try history.decode(event) {
                            each($0)
                            loaded.root.evolve($0)
                        }
                    } catch {
                        failure = error
                        return .stop
                    }
                    loaded.latestTime = max(loaded.latestTime, event.eventTime)
                }
                loaded.last = event.sequence
                loaded.lastPosition = event.position
                return .more
            }
        } catch {
            throw .storage(error)
        }
        if let failure { throw .event(failure) }
        return isRepeated
    }
}

/// How the stored events of an aggregate are understood.
struct StoredHistory<Root: Aggregate>: Sendable {
    let codec = Root.codec
    private let upcasting: Upcasting

    init(_ upcasting: Upcasting) {
        self.upcasting = upcasting
    }

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

    init(_ snapshots: any SnapshotStore, _ upcasting: Upcasting) where Root: Codable {
        self.snapshots = snapshots
        fingerprint = Fold(Root.self, upcasting: upcasting).fingerprint
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
        try? snapshots.keep(snapshot)
    }
}
