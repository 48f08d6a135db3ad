import Aggregates
import EventLog
import EventModel
import EventStorage
import Processing

extension StoreOperations {
    /// Takes the snapshots an operation asks for, and says in words what was done.
    ///
    /// - Parameters:
    ///   - act: which snapshots.
    ///   - progress: called after each stream that was looked at; says whether to go on.
    /// - Returns: a sentence for the operator.
    /// - Throws: what the rules or the storage have against a stream.
    func takeSnapshots(
        _ act: Operation.Act,
        progress: (SnapshotProgress) -> Bool = { _ in true }
    ) throws -> String {
        switch act {
        case .snapshotStream(let stream):
            guard let snapshot = try snapshotter.take(of: stream) else {
                return "the stream has no event"
            }
            return "saved \(stream) at sequence \(snapshot.sequence), \(snapshot.state.count) bytes"
        case .snapshotCategory(let category, _):
            return try takeSnapshots(.missing, of: [category], progress: progress).sentence
        case .snapshotStale:
            return try takeSnapshots(.stale, of: log.categories(), progress: progress).sentence
        case .pause, .resume, .replay, .undo, .letGo, .retry, .discard, .skip, .effect, .split,
            .merge:
            preconditionFailure("Only snapshots are asked of the snapshot follower.")
        }
    }

    private func takeSnapshots(
        _ choice: SnapshotChoice,
        of categories: [Category],
        progress: (SnapshotProgress) -> Bool
    ) throws -> SnapshotProgress {
        let streamCount = try categories.reduce(0) { count, category in
            try count + snapshotter.coverage(of: category).streamCount
        }
        var sum = SnapshotProgress(streamCount: streamCount)
        for category in categories {
            var isStopped = false
            let part = try snapshotter.takeStale(of: category, choice) { part in
                isStopped = !progress(sum.adding(part))
                return !isStopped
            }
            sum = sum.adding(part)
            if isStopped { break }
        }
        return sum
    }
}

extension SnapshotProgress {
    /// What was done, in words.
    fileprivate var sentence: String {
        let failed = failedCount == 0 ? "" : ", \(failedCount) failed"
        return "saved \(takenCount) of \(streamCount) streams\(failed)"
    }

    /// How far it is with what was done in a part of its streams.
    fileprivate func adding(_ part: SnapshotProgress) -> SnapshotProgress {
        var sum = self
        sum.seenCount += part.seenCount
        sum.takenCount += part.takenCount
        sum.failedCount += part.failedCount
        sum.firstFailure = firstFailure ?? part.firstFailure
        return sum
    }
}
