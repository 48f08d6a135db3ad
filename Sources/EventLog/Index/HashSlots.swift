/// Finds numbers by 32 bits of a hash; open addressing in the order of the hashes.
///
/// Whoever asks tells which of the numbers with an equal hash is meant.
struct HashSlots: Sendable {
    /// Each is 0, or a hash in the upper half and a number plus 1 in the lower.
    private var slots: [UInt64]
    private var shift: UInt32
    private(set) var count = 0

    /// Holds nothing, and grows only behind a number of entries, at most 2³⁰.
    init(expecting count: Int = 0) {
        let bits = max(6, Int.bitWidth - (count * 2).leadingZeroBitCount)
        slots = Array(repeating: 0, count: 1 << bits)
        shift = UInt32(32 - bits)
    }

    /// The first number with a hash for which `isMeant` holds.
    @inline(__always)
    func first(_ hash: UInt32, where isMeant: (Int) -> Bool) -> Int? {
        var slot = Int(hash >> shift)
        while slots[slot] != 0 {
            let value = slots[slot]
            if UInt32(value >> 32) == hash {
                let number = Int(UInt32(truncatingIfNeeded: value)) - 1
                if isMeant(number) { return number }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds a number, at most 2³² - 2.
    mutating func insert(_ hash: UInt32, _ number: Int) {
        count += 1
        if count * 2 > slots.count { grow() }
        occupy(UInt64(hash) << 32 | UInt64(number + 1))
    }

    private mutating func occupy(_ value: UInt64) {
        var slot = Int(UInt32(value >> 32) >> shift)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = value
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: old.count * 2)
        shift -= 1
        for value in old where value != 0 { occupy(value) }
    }

    /// Hash and number of each entry, one in each half, ascending.
    ///
    /// The slots are nearly in this order, so that insertion takes linear time. What wrapped around
    /// the end lies before the first empty slot.
    var sorted: [UInt64] {
        var entries: [UInt64] = []
        entries.reserveCapacity(count)
        let start = slots.firstIndex(of: 0) ?? 0
        for value in slots[start...] where value != 0 { entries.append(value - 1) }
        for value in slots[..<start] where value != 0 { entries.append(value - 1) }
        for index in entries.indices.dropFirst() {
            let entry = entries[index]
            var place = index
            while place > 0, entries[place - 1] > entry {
                entries[place] = entries[place - 1]
                place -= 1
            }
            entries[place] = entry
        }
        return entries
    }
}
