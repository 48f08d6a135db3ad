/// How an index file of some events tells identities: by rows in buckets.
///
/// A row is one number: in the lower bits the position, relative to the file; above them how far
/// the hash is behind the first hash of its bucket. Twice as many events have twice as many
/// buckets, each of half as many hashes, so that the two together always fit.
struct IdentityLayout {
    /// The bytes of a row; it never has more than 38 bits.
    static let size = 5

    /// The number of buckets.
    let bucketCount: Int
    private let positionBits: UInt64

    /// The layout for a number of events, at least 1 and less than 2³².
    init(events: Int) {
        bucketCount = IndexFormat.bucketCount(events: events)
        positionBits = UInt64(Int.bitWidth - (events - 1).leadingZeroBitCount)
    }

    /// The bucket of a hash.
    func bucket(of hash: UInt32) -> Int { IndexFormat.place(hash, in: bucketCount) }

    /// The first hash that belongs to a bucket; 2³² for the number behind the last bucket.
    func firstHash(of bucket: Int) -> UInt64 {
        let count = UInt64(bucketCount)
        return (UInt64(bucket) << 32 + count - 1) / count
    }

    /// The row that tells a hash and a position.
    func row(hash: UInt32, position: UInt32) -> UInt64 {
        (UInt64(hash) - firstHash(of: bucket(of: hash))) << positionBits | UInt64(position)
    }

    /// How far the hash of a row is behind the first of its bucket.
    @inline(__always)
    func distance(of row: UInt64) -> UInt64 { row >> positionBits }

    /// The position that a row tells; where nobody made it up, less than there are events.
    @inline(__always)
    func position(of row: UInt64) -> UInt64 { row & (1 << positionBits - 1) }
}

extension RawSpan {
    /// The row of an identity at an offset, of which all bytes are there.
    @inline(__always)
    func identityRow(at offset: Int) -> UInt64 {
        let lower = unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
        let upper = unsafeLoad(fromByteOffset: offset + 4, as: UInt8.self)
        return UInt64(upper) << 32 | UInt64(UInt32(littleEndian: lower))
    }
}

extension [UInt8] {
    /// Appends the row of an identity.
    @inline(__always)
    mutating func append(identityRow row: UInt64) {
        Swift.withUnsafeBytes(of: row.littleEndian) { bytes in
            append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<IdentityLayout.size]))
        }
    }
}
