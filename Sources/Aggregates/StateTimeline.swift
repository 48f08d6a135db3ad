public import EventModel
import EventStorage

/// The history of one aggregate, opened for going back and forth in it.
///
/// Keeps the state after every 256th event that it has passed, so that a step to where it has
/// been costs at most that many events; elsewhere it begins at the nearest saved state. For use
/// by one thread; events appended meanwhile are seen.
public final class StateTimeline {
    /// The aggregate's stream.
    public let stream: StreamName
    private let reader: StateReader
    private let fold: Fold
    private let beginning: FoldRun
    /// Runs after events whose number is a multiple of the interval, in their order.
    private var kept: [(number: UInt64, run: FoldRun)] = []
    private var current: FoldRun

    private let keptInterval: UInt64

    /// Opens the history of a stream, which need not exist.
    public convenience init(of stream: StreamName, in reader: StateReader) throws(FoldError) {
        try self.init(of: stream, in: reader, keptInterval: 256)
    }

    /// Opens the history of a stream, to keep the state after every so many events.
    package init(
        of stream: StreamName,
        in reader: StateReader,
        keptInterval: UInt64
    ) throws(FoldError) {
        self.keptInterval = keptInterval
        self.stream = stream
        self.reader = reader
        fold = reader.folds[stream.category]
        beginning = try FoldRun(fold)
        current = beginning
    }

    /// The state after a sequence, or after the last event where the stream ends before it;
    /// nothing for the sequence stands for the state before the first event.
    ///
    /// - Throws: ``FoldError`` for an event that the rules cannot take in, and where the storage
    ///   fails.
    public func state(at sequence: Sequence?) throws(FoldError) -> StreamState {
        guard let sequence else {
            return try beginning.streamState(of: stream, fold, in: reader.store)
        }
        if let saved = savedRun(before: sequence), try move(from: saved, to: sequence) {
            return try current.streamState(of: stream, fold, in: reader.store)
        }
        _ = try move(from: knownRun(before: sequence), to: sequence)
        return try current.streamState(of: stream, fold, in: reader.store)
    }

    /// Folds on to a sequence.
    ///
    /// - Returns: whether the run may be believed; not where its snapshot is of another log.
    private func move(from start: FoldRun, to sequence: Sequence) throws(FoldError) -> Bool {
        var run = start
        if run.last?.sequence != sequence {
            let selection = EventSelection(
                .stream(stream),
                fromSequence: run.nextSequence,
                throughSequence: sequence
            )
            try run.apply(selection, of: reader.store) { run, _ in
                keep(run)
                return .more
            }
        }
        guard run.isProven else { return false }
        current = run
        return true
    }

    /// The run nearest before a sequence among those that were passed.
    private func knownRun(before sequence: Sequence) -> FoldRun {
        let index = firstKept(after: sequence.next.number)
        let nearest = index > 0 ? kept[index - 1].run : beginning
        guard let last = current.last?.sequence, last <= sequence else { return nearest }
        return last >= nearest.nextSequence ? current : nearest
    }

    /// A saved state so much nearer before a sequence than what was passed that it is worth
    /// reading.
    private func savedRun(before sequence: Sequence) -> FoldRun? {
        let known = knownRun(before: sequence).nextSequence.number
        guard sequence.number >= known + keptInterval,
            let snapshot = reader.snapshot(of: stream, fold, before: .sequence(sequence)),
            snapshot.sequence.number > known
        else { return nil }
        return FoldRun(fold, from: snapshot)
    }

    private func firstKept(after number: UInt64) -> Int {
        var bounds = 0..<kept.count
        while let middle = bounds.isEmpty ? nil : (bounds.lowerBound + bounds.upperBound) / 2 {
            if kept[middle].number <= number {
                bounds = middle + 1..<bounds.upperBound
            } else {
                bounds = bounds.lowerBound..<middle
            }
        }
        return bounds.lowerBound
    }

    private func keep(_ run: borrowing FoldRun) {
        guard let number = run.last?.sequence.next.number, number % keptInterval == 0 else {
            return
        }
        let index = firstKept(after: number)
        if index > 0, kept[index - 1].number == number { return }
        kept.insert((number, copy run), at: index)
    }
}
