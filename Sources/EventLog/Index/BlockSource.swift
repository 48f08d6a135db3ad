import EventModel

/// A part of an index as far as blocks go.
protocol BlockSource {
    /// What it covers.
    var coverage: IndexCoverage { get }

    /// Adds the blocks, relative to the part, that hold an event with a term.
    func insertBlocks(of term: UInt64, into blocks: inout BlockSet) throws(IndexDamage)

    /// The block with a number, relative to the part.
    func block(_ number: Int) throws(IndexDamage) -> IndexBlock

    /// When the first event of a block was recorded.
    func blockTime(_ number: Int) throws(IndexDamage) -> Timestamp
}

extension IndexFile: BlockSource {
    var coverage: IndexCoverage { header.coverage }
}

extension RecentIndex: BlockSource {
    /// What an index file covers that ends in the last event.
    var coverage: IndexCoverage {
        coverage(endAddress: lastAddress, recordChecksum: 0)
    }

    func insertBlocks(of term: UInt64, into blocks: inout BlockSet) {
        terms.insertBlocks(of: term, into: &blocks)
    }

    func block(_ number: Int) -> IndexBlock { coverage.block(blocks[number], number: number) }

    func blockTime(_ number: Int) -> Timestamp { blocks[number].recordedTime }
}

extension BlockSource {
    /// The block that holds a position; nothing where the part does not cover it.
    func block(of position: UInt64) throws(IndexDamage) -> IndexBlock? {
        let coverage = coverage
        guard position >= coverage.firstPosition, position <= coverage.lastPosition else {
            return nil
        }
        return try block(Int(IndexFormat.blockNumber(of: position) - coverage.firstBlock))
    }

    /// The first block that may hold an event recorded at or after a time, of a part whose last
    /// event was.
    func firstBlock(recordedAtOrAfter time: Timestamp) throws(IndexDamage) -> IndexBlock {
        var low = 0
        var high = coverage.blockCount
        while low < high {
            let middle = (low + high) / 2
            if try blockTime(middle) < time { low = middle + 1 } else { high = middle }
        }
        // The time may lie between the first event of the block before and its last.
        return try block(max(0, low - 1))
    }
}
