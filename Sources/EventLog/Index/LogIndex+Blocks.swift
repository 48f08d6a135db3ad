import EventModel
import EventStorage

extension LogIndex {
    /// The block that holds a position, or its piece in one part; nothing where there is no such
    /// event.
    func block(of position: UInt64) throws(IndexDamage) -> IndexBlock? {
        if recent.eventCount > 0, position >= recent.firstPosition {
            return try recent.block(of: position)
        }
        for file in files.reversed() {
            if let block = try file.block(of: position) { return block }
        }
        return nil
    }

    /// The first block that may hold an event recorded at or after a time; nothing where the last
    /// event was recorded before.
    func firstBlock(recordedAtOrAfter time: Timestamp) throws(IndexDamage) -> IndexBlock? {
        if let file = files.first(where: { $0.header.coverage.lastTime >= time }) {
            return try file.firstBlock(recordedAtOrAfter: time)
        }
        guard recent.eventCount > 0, recent.lastTime >= time else { return nil }
        return try recent.firstBlock(recordedAtOrAfter: time)
    }

    /// The blocks that may hold selected events with some positions, in the direction of the
    /// selection.
    ///
    /// Holds every event that matches, leaving sequences and the name of a single stream aside.
    /// Computes the recent ones at once, those of the files one file after the other.
    func blocks(
        for selection: EventSelection,
        in positions: ClosedRange<UInt64>
    ) throws(IndexDamage) -> CandidateBlocks {
        let filter = BlockFilter(selection, positions: positions, hashes: recent.origin.hashes)
        var recentBlocks: [IndexBlock] = []
        if recent.eventCount > 0 {
            var numbers = try filter.blocks(of: recent)
            while let number = numbers.popFirst() {
                let block = recent.block(number)
                if filter.contains(block) { recentBlocks.append(block) }
            }
        }
        return CandidateBlocks(
            filter,
            selection.direction,
            files: files,
            recent: recentBlocks
        )
    }
}
