import EventModel

extension IndexFile {
    /// The row of the block with a number, relative to the file.
    func blockRow(_ number: Int) throws(IndexDamage) -> BlockRow {
        let row = number &* BlockRow.size
        return BlockRow(
            address: try load(.blocks, row),
            recordDistance: try load(.blocks, row + 4),
            earliest: Timestamp(microseconds: try load(.blocks, row + 8)),
            latest: Timestamp(microseconds: try load(.blocks, row + 16)),
            recordedTime: try blockTime(number)
        )
    }

    /// The block with a number, relative to the file.
    func block(_ number: Int) throws(IndexDamage) -> IndexBlock {
        let row = try blockRow(number)
        guard row.recordDistance <= row.address else { throw damage }
        return header.coverage.block(row, number: number)
    }

    /// When the first event of a block was recorded.
    func blockTime(_ number: Int) throws(IndexDamage) -> Timestamp {
        Timestamp(microseconds: try load(.blocks, number &* BlockRow.size + 24))
    }

    /// The blocks, relative to the file, that hold an event with a term.
    func insertBlocks(of term: UInt64, into blocks: inout BlockSet) throws(IndexDamage) {
        let bucketCount = size(.termDirectory) / 4 - 1
        let bucket = IndexFormat.place(UInt32(term >> 32), in: bucketCount)
        let start: UInt32 = try load(.termDirectory, bucket * 4)
        let end: UInt32 = try load(.termDirectory, bucket * 4 + 4)
        var reader = TermReader(self, start: Int(start), end: Int(end))
        while let hash = try reader.next() {
            if hash > term { return }
            guard hash == term else { continue }
            try reader.forEachBlock { blocks.insert($0) }
            return
        }
    }
}
