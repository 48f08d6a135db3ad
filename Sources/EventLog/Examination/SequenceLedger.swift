import EventModel

/// Remembers the last sequence of every stream, to see that each goes on by one.
///
/// Takes memory for each stream, up to a number of streams; of those beyond it nothing is known.
struct SequenceLedger: Sendable {
    private struct Entry {
        var next: UInt64
        var gapCount: Int
    }

    private var entries: [UInt64: Entry] = [:]
    private var gapCount = 0
    private let streamCountMax: Int

    /// Begins a log.
    init(streamCountMax: Int = 1 << 22) {
        self.streamCountMax = streamCountMax
    }

    /// Remembers that events cannot be read, so that any stream may go on further behind them.
    mutating func noteGap() { gapCount += 1 }

    /// Takes the next event of the stream with a hash.
    ///
    /// - Returns: the sequence that it should have had; nothing where it has that.
    mutating func take(_ sequence: UInt64, of stream: UInt64) -> UInt64? {
        let isFull = entries.count >= streamCountMax
        guard let entry = entries[stream] else {
            if isFull { return nil }
            entries[stream] = Entry(next: sequence &+ 1, gapCount: gapCount)
            return sequence == 0 || gapCount > 0 ? nil : 0
        }
        entries[stream] = Entry(next: sequence &+ 1, gapCount: gapCount)
        if sequence == entry.next { return nil }
        return entry.gapCount < gapCount && sequence > entry.next ? nil : entry.next
    }
}
