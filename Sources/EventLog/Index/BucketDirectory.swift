/// The beginnings of buckets of rows that come in the order of their hashes.
struct BucketDirectory {
    private(set) var starts: [UInt32] = []
    private let bucketCount: Int

    /// Begins with no row.
    init(bucketCount: Int) {
        self.bucketCount = bucketCount
        starts.reserveCapacity(bucketCount + 1)
    }

    /// Tells that a row with a hash begins somewhere.
    mutating func add(_ hash: UInt32, at start: Int) {
        let bucket = IndexFormat.place(hash, in: bucketCount)
        while starts.count <= bucket { starts.append(UInt32(start).littleEndian) }
    }

    /// Tells where the last row ends.
    mutating func end(at end: Int) {
        while starts.count <= bucketCount { starts.append(UInt32(end).littleEndian) }
    }
}
