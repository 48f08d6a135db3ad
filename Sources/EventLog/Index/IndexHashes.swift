import CXXHash
import EventModel
import EventStorage

/// The hashes by which an index finds things; seeded, so that names chosen to collide do not.
struct IndexHashes: Hashable, Sendable {
    /// What the store's hashes start from.
    let seed: UInt64

    /// The hash of a stream's name.
    func stream(_ name: RawSpan) -> UInt64 { hash(name, seed) }

    /// The hash of an identity.
    func identity(_ id: EventID) -> UInt32 {
        let bytes = (id.high.bigEndian, id.low.bigEndian)
        let value = withUnsafeBytes(of: bytes) {
            XXH3_64bits_withSeed($0.baseAddress, $0.count, seed)
        }
        return UInt32(value >> 32)
    }

    /// The term of a category.
    func category(_ name: RawSpan) -> UInt64 { hash(name, seed &+ 1) }

    /// The term of a type.
    func type(_ name: RawSpan) -> UInt64 { hash(name, seed &+ 2) }

    /// The term of a tag.
    func tag(key: RawSpan, value: RawSpan) -> UInt64 { hash(value, hash(key, seed &+ 3)) }

    private func hash(_ bytes: RawSpan, _ seed: UInt64) -> UInt64 {
        LogFormat.checksum(bytes, seed: seed)
    }
}

/// The six bits of a block of the filter that are set for an identity.
struct FilterBits: Hashable, Sendable {
    private let bits: UInt64

    /// Finds the bits for the hash of an identity.
    init(_ hash: UInt32) {
        let spread = UInt64(hash) &* 0x9E37_79B9_7F4A_7C15
        bits = ((spread ^ (spread >> 32)) &* 0xBF58_476D_1CE4_E5B9) >> 10
    }

    /// Calls `body` with the word of each bit, 0 to 7, and the bit in it.
    @inline(__always)
    func forEach(_ body: (_ word: Int, _ mask: UInt64) -> Void) {
        var rest = bits
        for _ in 0..<6 {
            let bit = rest & 511
            body(Int(bit >> 6), 1 << (bit & 63))
            rest >>= 9
        }
    }

    /// Whether a block of the filter has all bits.
    ///
    /// Never stops early: a jump that depends on memory would have the next look wait for this one.
    @inline(__always)
    func areSet(in block: RawSpan) -> Bool {
        precondition(block.byteCount == IndexFormat.filterBlockSize, "A block has 512 bits.")
        var missing: UInt64 = 0
        forEach { word, mask in
            let bits = block.unsafeLoadUnaligned(fromUncheckedByteOffset: word * 8, as: UInt64.self)
            missing |= mask & ~UInt64(littleEndian: bits)
        }
        return missing == 0
    }
}
