/// Goes through the identities of a file, their positions made relative to the merged one.
struct IdentityCursor {
    private let file: IndexFile
    private let layout: IdentityLayout
    private let positionShift: UInt64
    private var number = -1
    private var bucket = -1
    /// Behind which row those of the bucket end.
    private var bucketEnd: Int
    /// The hashes of the bucket.
    private var hashes: Range<UInt64> = 0..<0
    /// Hash and position, one in each half; behind the last all bits are set.
    private(set) var entry: UInt64 = 0

    /// Begins with the first; its position grows by some number.
    init(_ file: IndexFile, positionShift: UInt32) throws(IndexDamage) {
        self.file = file
        self.positionShift = UInt64(positionShift)
        layout = IdentityLayout(events: file.header.coverage.eventCount)
        bucketEnd = Int(try file.load(.directory, 0, as: UInt32.self))
        try advance()
    }

    /// Goes on to the next.
    ///
    /// - Throws: the damage of the file where a row is in none of the buckets, or not in its own.
    @inline(__always)
    mutating func advance() throws(IndexDamage) {
        number += 1
        guard number < file.header.coverage.eventCount else {
            entry = .max
            return
        }
        while number >= bucketEnd { try goToNextBucket() }
        let row = try file.identityRow(number)
        let hash = hashes.lowerBound + layout.distance(of: row)
        let position = layout.position(of: row)
        guard hash < hashes.upperBound, position < UInt64(file.header.coverage.eventCount) else {
            throw file.damage
        }
        entry = hash << 32 | (position + positionShift)
    }

    private mutating func goToNextBucket() throws(IndexDamage) {
        bucket += 1
        guard bucket < layout.bucketCount else { throw file.damage }
        bucketEnd = Int(try file.load(.directory, (bucket + 1) * 4, as: UInt32.self))
        hashes = hashes.upperBound..<layout.firstHash(of: bucket + 1)
    }
}
