/// Which blocks hold which categories, types and tags, while events are added.
struct RecentTerms: Sendable {
    /// A block of a term, and the number of its one before plus 1.
    private struct Posting {
        var block: UInt32
        var previous: UInt32
    }

    private var slots = HashSlots()
    private var hashes: [UInt64] = []
    /// For each term the number of its last posting.
    private var last: [UInt32] = []
    private var postings: [Posting] = []

    /// How many terms there are.
    var count: Int { hashes.count }

    /// Tells that a block, not before any told before, holds a term.
    ///
    /// - Returns: the number of the term.
    @discardableResult
    mutating func add(_ hash: UInt64, block: UInt32) -> Int {
        if let term = number(of: hash) {
            add(term: term, block: block)
            return term
        }
        slots.insert(UInt32(hash >> 32), hashes.count)
        hashes.append(hash)
        last.append(UInt32(postings.count))
        postings.append(Posting(block: block, previous: 0))
        return hashes.count - 1
    }

    /// Tells the same of the term with a number.
    mutating func add(term: Int, block: UInt32) {
        guard postings[Int(last[term])].block != block else { return }
        postings.append(Posting(block: block, previous: last[term] + 1))
        last[term] = UInt32(postings.count - 1)
    }

    /// Adds the blocks that hold a term to a set.
    func insertBlocks(of hash: UInt64, into blocks: inout BlockSet) {
        guard let term = number(of: hash) else { return }
        forEachBlock(ofTerm: term) { blocks.insert($0) }
    }

    /// Calls `body` with each term, by ascending hash, and its blocks, ascending.
    func forEach(_ body: (_ hash: UInt64, _ blocks: [UInt32]) -> Void) {
        var blocks: [UInt32] = []
        for term in hashes.indices.sorted(by: { hashes[$0] < hashes[$1] }) {
            blocks.removeAll(keepingCapacity: true)
            forEachBlock(ofTerm: term) { blocks.append($0) }
            blocks.reverse()
            body(hashes[term], blocks)
        }
    }

    /// Calls `body` with the blocks of a term, descending.
    private func forEachBlock(ofTerm term: Int, _ body: (UInt32) -> Void) {
        var next = last[term] + 1
        while next > 0 {
            let posting = postings[Int(next - 1)]
            body(posting.block)
            next = posting.previous
        }
    }

    private func number(of hash: UInt64) -> Int? {
        slots.first(UInt32(hash >> 32)) { hashes[$0] == hash }
    }
}
