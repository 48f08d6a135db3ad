import EventModel
import EventStorage

/// Why index files could not be merged.
enum IndexMergeError: Error, Hashable, Sendable {
    /// One of them is damaged.
    case damaged(IndexDamage)
    /// The output failed.
    case failed(StorageError)
}

/// Merges adjacent index files into one, which has the bytes it would have had if it had been built
/// at once from the log, but for its units.
struct IndexMerge {
    private let files: [IndexFile]
    private let coverage: IndexCoverage
    private var writer: IndexWriter

    /// Which of a log's index files, oldest first, are to be merged next, into one of fewer units
    /// than some: the smallest that can be, and nothing where none can.
    static func next(in headers: [IndexHeader], below units: UInt32 = .max) -> Range<Int>? {
        let count = IndexFormat.mergeCount
        let starts = 0..<max(0, headers.count - count + 1)
        return starts.lazy.map { $0..<$0 + count }
            .filter {
                headers[$0.lowerBound].units < units / UInt32(count) && canMerge(headers[$0])
            }
            .min { headers[$0.lowerBound].units < headers[$1.lowerBound].units }
    }

    /// Whether index files stand for equally many units and merge into one of a size allowed.
    private static func canMerge(_ headers: ArraySlice<IndexHeader>) -> Bool {
        guard let first = headers.first, let last = headers.last else { return false }
        let span = last.coverage.endAddress &- first.coverage.startAddress
        return headers.allSatisfy { $0.units == first.units }
            && first.units <= IndexFormat.unitsMax / UInt32(headers.count)
            && span <= IndexFormat.spanMax
    }

    /// Writes the file into which others merge.
    ///
    /// Takes time in proportion to the events, and memory in proportion to the streams and a little
    /// more than a byte for each event.
    ///
    /// - Parameters:
    ///   - files: at least one, oldest first, each going on where the one before ends.
    ///   - output: where the bytes go.
    /// - Throws: the damage of one of the files, or what the output throws first.
    static func merge(
        _ files: [IndexFile],
        to output: any IndexOutput
    ) throws(IndexMergeError) {
        var merge = IndexMerge(files, to: output)
        let newStreamCount: UInt64
        do { newStreamCount = try merge.writeSections() } catch { throw .damaged(error) }
        do {
            try merge.writer.finish(
                units: files.reduce(0) { $0 &+ $1.header.units },
                origin: files[0].header.origin,
                coverage: merge.coverage,
                newStreamCount: newStreamCount
            )
        } catch {
            throw .failed(error)
        }
    }

    private init(_ files: [IndexFile], to output: any IndexOutput) {
        precondition(!files.isEmpty, "There is something to merge.")
        for (earlier, later) in zip(files, files.dropFirst()) {
            precondition(
                later.header.coverage.follows(earlier.header.coverage),
                "Only adjacent index files are merged."
            )
        }
        var coverage = files[files.count - 1].header.coverage
        coverage.firstPosition = files[0].header.coverage.firstPosition
        coverage.startAddress = files[0].header.coverage.startAddress
        precondition(
            coverage.endAddress - coverage.startAddress <= IndexFormat.spanMax
                && coverage.lastPosition - coverage.firstPosition < IndexFormat.spanMax,
            "An index file covers less than 4 GiB."
        )
        self.files = files
        self.coverage = coverage
        writer = IndexWriter(to: output)
    }

    /// Writes all sections, and tells how many streams begin in the files.
    private mutating func writeSections() throws(IndexDamage) -> UInt64 {
        let newStreamCount = try writeStreams()
        try writeIdentities()
        try writeBlocks()
        try writeTerms()
        var parts: [[TypeCensus]] = []
        for file in files { parts.append(try file.census()) }
        writer.append(census: TypeCensus.merged(parts), firstPosition: coverage.firstPosition)
        return newStreamCount
    }

    private mutating func writeStreams() throws(IndexDamage) -> UInt64 {
        guard files.reduce(0, { $0 + $1.size(.names) }) <= UInt32.max else {
            throw files[0].damage
        }
        var rows = StreamRowsWriter()
        var addresses: [UInt32] = []
        let hashes = files[0].header.origin.hashes
        let empty: [UInt8] = []
        var walk = try StreamWalk(files, from: empty.span.bytes)
        while try walk.advance() {
            guard let run = try walk.run() else { break }
            for member in walk.members { try append(member, to: &addresses) }
            _ = try walk.withName {
                rows.add(
                    run,
                    name: $0,
                    hash: hashes.stream($0),
                    firstPosition: coverage.firstPosition
                )
            }
            if addresses.count >= 16 << 10 {
                writer.append(addresses.span.bytes)
                addresses.removeAll(keepingCapacity: true)
            }
        }
        writer.append(addresses.span.bytes)
        writer.end(.addresses)
        rows.write(to: &writer)
        return rows.newStreamCount
    }

