/// The numbers of names in the order of their bytes.
///
/// Eight bytes are compared at a time, and only names that agree in them go on to the next eight.
struct NameOrder {
    private struct Entry {
        var key: UInt64
        var number: UInt32
    }

    private let names: NameArena
    private var entries: [Entry]
    /// What is not in order yet: entries whose names agree in the bytes before an offset.
    private var pending: [(range: Range<Int>, offset: Int)] = []

    /// Sorts all names of an arena.
    init(_ names: NameArena) {
        self.names = names
        entries = names.indices.map { Entry(key: 0, number: UInt32($0)) }
        pending.append((entries.startIndex..<entries.endIndex, 0))
        while let (range, offset) = pending.popLast() { sort(range, from: offset) }
    }

    /// The numbers, in order.
    var numbers: [Int] { entries.map { Int($0.number) } }

    /// Sorts entries by the eight bytes from an offset on.
    private mutating func sort(_ range: Range<Int>, from offset: Int) {
        for index in range {
            entries[index].key = names.key(Int(entries[index].number), at: offset)
        }
        entries[range].sort { $0.key < $1.key }
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start + 1
            while end < range.upperBound, entries[end].key == entries[start].key { end += 1 }
            if end - start > 1 { separate(start..<end, endingBy: offset + 8) }
            start = end
        }
    }

    /// Puts the names that end by an offset first, shortest first, and leaves the others for later.
    private mutating func separate(_ range: Range<Int>, endingBy offset: Int) {
        var longer = range.lowerBound
        if range.contains(where: { size(at: $0) <= offset }) {
            entries[range].sort { names.size(Int($0.number)) < names.size(Int($1.number)) }
            longer = range.first { size(at: $0) > offset } ?? range.upperBound
        }
        if longer < range.upperBound - 1 { pending.append((longer..<range.upperBound, offset)) }
    }

    private func size(at index: Int) -> Int { names.size(Int(entries[index].number)) }
}

extension NameArena {
    /// The numbers of all names.
    fileprivate var indices: Range<Int> { 0..<count }

    /// The bytes of a name.
    fileprivate func size(_ number: Int) -> Int { name(number).byteCount }

    /// Eight bytes of a name from an offset on, the first the highest; zeros where it ends.
    fileprivate func key(_ number: Int, at offset: Int) -> UInt64 {
        let name = name(number)
        if offset + 8 <= name.byteCount {
            return name.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).bigEndian
        }
        var key: UInt64 = 0
        for index in offset..<offset + 8 {
            let byte =
                index < name.byteCount
                ? name.unsafeLoad(fromByteOffset: index, as: UInt8.self) : 0
            key = key << 8 | UInt64(byte)
        }
        return key
    }
}
