import EventStorage

/// The blocks that may hold selected events, one after the other.
///
/// A value of its own: it stays as it is, whatever is added to the index. A block that two parts
/// share comes in two pieces.
struct CandidateBlocks: Sendable {
    private let filter: BlockFilter
    private let direction: EventSelection.Direction
    /// Those in memory that come after the files; they are few.
    private var recent: [IndexBlock]
    /// The files not begun yet.
    private var files: ArraySlice<IndexFile>
    private var file: IndexFile?
    private var numbers = BlockSet(count: 0)

    /// Begins with the first block in the direction of the selection.
    init(
        _ filter: BlockFilter,
        _ direction: EventSelection.Direction,
        files: [IndexFile],
        recent: [IndexBlock]
    ) {
        self.filter = filter
        self.direction = direction
        self.files = files.filter { filter.mayMatch($0.header.coverage) }[...]
        self.recent = direction == .forwards ? recent.reversed() : recent
    }

    /// The next block; nothing behind the last.
    mutating func next() throws(IndexDamage) -> IndexBlock? {
        if direction == .backwards, let block = recent.popLast() { return block }
        while true {
            while let number = nextNumber(), let file {
                let block = try file.block(number)
                if filter.contains(block) { return block }
            }
            guard let next = direction == .forwards ? files.popFirst() : files.popLast() else {
                break
            }
            file = next
            numbers = try filter.blocks(of: next)
        }
        return recent.popLast()
    }

    private mutating func nextNumber() -> Int? {
        direction == .forwards ? numbers.popFirst() : numbers.popLast()
    }
}
