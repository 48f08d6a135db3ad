/// Writes the identities, which come ascending, and gathers their directory and their filter.
struct IdentityRowsWriter {
    private static let chunkSize = 8 << 10

    private let layout: IdentityLayout
    private var chunk: [UInt8] = []
    private var count = 0
    private var directory: BucketDirectory
    private var filter: [UInt64]
    private let filterBlockCount: Int

    /// Begins the identities of some events.
    init(events: Int) {
        layout = IdentityLayout(events: events)
        directory = BucketDirectory(bucketCount: layout.bucketCount)
        filterBlockCount = IndexFormat.filterBlockCount(events: events)
        filter = Array(repeating: 0, count: filterBlockCount * IndexFormat.filterBlockSize / 8)
    }

    /// Adds an identity's hash and its position, one in each half.
    mutating func add(_ entry: UInt64, to writer: inout IndexWriter) {
        let hash = UInt32(entry >> 32)
        directory.add(hash, at: count)
        let block = IndexFormat.place(hash, in: filterBlockCount) * IndexFormat.filterBlockSize / 8
        FilterBits(hash).forEach { word, mask in filter[block + word] |= mask }
        let position = UInt32(truncatingIfNeeded: entry)
        chunk.append(identityRow: layout.row(hash: hash, position: position))
        count += 1
        if chunk.count >= IdentityRowsWriter.chunkSize { write(to: &writer) }
    }

    /// Ends the identities and writes the other two sections.
    mutating func finish(to writer: inout IndexWriter) {
        write(to: &writer)
        writer.end(.identities)
        directory.end(at: count)
        writer.append(directory.starts.span.bytes)
        writer.end(.directory)
        for index in filter.indices { filter[index] = filter[index].littleEndian }
        writer.append(filter.span.bytes)
        writer.end(.filter)
    }

    private mutating func write(to writer: inout IndexWriter) {
        writer.append(chunk.span.bytes)
        chunk.removeAll(keepingCapacity: true)
    }
}
