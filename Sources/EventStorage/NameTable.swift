import EventModel

/// Numbers names in the order in which they first come up.
///
/// Open addressing over one arena of bytes, so that a known name costs no allocation. The hash is
/// seeded, so that names chosen to collide do not.
package struct NameTable: Sendable {
    private var arena: [UInt8] = []
    private var starts: [Int] = [0]
    private var hashes: [UInt64] = []
    private var slots: [UInt32]
    private let seed = HashSeed.value

    /// Makes an empty table with room for a number of names.
    package init(expecting count: Int = 32) {
        slots = Array(repeating: 0, count: max(2, count * 2).nextPowerOfTwo)
    }

    /// How many names the table holds.
    package var count: Int { hashes.count }

    /// The name with a number.
    package func name(_ number: Int) -> String { bytes(number).text }

    /// The bytes of the name with a number.
    @_lifetime(borrow self)
    package func bytes(_ number: Int) -> RawSpan {
        arena.span.bytes.extracting(starts[number]..<starts[number + 1])
    }

    /// The number of a name; nothing where it is unknown.
    package func number(of name: String) -> Int? { number(of: name.utf8.span.bytes) }

    /// The number of a name; nothing where it is unknown.
    package func number(of name: RawSpan) -> Int? {
        name.withUnsafeBytes { number(of: $0, hash: hash($0)) }
    }

    /// The number of a name, which is added where it is unknown.
    package mutating func numberAdding(_ name: RawSpan) -> Int {
        name.withUnsafeBytes { bytes in
            let hash = hash(bytes)
            if let number = number(of: bytes, hash: hash) { return number }
            return add(bytes, hash: hash)
        }
    }

    /// The number of a name, which is added where it is unknown.
    package mutating func numberAdding(_ name: String) -> Int {
        numberAdding(name.utf8.span.bytes)
    }

    private func number(of bytes: UnsafeRawBufferPointer, hash: UInt64) -> Int? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if hashes[number] == hash, isName(number, bytes) { return number }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func isName(_ number: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let range = starts[number]..<starts[number + 1]
        return arena.span.bytes.extracting(range).hasSameBytes(as: RawSpan(_unsafeBytes: bytes))
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer, hash: UInt64) -> Int {
        let number = hashes.count
        arena.append(contentsOf: bytes)
        starts.append(arena.count)
        hashes.append(hash)
        if hashes.count * 2 > slots.count { grow() } else { occupy(number) }
        return number
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for number in hashes.indices { occupy(number) }
    }

    private mutating func occupy(_ number: Int) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hashes[number]) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(number + 1)
    }

    /// Multiply and fold eight bytes at a time (the step of wyhash).
    private func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = seed ^ UInt64(bytes.count)
        var index = 0
        while index + 8 <= bytes.count {
            state = mix(state ^ bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        var tail: UInt64 = 0
        while index < bytes.count {
            tail = tail << 8 | UInt64(bytes[index])
            index += 1
        }
        return mix(state ^ tail)
    }
}

extension Int {
    /// The smallest power of two that is not smaller.
    var nextPowerOfTwo: Int {
        self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
    }
}

/// Spreads every bit of a number over all of the result.
func mix(_ value: UInt64) -> UInt64 {
    let (high, low) = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return high ^ low
}
