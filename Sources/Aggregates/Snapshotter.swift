public import EventModel
public import EventStorage

/// Saves states of aggregates, so that later folds begin there.
///
/// Blocks the calling thread. Snapshots of earlier sequences are kept as
/// ``EventStorage/SnapshotThinning`` says, so that the whole history is near a snapshot and not
/// only its head.
public struct Snapshotter: Sendable {
    let store: any EventStore
    let snapshots: any SnapshotStore
    let folds: Folds
    private let now: TimeSource
    private let elapsed: MonotonicTimeSource

    /// Makes a snapshotter.
    ///
    /// - Parameters:
    ///   - store: the events.
    ///   - snapshots: where states are saved.
    ///   - folds: the rules, by category.
    ///   - now: tells when a snapshot is taken.
    ///   - elapsed: measures how long loads take.
    public init(
        store: any EventStore,
        snapshots: any SnapshotStore,
        folds: Folds,
        now: @escaping TimeSource,
        elapsed: @escaping MonotonicTimeSource = MonotonicTime.elapsed
    ) {
        self.store = store
        self.snapshots = snapshots
        self.folds = folds
        self.now = now
        self.elapsed = elapsed
    }

    private var reader: StateReader {
        StateReader(store: store, snapshots: snapshots, folds: folds)
    }

    /// The state of a stream after its last event, which is saved where folding it took longer
    /// than its category's rules allow.
    ///
    /// - Throws: ``FoldError`` for an event that the rules cannot take in, and where the events
    ///   cannot be read; not where the state cannot be saved.
    public func load(_ stream: StreamName) throws(FoldError) -> StreamState {
        let fold = folds[stream.category]
        let start = elapsed()
        let run = try reader.run(of: stream, fold, at: .head)
        let duration = elapsed() - start
        if let limit = fold.snapshotAfter, duration > limit,
            run.snapshotSequence != run.last?.sequence,
            let snapshot = try? run.snapshot(of: stream, fold, now: now())
        {
            try? snapshots.keep(snapshot)
        }
        return try run.streamState(of: stream, fold, in: store)
    }

    /// Saves the state of a stream after its last event, or has it saved already.
    ///
    /// Where the fold begins long before that, states on the way are saved too.
    ///
    /// - Returns: the snapshot; nothing where the stream has no event.
    @discardableResult
    public func take(of stream: StreamName) throws(FoldError) -> Snapshot? {
        let fold = folds[stream.category]
        let run = try reader.run(of: stream, fold, at: .head) { run in
            // What is on the way is wanted, not needed.
            guard let sequence = run.last?.sequence,
                sequence.next.number % SnapshotThinning.interval == 0,
                let snapshot = try? run.snapshot(of: stream, fold, now: now())
            else { return }
            try? snapshots.save(snapshot)
        }
        guard let snapshot = try run.snapshot(of: stream, fold, now: now()) else { return nil }
        do {
            if run.snapshotSequence != snapshot.sequence { try snapshots.keep(snapshot) }
        } catch {
            throw .storage(error)
        }
        return snapshot
    }

    /// Saves the state of every chosen aggregate of a category.
    ///
    /// - Parameters:
    ///   - category: the category.
    ///   - choice: which of its streams.
    ///   - progress: called after each stream that was looked at; says whether to go on.
    /// - Returns: how far it came; streams whose events the rules cannot take in are counted and
    ///   passed over.
    /// - Throws: ``FoldError`` where the rules cannot be used and where the storage fails.
    @discardableResult
    public func takeStale(
        of category: Category,
        _ choice: SnapshotChoice = .missing,
        progress: (SnapshotProgress) -> Bool = { _ in true }
    ) throws(FoldError) -> SnapshotProgress {
        let coverage = try coverage(of: category)
        var state = SnapshotProgress(streamCount: coverage.streamCount)
        var pages = pages(of: category)
        while true {
            let page = try next(&pages)
            if page.isEmpty { return state }
            for stream in page {
                if choice.includes(stream, every: coverage.every) {
                    try take(of: stream.stream, counting: &state)
                }
                state.seenCount += 1
                guard progress(state) else { return state }
            }
        }
    }

    private func take(
        of stream: StreamName,
        counting state: inout SnapshotProgress
    ) throws(FoldError) {
        do throws(FoldError) {
            try take(of: stream)
            state.takenCount += 1
        } catch .event(let event) {
            state.failedCount += 1
            state.firstFailure = state.firstFailure ?? event
        } catch {
            throw error
        }
    }

    /// How well the streams of a category are covered by snapshots that the rules in force can
    /// use.
    ///
    /// - Complexity: one look at each stream and each snapshot of the category, in pages.
    public func coverage(of category: Category) throws(FoldError) -> CategoryCoverage {
        let fold = folds[category]
        let totals: SnapshotTotals
        do {
            totals = try snapshots.totals(of: category, fingerprint: fold.fingerprint)
        } catch {
            throw .storage(error)
        }
        var coverage = CategoryCoverage(of: fold, category, totals: totals)
        var pages = pages(of: category)
        while true {
            let page = try next(&pages)
            if page.isEmpty { return coverage }
            for stream in page { coverage.add(stream) }
        }
    }

    private func pages(of category: Category) -> CoveragePages {
        CoveragePages(of: category, fingerprint: folds[category].fingerprint, in: self)
    }

    private func next(
        _ pages: inout CoveragePages
    ) throws(FoldError) -> [CategoryCoverage.Stream] {
        do { return try pages.next() } catch { throw .storage(error) }
    }
}

/// How far a run over streams has come.
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

    /// Begins before the first of so many streams.
    public init(streamCount: Int) {
        self.streamCount = streamCount
    }
}
