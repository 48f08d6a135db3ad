public import EventModel
public import EventStorage
import JSON

/// Saves states of aggregates, so that later folds begin there.
///
/// Blocks the calling thread. Snapshots of earlier sequences are kept, so that the whole history
/// is near a snapshot and not only its head.
public struct Snapshotter: Sendable {
    let store: any EventStore
    let snapshots: any SnapshotStore
    let folds: Folds
    private let now: TimeSource

    /// Makes a snapshotter.
    ///
    /// - Parameters:
    ///   - store: the events.
    ///   - snapshots: where states are saved.
    ///   - folds: the rules, by category.
    ///   - now: tells when a snapshot is taken.
    public init(
        store: any EventStore,
        snapshots: any SnapshotStore,
        folds: Folds,
        now: @escaping TimeSource
    ) {
        self.store = store
        self.snapshots = snapshots
        self.folds = folds
        self.now = now
    }

    /// Saves the state of a stream after its last event, or has it saved already.
    ///
    /// - Returns: the snapshot; nothing where the stream has no event.
    @discardableResult
    public func take(of stream: StreamName) throws(FoldError) -> Snapshot? {
        let fold = folds[stream.category]
        let reader = StateReader(store: store, snapshots: snapshots, folds: folds)
        let run = try reader.run(of: stream, fold, at: .head)
        guard let last = run.last else { return nil }
        let snapshot = Snapshot(
            stream: stream,
            sequence: last.sequence,
            position: last.position,
            eventID: last.id,
            latestTime: run.latestTime,
            fingerprint: fold.fingerprint,
            takenTime: now(),
            state: try run.encoded()
        )
        do {
            if run.snapshotSequence != last.sequence { try snapshots.save(snapshot) }
        } catch {
            throw .storage(error)
        }
        return snapshot
    }

    /// Saves the state of every aggregate of a category that has no current snapshot, or one
    /// that so many events follow that the next is due.
    ///
    /// - Parameters:
    ///   - category: the category.
    ///   - progress: called after each stream that was looked at; says whether to go on.
    /// - Returns: how far it came; streams whose events the rules cannot take in are counted and
    ///   passed over.
    /// - Throws: ``FoldError`` where the rules cannot be used and where the storage fails.
    @discardableResult
    public func takeStale(
        of category: Category,
        progress: (SnapshotProgress) -> Bool = { _ in true }
    ) throws(FoldError) -> SnapshotProgress {
        let coverage = try coverage(of: category)
        var state = SnapshotProgress(streamCount: coverage.streams.count)
        for stream in coverage.streams {
            if isDue(stream, every: coverage.every) {
                do throws(FoldError) {
                    try take(of: stream.stream)
                    state.takenCount += 1
                } catch .event(let event) {
                    state.failedCount += 1
                    state.firstFailure = state.firstFailure ?? event
                } catch {
                    throw error
                }
            }
            state.seenCount += 1
            guard progress(state) else { break }
        }
        return state
    }

    private func isDue(_ stream: CategoryCoverage.Stream, every: Int?) -> Bool {
        stream.snapshotSequence == nil || stream.eventsAfterCount >= UInt64(every ?? 1)
    }

    /// How well the streams of a category are covered by snapshots that the rules in force can
    /// use.
    public func coverage(of category: Category) throws(FoldError) -> CategoryCoverage {
        let fold = folds[category]
        do {
            let statistics = try snapshots.statistics(
                of: category,
                fingerprint: fold.fingerprint
            )
            let request = StreamsRequest(category: category, limit: .max)
            let streams = try store.streams(request).map { summary in
                CategoryCoverage.Stream(
                    stream: summary.stream,
                    eventCount: summary.eventCount,
                    snapshotSequence: statistics.newest[summary.stream]
                )
            }
            return CategoryCoverage(
                category: category,
                every: fold.snapshotEvery,
                snapshotCount: statistics.snapshotCount,
                size: statistics.size,
                streams: streams
            )
        } catch {
            throw .storage(error)
        }
    }

    /// The snapshots of a stream that the rules in force do not lead to, by replaying its events.
    ///
    /// Snapshots with other fingerprints are not looked at; readers do not either.
    public func wrongSnapshots(of stream: StreamName) throws(FoldError) -> [SnapshotListing] {
        let fold = folds[stream.category]
        let timeline = try StateTimeline(
            of: stream,
            in: StateReader(store: store, folds: folds)
        )
        do {
            return try snapshots.list(of: stream).reversed().filter { listing in
                guard listing.fingerprint == fold.fingerprint else { return false }
                let request = SnapshotRequest(
                    of: stream,
                    fingerprint: fold.fingerprint,
                    throughSequence: listing.sequence
                )
                guard let snapshot = try snapshots.newest(request),
                    snapshot.sequence == listing.sequence
                else { return true }
                let replayed = try timeline.state(at: listing.sequence)
                return try replayed.last?.id != snapshot.eventID
                    || JSONValue(state: replayed.json) != JSONValue(state: snapshot.state)
            }
        } catch let error as FoldError {
            throw error
        } catch let error as StorageError {
            throw .storage(error)
        } catch {
            preconditionFailure("Comparing snapshots throws only its own two errors.")
        }
    }
}

/// How far a run over a category has come.
public struct SnapshotProgress: Hashable, Sendable {
    /// How many streams there are.
    public var streamCount: Int
    /// How many have been looked at.
    public var seenCount = 0
    /// How many snapshots were taken.
    public var takenCount = 0
    /// How many streams have an event that the rules cannot take in.
    public var failedCount = 0
    /// The first of these events.
    public var firstFailure: RejectedEvent?
}

/// How well the streams of a category are covered by snapshots.
public struct CategoryCoverage: Hashable, Sendable {
    /// A stream and its newest snapshot that the rules in force can use.
    public struct Stream: Hashable, Sendable {
        /// The stream.
        public var stream: StreamName
        /// How many events it holds.
        public var eventCount: UInt64
        /// The sequence of the snapshot; nothing where there is none.
        public var snapshotSequence: Sequence?

        /// How many events follow the snapshot; all where there is none.
        public var eventsAfterCount: UInt64 {
            guard let snapshotSequence else { return eventCount }
            let covered = snapshotSequence.next.number
            return eventCount > covered ? eventCount - covered : 0
        }
    }

    /// The category.
    public var category: Category
    /// A snapshot is taken every so many events; nothing means only on demand.
    public var every: Int?
    /// How many snapshots are kept, also those the rules in force cannot use.
    public var snapshotCount: Int
    /// The bytes of all saved states.
    public var size: Int
    /// The streams, by name.
    public var streams: [Stream]

    /// How many streams have a snapshot that can be used.
    public var coveredCount: Int { streams.count { $0.snapshotSequence != nil } }

    /// The stream that most events follow after its last usable snapshot.
    public var worst: Stream? {
        streams.max { $0.eventsAfterCount < $1.eventsAfterCount }
    }
}
