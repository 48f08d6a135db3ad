/// Some of a part's blocks, by their numbers relative to it.
struct BlockSet: Hashable, Sendable {
    private var words: [UInt64]
    /// Outside of these, all words are 0.
    private var occupied: Range<Int>

    /// None of `count` blocks.
    init(count: Int) {
        words = Array(repeating: 0, count: (count + 63) / 64)
        occupied = words.indices
    }

    /// Blocks with consecutive numbers, of `count` blocks.
    init(_ numbers: Range<Int>, count: Int) {
        self.init(count: count)
        for index in words.indices {
            let from = UInt64.max << UInt64(max(0, numbers.lowerBound - index * 64))
            let behind = UInt64.max << UInt64(max(0, numbers.upperBound - index * 64))
            words[index] = from & ~behind
        }
    }

    /// Adds the block with a number less than the count, before the first is taken out.
    mutating func insert(_ number: UInt32) {
        words[Int(number >> 6)] |= 1 << UInt64(number & 63)
    }

    /// Keeps only those that another set of as many blocks has, too.
    mutating func formIntersection(_ other: BlockSet) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    /// Takes the lowest number out.
    mutating func popFirst() -> Int? {
        while let index = occupied.first {
            if words[index] != 0 {
                let bit = words[index].trailingZeroBitCount
                words[index] &= words[index] - 1
                return index * 64 + bit
            }
            occupied.removeFirst()
        }
        return nil
    }

    /// Takes the highest number out.
    mutating func popLast() -> Int? {
        while let index = occupied.last {
            if words[index] != 0 {
                let bit = 63 - words[index].leadingZeroBitCount
                words[index] &= ~(1 << UInt64(bit))
                return index * 64 + bit
            }
            occupied.removeLast()
        }
        return nil
    }
}