    private func append(
        _ member: StreamWalk.Member,
        to addresses: inout [UInt32]
    ) throws(IndexDamage) {
        let file = files[member.file]
        let run = try file.run(member.stream)
        let shift = addressShift(of: file)
        var hasOverflow = false
        try file.forEachAddress(run.firstAddress..<run.firstAddress + run.count) {
            let (address, overflow) = $0.addingReportingOverflow(shift)
            hasOverflow = hasOverflow || overflow
            addresses.append(address.littleEndian)
        }
        if hasOverflow { throw file.damage }
    }

    private mutating func writeIdentities() throws(IndexDamage) {
        var rows = IdentityRowsWriter(events: coverage.eventCount)
        var cursors: [IdentityCursor] = []
        for file in files {
            cursors.append(try IdentityCursor(file, positionShift: positionShift(of: file)))
        }
        for _ in 0..<coverage.eventCount {
            var least = 0
            for index in 1..<cursors.count where cursors[index].entry < cursors[least].entry {
                least = index
            }
            rows.add(cursors[least].entry, to: &writer)
            try cursors[least].advance()
        }
        rows.finish(to: &writer)
    }

    private mutating func writeBlocks() throws(IndexDamage) {
        var rows: [UInt8] = []
        var last: (number: UInt64, row: BlockRow)?
        for file in files {
            for number in 0..<file.header.coverage.blockCount {
                var row = try file.blockRow(number)
                let (address, overflow) = row.address.addingReportingOverflow(
                    addressShift(of: file)
                )
                guard !overflow else { throw file.damage }
                row.address = address
                let absolute = file.header.coverage.firstBlock + UInt64(number)
                if let earlier = last {
                    if earlier.number == absolute {
                        row = earlier.row.including(row)
                    } else {
                        earlier.row.append(to: &rows)
                    }
                }
                last = (absolute, row)
            }
        }
        last?.row.append(to: &rows)
        writer.append(rows.span.bytes)
        writer.end(.blocks)
    }

    private mutating func writeTerms() throws(IndexDamage) {
        var count = 0
        try IndexMerge.forEachTerm(of: files) { _, _ in count += 1 }
        var rows = TermRowsWriter(terms: count)
        var blocks: [UInt32] = []
        var writer = writer
        try IndexMerge.forEachTerm(of: files) { (hash, readers) throws(IndexDamage) in
            blocks.removeAll(keepingCapacity: true)
            for (file, reader) in readers {
                let shift = UInt32(file.header.coverage.firstBlock - coverage.firstBlock)
                try reader.forEachBlock { blocks.append($0 + shift) }
            }
            rows.add(hash, blocks, to: &writer)
        }
        rows.finish(to: &writer)
        self.writer = writer
    }

    private func addressShift(of file: IndexFile) -> UInt32 {
        UInt32(file.header.coverage.startAddress - coverage.startAddress)
    }

    private func positionShift(of file: IndexFile) -> UInt32 {
        UInt32(file.header.coverage.firstPosition - coverage.firstPosition)
    }

    /// Calls `body` with each term that some of the files have, and with the rows of those.
    private static func forEachTerm(
        of files: [IndexFile],
        _ body: (UInt64, [(IndexFile, TermReader)]) throws(IndexDamage) -> Void
    ) throws(IndexDamage) {
        var readers = files.map { TermReader($0) }
        var heads: [UInt64?] = []
        for index in files.indices { heads.append(try readers[index].next()) }
        var rows: [(IndexFile, TermReader)] = []
        while let least = heads.lazy.compactMap({ $0 }).min() {
            rows.removeAll(keepingCapacity: true)
            for index in files.indices where heads[index] == least {
                rows.append((files[index], readers[index]))
                heads[index] = try readers[index].next()
            }
            try body(least, rows)
        }
    }
}

extension BlockRow {
    /// The row of a block of which the part that follows holds the rest.
    fileprivate func including(_ rest: BlockRow) -> BlockRow {
        var row = self
        row.include(rest.earliest)
        row.include(rest.latest)
        return row
    }
}
