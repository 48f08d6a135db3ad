import EventStorage

/// Writes the terms, which come by ascending hash, and gathers their directory.
struct TermRowsWriter {
    private var directory: BucketDirectory
    private var blockBytes: [UInt8] = []
    private var row: [UInt8] = []

    /// Begins some terms.
    init(terms: Int) {
        directory = BucketDirectory(bucketCount: IndexFormat.bucketCount(terms: terms))
    }

    /// Adds a term and the blocks that hold it, ascending, of which some may be told twice.
    mutating func add(_ hash: UInt64, _ blocks: [UInt32], to writer: inout IndexWriter) {
        directory.add(UInt32(hash >> 32), at: writer.sectionOffset)
        blockBytes.removeAll(keepingCapacity: true)
        var previous: UInt32?
        for block in blocks where block != previous {
            blockBytes.append(variable: UInt64(block - (previous ?? 0)))
            previous = block
        }
        row.removeAll(keepingCapacity: true)
        row.append(littleEndian: hash)
        row.append(variable: UInt64(blockBytes.count))
        row.append(contentsOf: blockBytes)
        writer.append(row.span.bytes)
    }

    /// Ends the terms and writes their directory.
    mutating func finish(to writer: inout IndexWriter) {
        directory.end(at: writer.sectionOffset)
        writer.end(.terms)
        writer.append(directory.starts.span.bytes)
        writer.end(.termDirectory)
    }
}
