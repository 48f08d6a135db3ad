/// Gathers the rows, names and slots of streams, which come in the order of their names.
struct StreamRowsWriter {
    private var rows: [UInt8] = []
    private var names: [UInt8] = []
    private var hashes: [UInt64] = []
    private var addressCount = 0
    private(set) var newStreamCount: UInt64 = 0

    /// Adds a stream.
    mutating func add(
        _ run: StreamRun,
        name: RawSpan,
        hash: UInt64,
        firstPosition: UInt64
    ) {
        name.withUnsafeBytes { names.append(contentsOf: $0) }
        hashes.append(hash)
        addressCount += run.count
        if run.firstSequence == 0 { newStreamCount += 1 }
        let row = StreamRow(
            nameEnd: UInt32(names.count),
            addressEnd: UInt32(addressCount),
            lastPosition: UInt32(run.lastPosition - firstPosition),
            firstSequence: run.firstSequence,
            firstTime: run.firstTime,
            lastTime: run.lastTime
        )
        row.append(to: &rows)
    }

    /// Writes the three sections.
    func write(to writer: inout IndexWriter) {
        writer.append(rows.span.bytes)
        writer.end(.streams)
        writer.append(names.span.bytes)
        writer.end(.names)
        let slots = slots
        writer.append(slots.span.bytes)
        writer.end(.slots)
    }

    private var slots: [UInt32] {
        let count = IndexFormat.slotCount(streams: hashes.count)
        let numberBits = IndexFormat.slotNumberBits(streams: hashes.count)
        var slots = [UInt32](repeating: 0, count: count)
        for (number, hash) in hashes.enumerated() {
            var place = IndexFormat.place(UInt32(hash >> 32), in: count)
            while slots[place] != 0 { place = place + 1 == count ? 0 : place + 1 }
            let fingerprint = UInt32(truncatingIfNeeded: hash) << numberBits
            slots[place] = (fingerprint | UInt32(number + 1)).littleEndian
        }
        return slots
    }
}
