import EventStorage
import Glibc

/// A line of a block of lines.
struct ImportLine: Sendable {
    /// The number of the line in its source, from 1.
    var number: Int
    /// Where it stands in the block, without its line feed.
    var range: Range<Int>
}

/// Consecutive lines of a source, read but not yet in the store.
struct ImportBatch: Sendable {
    /// The block in which the lines stand.
    var block: [UInt8]
    /// The events, and the lines they come from.
    var entries: [AppendRequest.Entry] = []
    var lines: [ImportLine] = []
    /// The lines that are no events, and why.
    var defects: [(line: ImportLine, defect: LineDefect)] = []
    /// The bytes of all these lines.
    var byteCount = 0
    /// How many bytes of the source had been read when the block was complete.
    var readSize: Int
}

/// Turns blocks of whole lines into batches of events.
struct BatchParser: ~Copyable {
    /// About the bytes of the lines of a batch.
    private static let batchSize = 4 << 20

    private var reader = CloudEventReader()
    /// Whether lines after one that is no event are read.
    private let goesOn: Bool
    /// The number of the next line.
    private(set) var lineNumber = 1

    init(_ policy: ImportErrorPolicy) {
        goesOn = policy == .skip
    }

    /// Takes a line that was not read, since it is too long.
    mutating func tooLongLine(size: Int, readSize: Int) -> ImportBatch {
        var batch = ImportBatch(block: [], readSize: readSize)
        let line = ImportLine(number: lineNumber, range: 0..<0)
        batch.defects.append((line, LineDefect(.tooLong(size: size))))
        batch.byteCount = size + 1
        lineNumber += 1
        return batch
    }

    /// Reads a block and hands its batches on, until `body` returns false.
    ///
    /// - Returns: whether more lines are wanted.
    mutating func parse(
        _ block: [UInt8],
        readSize: Int,
        _ body: (ImportBatch) -> Bool
    ) -> Bool {
        var batch = ImportBatch(block: block, readSize: readSize)
        var start = 0
        while start < block.count {
            let end = block.lineEnd(from: start)
            take(ImportLine(number: lineNumber, range: start..<end), of: block, into: &batch)
            lineNumber += 1
            batch.byteCount += end + 1 - start
            start = end + 1
            if !goesOn && !batch.defects.isEmpty { break }
            if batch.entries.count == StoreLimits.batchCountMax
                || batch.byteCount >= BatchParser.batchSize
            {
                guard body(batch) else { return false }
                batch = ImportBatch(block: block, readSize: readSize)
            }
        }
        let isLast = !goesOn && !batch.defects.isEmpty
        return (batch.byteCount == 0 || body(batch)) && !isLast
    }

    private mutating func take(
        _ line: ImportLine,
        of block: [UInt8],
        into batch: inout ImportBatch
    ) {
        if block.isBlank(line.range) { return }
        do throws(LineDefect) {
            batch.entries.append(try reader.entry(block.span.extracting(line.range)))
            batch.lines.append(line)
        } catch {
            batch.defects.append((line, error))
        }
    }
}

extension [UInt8] {
    /// The index of the next line feed, or that after the last byte.
    fileprivate func lineEnd(from start: Int) -> Int {
        withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = memchr(base + start, 0x0A, count - start)
            else { return count }
            return UnsafeRawPointer(found) - base
        }
    }

    /// Whether a line has nothing but spaces; a carriage return at its end is one.
    fileprivate func isBlank(_ line: Range<Int>) -> Bool {
        for index in line {
            let byte = self[index]
            if byte != 0x20 && byte != 0x0D && byte != 0x09 { return false }
        }
        return true
    }
}
