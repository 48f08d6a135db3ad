/// Where events of one stream begin.
///
/// A value of its own: it stays as it is, whatever is added to the index.
struct StreamAddresses: Sendable {
    /// The events of the stream in one part.
    struct Piece: Sendable {
        /// What the part knows.
        var run: StreamRun
        /// The part; nothing stands for what is in memory.
        var file: IndexFile?
    }

    /// The events whose addresses it tells.
    let sequences: Range<UInt64>
    /// The parts that hold them, oldest first, each going on where the one before ends.
    private let pieces: [Piece]
    private let recent: [UInt64]

    /// Makes it from its parts.
    ///
    /// - Parameters:
    ///   - sequences: none outside of the pieces.
    ///   - pieces: the parts, oldest first, each going on where the one before ends.
    ///   - recent: the addresses of those in memory.
    init(_ sequences: Range<UInt64>, pieces: [Piece], recent: [UInt64]) {
        self.sequences = sequences
        self.pieces = pieces
        self.recent = recent
    }

    /// Appends addresses to an array, in the order of the sequences; outside of ``sequences`` there
    /// are none.
    func append(
        _ wanted: Range<UInt64>,
        to addresses: inout [UInt64]
    ) throws(IndexDamage) {
        let wanted = wanted.clamped(to: sequences)
        for piece in pieces {
            let run = piece.run
            let part = wanted.clamped(to: run.firstSequence..<run.endSequence)
            if part.isEmpty { continue }
            let start = run.firstAddress + Int(part.lowerBound - run.firstSequence)
            let numbers = start..<start + part.count
            guard let file = piece.file else {
                addresses.append(contentsOf: recent[numbers])
                continue
            }
            let fileStart = file.header.coverage.startAddress
            try file.forEachAddress(numbers) { addresses.append(fileStart &+ UInt64($0)) }
        }
    }
}
