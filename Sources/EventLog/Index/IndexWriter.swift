import EventModel
import EventStorage

/// Where the bytes of an index file go.
protocol IndexOutput: AnyObject {
    /// Writes bytes; each call goes on where the one before ended, from byte 4,096 on, but for the
    /// last, which writes the header at 0.
    func write(_ bytes: RawSpan, at offset: Int) throws(StorageError)
}

/// Writes an index file from front to back, in large pieces.
///
/// After a failure nothing more is written, and ``finish(units:origin:coverage:newStreamCount:)``
/// throws it; so what computes the rows need not care.
struct IndexWriter {
    private static let pieceSize = 64 * IndexFormat.checkedSize

    private let output: any IndexOutput
    /// What has not been written yet.
    private var piece: [UInt8] = []
    /// Where it belongs.
    private var pieceStart = IndexFormat.headerSize
    private var checksums: [UInt64] = []
    private var sections: [Range<Int>] = []
    private var sectionStart = IndexFormat.headerSize
    private var failure: StorageError?

    /// Begins with the first section.
    init(to output: any IndexOutput) {
        self.output = output
        piece.reserveCapacity(2 * IndexWriter.pieceSize)
    }

    private var offset: Int { pieceStart + piece.count }

    /// Where the section being written is.
    var sectionOffset: Int { offset - sectionStart }

    /// Appends bytes to the section.
    mutating func append(_ bytes: RawSpan) {
        var start = 0
        while start < bytes.byteCount {
            let end = min(start + IndexWriter.pieceSize, bytes.byteCount)
            bytes.extracting(start..<end).withUnsafeBytes { piece.append(contentsOf: $0) }
            start = end
            if piece.count >= IndexWriter.pieceSize { writePiece(IndexWriter.pieceSize) }
        }
    }

    /// Ends a section, and begins the next.
    mutating func end(_ section: IndexSection) {
        precondition(section.rawValue == sections.count, "Sections are written in their order.")
        sections.append(sectionStart..<offset)
        while offset % IndexFormat.alignment != 0 { piece.append(0) }
        sectionStart = offset
    }

    /// Writes the checksums and the header.
    mutating func finish(
        units: UInt32,
        origin: IndexOrigin,
        coverage: IndexCoverage,
        newStreamCount: UInt64
    ) throws(StorageError) {
        writePiece(piece.count)
        let table = checksums
        sections.append(sectionStart..<sectionStart + table.count * 8)
        write(table.span.bytes, at: sectionStart)
        let header = IndexHeader(
            units: units,
            origin: origin,
            coverage: coverage,
            newStreamCount: newStreamCount,
            checksumsChecksum: LogFormat.checksum(table.span.bytes, seed: 0),
            sections: sections
        )
        write(header.encoded.span.bytes, at: 0)
        if let failure { throw failure }
    }

    private mutating func writePiece(_ count: Int) {
        // The bytes are borrowed from outside of the writer while that changes.
        var piece: [UInt8] = []
        swap(&piece, &self.piece)
        write(piece: piece.span.bytes.extracting(first: count))
        piece.removeFirst(count)
        swap(&piece, &self.piece)
    }

    private mutating func write(piece bytes: RawSpan) {
        let count = bytes.byteCount
        for start in stride(from: 0, to: count, by: IndexFormat.checkedSize) {
            let checked = bytes.extracting(start..<min(start + IndexFormat.checkedSize, count))
            checksums.append(LogFormat.checksum(checked, seed: 0).littleEndian)
        }
        write(bytes, at: pieceStart)
        pieceStart += count
    }

    private mutating func write(_ bytes: RawSpan, at offset: Int) {
        guard failure == nil else { return }
        do { try output.write(bytes, at: offset) } catch { failure = error }
    }
}
