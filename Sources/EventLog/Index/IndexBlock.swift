import EventModel

/// Up to 64 events with consecutive positions, and where they lie.
struct IndexBlock: Hashable, Sendable {
    /// The position of the first of them.
    var firstPosition: UInt64
    /// The position of the last of them.
    var lastPosition: UInt64
    /// Where the first of them begins.
    var address: UInt64
    /// Where the record of the first of them begins.
    var recordAddress: UInt64
    /// The earliest event time.
    var earliest: Timestamp
    /// The latest event time.
    var latest: Timestamp
    /// When the first of them was recorded.
    var recordedTime: Timestamp
}

extension IndexCoverage {
    /// The block with a number, relative to the part, that a row tells of.
    func block(_ row: BlockRow, number: Int) -> IndexBlock {
        let start = (firstBlock &+ UInt64(number)) &* IndexFormat.positionsPerBlock
        let address = startAddress &+ UInt64(row.address)
        return IndexBlock(
            firstPosition: max(start &+ 1, firstPosition),
            lastPosition: min(start &+ IndexFormat.positionsPerBlock, lastPosition),
            address: address,
            recordAddress: address &- UInt64(row.recordDistance),
            earliest: row.earliest,
            latest: row.latest,
            recordedTime: row.recordedTime
        )
    }
}
