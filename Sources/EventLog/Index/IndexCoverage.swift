import EventModel

/// Which part of a log an index file covers.
struct IndexCoverage: Hashable, Sendable {
    /// The position of its first event.
    var firstPosition: UInt64
    /// The position of its last event.
    var lastPosition: UInt64
    /// Where its first record may begin.
    var startAddress: UInt64
    /// Where its last record ends.
    var endAddress: UInt64
    /// The header checksum of its last record, which ties it to the content of the log.
    var recordChecksum: UInt64
    /// When its last event was recorded.
    var lastTime: Timestamp

    /// The number of its events.
    var eventCount: Int { Int(truncatingIfNeeded: lastPosition &- firstPosition &+ 1) }

    /// The number of the block that holds its first event.
    var firstBlock: UInt64 { IndexFormat.blockNumber(of: firstPosition) }

    /// The number of blocks of which it has events.
    var blockCount: Int {
        Int(truncatingIfNeeded: IndexFormat.blockNumber(of: lastPosition) &- firstBlock &+ 1)
    }

    /// Whether numbers relative to its start fit in 32 bits.
    var isPossible: Bool {
        firstPosition > 0 && firstPosition <= lastPosition && startAddress <= endAddress
            && endAddress - startAddress <= IndexFormat.spanMax
            && lastPosition - firstPosition < IndexFormat.spanMax
    }

    /// Whether this part of the log goes on where another ends.
    func follows(_ earlier: IndexCoverage) -> Bool {
        firstPosition == earlier.lastPosition &+ 1 && startAddress == earlier.endAddress
    }
}
