import EventModel
import EventStorage

/// Which blocks may hold selected events, as far as categories, types, tags, times and positions
/// tell.
struct BlockFilter: Sendable {
    /// Of each group a block has to hold one term.
    private let groups: [[UInt64]]
    private let times: ClosedRange<Timestamp>?
    private let positions: ClosedRange<UInt64>

    /// Finds the terms of a selection.
    init(_ selection: EventSelection, positions: ClosedRange<UInt64>, hashes: IndexHashes) {
        var groups: [[UInt64]] = []
        if case .category(let category) = selection.scope {
            groups.append([hashes.category(category.text.utf8.span.bytes)])
        }
        if !selection.types.isEmpty {
            groups.append(selection.types.map { hashes.type($0.text.utf8.span.bytes) })
        }
        for tag in selection.tags {
            let key = tag.key.utf8.span.bytes
            groups.append([hashes.tag(key: key, value: tag.value.utf8.span.bytes)])
        }
        self.groups = groups
        self.positions = positions
        let first = selection.fromTime ?? Timestamp(microseconds: .min)
        let last = selection.throughTime ?? Timestamp(microseconds: .max)
        times = first <= last ? first...last : nil
    }

    /// Whether a part may hold any.
    func mayMatch(_ part: IndexCoverage) -> Bool {
        times != nil && part.firstPosition <= positions.upperBound
            && part.lastPosition >= positions.lowerBound
    }

    /// The blocks of a part that hold the terms and lie in the positions.
    func blocks(of part: some BlockSource) throws(IndexDamage) -> BlockSet {
        let coverage = part.coverage
        guard mayMatch(coverage) else { return BlockSet(count: 0) }
        let first = max(positions.lowerBound, coverage.firstPosition)
        let last = min(positions.upperBound, coverage.lastPosition)
        let start = Int(IndexFormat.blockNumber(of: first) - coverage.firstBlock)
        let end = Int(IndexFormat.blockNumber(of: last) - coverage.firstBlock)
        var blocks = BlockSet(start..<end + 1, count: coverage.blockCount)
        for group in groups {
            var holding = BlockSet(count: coverage.blockCount)
            for term in group { try part.insertBlocks(of: term, into: &holding) }
            blocks.formIntersection(holding)
        }
        return blocks
    }

    /// Whether a block may hold an event of the times.
    func contains(_ block: IndexBlock) -> Bool {
        guard let times else { return false }
        return block.earliest <= times.upperBound && block.latest >= times.lowerBound
    }
}
