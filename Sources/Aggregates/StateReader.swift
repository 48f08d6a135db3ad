public import EventModel
public import EventStorage
public import JSON

/// Folds the events of streams to states, at any point of their history.
///
/// Blocks the calling thread while the store reads. A snapshot shortens the fold where it is
/// certain that every event in it lies before the point; one that is damaged, folded by other
/// rules, or of another log is ignored, so that snapshots never change a result.
public struct StateReader: Sendable {
    let store: any EventStore
    let snapshots: (any SnapshotStore)?
    let folds: Folds

    /// Makes a reader.
    ///
    /// - Parameters:
    ///   - store: the events.
    ///   - snapshots: saved states; nothing to fold every stream from its beginning.
    ///   - folds: the rules, by category.
    public init(
        store: any EventStore,
        snapshots: (any SnapshotStore)? = nil,
        folds: Folds = Folds()
    ) {
        self.store = store
        self.snapshots = snapshots
        self.folds = folds
    }

    /// The state of an aggregate at a point.
    ///
    /// - Returns: the state, without JSON and last event where the stream did not exist yet.
    /// - Throws: ``FoldError`` for an event that the rules cannot take in, and where the storage
    ///   fails.
    public func state(
        of stream: StreamName,
        at point: HistoryPoint = .head
    ) throws(FoldError) -> StreamState {
        let fold = folds[stream.category]
        return try run(of: stream, fold, at: point).streamState(of: stream, fold, in: store)
    }

    /// What differs between the states at two sequences; nothing stands for the state before
    /// the first event, which is `null`.
    public func differences(
        of stream: StreamName,
        from earlier: Sequence?,
        to later: Sequence?
    ) throws(FoldError) -> [JSONDifference] {
        let before = try value(of: stream, at: earlier)
        return before.differences(to: try value(of: stream, at: later))
    }

    private func value(of stream: StreamName, at sequence: Sequence?) throws(FoldError) -> JSONValue
    {
        guard let sequence else { return .null }
        return try JSONValue(state: state(of: stream, at: .sequence(sequence)).json)
    }

    /// Folds to a point, from a snapshot where one is certain to lie before it; `note` is called
    /// after each event.
    func run(
        of stream: StreamName,
        _ fold: Fold,
        at point: HistoryPoint,
        note: (borrowing FoldRun) -> Void = { _ in }
    ) throws(FoldError) -> FoldRun {
        if let snapshot = snapshot(of: stream, fold, before: point),
            var run = FoldRun(fold, from: snapshot)
        {
            try run.apply(selection(of: stream, point, from: run.nextSequence), of: store) {
                run,
                _ in
                note(run)
                return .more
            }
            if run.isProven { return run }
        }
        var run = try FoldRun(fold)
        try run.apply(selection(of: stream, point, from: .first), of: store) { run, _ in
            note(run)
            return .more
        }
        return run
    }

    /// The newest snapshot that is certain to lie before a point.
    func snapshot(
        of stream: StreamName,
        _ fold: Fold,
        before point: HistoryPoint
    ) -> Snapshot? {
        var request = SnapshotRequest(of: stream, fingerprint: fold.fingerprint)
        switch point {
        case .head: break
        case .sequence(let sequence): request.throughSequence = sequence
        case .position(let position): request.throughPosition = position
        case .time(let time): request.throughTime = time
        }
        // Without snapshots the answer is the same, only later.
        return try? snapshots?.newest(request)
    }

    private func selection(
        of stream: StreamName,
        _ point: HistoryPoint,
        from sequence: Sequence
    ) -> EventSelection {
        var selection = EventSelection(.stream(stream), fromSequence: sequence)
        switch point {
        case .head: break
        case .sequence(let sequence): selection.throughSequence = sequence
        case .position(let position): selection.through = position
        case .time(let time): selection.throughTime = time
        }
        return selection
    }
}

extension JSONValue {
    /// A state that a fold gave, which may be nested as deeply as a value can be.
    init(state: [UInt8]?) throws(FoldError) {
        guard let state else {
            self = .null
            return
        }
        let options = JSONOptions(depthMax: JSONOptions.depthLimit, rejectsDuplicateKeys: false)
        do {
            self = try JSONValue(parsing: state, options: options)
        } catch {
            throw .rules("the rules gave a state that is not JSON: \(error)")
        }
    }
}
