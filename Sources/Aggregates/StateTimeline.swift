public import EventModel
import EventStorage

/// The history of one aggregate, opened for going back and forth in it.
///
/// Keeps the state after every 256th event that it has passed, so that any step costs at most
/// that many events. For use by one thread; events appended meanwhile are seen.
public final class StateTimeline {
    /// The aggregate's stream.
    public let stream: StreamName
    private let reader: StateReader
    private let fold: Fold
    /// Runs after every 256th event, in order; the first stands before the first event.
    private var kept: [FoldRun]
    private var current: FoldRun

    private static let keptInterval: UInt64 = 256

    /// Opens the history of a stream, which need not exist.
    public init(of stream: StreamName, in reader: StateReader) throws(FoldError) {
        self.stream = stream
        self.reader = reader
        fold = reader.folds[stream.category]
        current = try FoldRun(fold)
        kept = [current]
    }

    /// The state after a sequence, or after the last event where the stream ends before it;
    /// nothing for the sequence stands for the state before the first event.
    ///
    /// - Throws: ``FoldError`` for an event that the rules cannot take in, and where the storage
    ///   fails.
    public func state(at sequence: Sequence?) throws(FoldError) -> StreamState {
        guard let sequence else {
            return try kept[0].streamState(of: stream, fold, in: reader.store)
        }
        var run = start(for: sequence)
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
        current = run
        return try run.streamState(of: stream, fold, in: reader.store)
    }

    /// The run nearest before a sequence.
    private func start(for sequence: Sequence) -> FoldRun {
        let index = min(Int(clamping: sequence.next.number / Self.keptInterval), kept.count - 1)
        let nearest = kept[index]
        guard let last = current.last?.sequence, last <= sequence else { return nearest }
        return last >= nearest.nextSequence ? current : nearest
    }

    private func keep(_ run: borrowing FoldRun) {
        guard let last = run.last,
            last.sequence.next.number == UInt64(kept.count) * Self.keptInterval
        else { return }
        kept.append(copy run)
    }
}
