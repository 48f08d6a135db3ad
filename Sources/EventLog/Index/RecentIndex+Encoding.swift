import EventModel
import EventStorage

extension RecentIndex {
    /// What an index file of all events taken in covers, where the last record has some end and its
    /// header some checksum.
    func coverage(endAddress: UInt64, recordChecksum: UInt64) -> IndexCoverage {
        IndexCoverage(
            firstPosition: firstPosition,
            lastPosition: lastPosition,
            startAddress: startAddress,
            endAddress: endAddress,
            recordChecksum: recordChecksum,
            lastTime: lastTime
        )
    }

    /// Writes an index file of the events taken in, of which there is at least one.
    ///
    /// Takes time in proportion to them, and does not block but for the output.
    ///
    /// - Parameters:
    ///   - output: where the bytes go.
    ///   - units: how many files of one unit it stands for.
    ///   - endAddress: where the last record ends, less than 4 GiB behind the start.
    ///   - recordChecksum: the checksum of its header.
    /// - Throws: what the output throws first.
    func encode(
        to output: any IndexOutput,
        units: UInt32 = 1,
        endAddress: UInt64,
        recordChecksum: UInt64
    ) throws(StorageError) {
        precondition(eventCount > 0, "An index file covers at least one event.")
        precondition(
            endAddress >= startAddress && endAddress - startAddress <= IndexFormat.spanMax,
            "An index file covers less than 4 GiB."
        )
        var writer = IndexWriter(to: output)
        writeStreams(to: &writer)
        writeIdentities(to: &writer)
        var rows: [UInt8] = []
        for block in blocks { block.append(to: &rows) }
        writer.append(rows.span.bytes)
        writer.end(.blocks)
        writeTerms(to: &writer)
        writer.append(census: census, firstPosition: firstPosition)
        try writer.finish(
            units: units,
            origin: origin,
            coverage: coverage(endAddress: endAddress, recordChecksum: recordChecksum),
            newStreamCount: UInt64(newStreamCount)
        )
    }

    private func writeStreams(to writer: inout IndexWriter) {
        var rows = StreamRowsWriter()
        var addresses: [UInt32] = []
        for number in NameOrder(names).numbers {
            let stream = streams[number]
            rows.add(
                stream.run,
                name: names.name(number),
                hash: names.hash(number),
                firstPosition: firstPosition
            )
            let start = addresses.count
            forEachAddress(of: stream) { addresses.append($0.littleEndian) }
            addresses[start...].reverse()
        }
        writer.append(addresses.span.bytes)
        writer.end(.addresses)
        rows.write(to: &writer)
    }

    private func writeIdentities(to writer: inout IndexWriter) {
        var rows = IdentityRowsWriter(events: eventCount)
        for entry in identities.sorted { rows.add(entry, to: &writer) }
        rows.finish(to: &writer)
    }

    private func writeTerms(to writer: inout IndexWriter) {
        var rows = TermRowsWriter(terms: terms.count)
        terms.forEach { hash, blocks in rows.add(hash, blocks, to: &writer) }
        rows.finish(to: &writer)
    }
}

extension IndexWriter {
    /// Writes the census of a part that begins at a position.
    mutating func append(census: [TypeCensus], firstPosition: UInt64) {
        var rows: [UInt8] = []
        for row in census.sorted(by: { ($0.type, $0.revision) < ($1.type, $1.revision) }) {
            row.append(to: &rows, firstPosition: firstPosition)
        }
        append(rows.span.bytes)
        end(.census)
    }
}
