import Glibc

/// Reads a source, cuts it into lines, and makes events of them; runs on a thread of its own.
struct LineCutter: ~Copyable {
    /// The bytes of a line beyond which it is not read as one.
    static let lineSizeMax = 24 << 20
    /// About the bytes of a block.
    private static let blockSize = 4 << 20

    private let queue: ImportQueue
    private var parser: BatchParser
    private var buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: LineCutter.blockSize + LineCutter.blockSize / 4,
        alignment: 16
    )
    /// How much of the buffer is filled, and how much of that is whole lines.
    private var count = 0
    private var lineEnd = 0
    /// The bytes so far of a line that is too long; nothing outside of such a line.
    private var skippedSize: Int?

    private init(_ queue: ImportQueue, _ policy: ImportErrorPolicy) {
        self.queue = queue
        parser = BatchParser(policy)
    }

    deinit {
        buffer.deallocate()
    }

    /// Reads a source to its end and puts what it holds into a queue.
    static func read(
        _ source: ImportSource,
        _ policy: ImportErrorPolicy,
        into queue: ImportQueue
    ) {
        var cutter = LineCutter(queue, policy)
        do throws(SourceDefect) {
            try cutter.read(SourceInput(source))
            _ = queue.put(.end(nil, line: cutter.parser.lineNumber))
        } catch {
            _ = queue.put(.end(error, line: cutter.parser.lineNumber))
        }
    }

    private mutating func read(_ source: SourceInput) throws(SourceDefect) {
        guard queue.put(.opened(size: source.size)) else { return }
        do throws(SourceDefect) {
            let input = try source.decompressed()
            while true {
                makeRoom()
                let room = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                let added = try input.read(into: room)
                guard added > 0 else { break }
                guard takeIn(added, readSize: source.readSize) else { return }
                let isDue = count >= LineCutter.blockSize
                if isDue || (source.size == nil && queue.isWaitedFor) {
                    guard putLines(readSize: source.readSize) else { return }
                }
            }
        } catch {
            // What is left in the buffer is the beginning of a line that nobody can complete.
            _ = putLines(readSize: source.readSize)
            throw error
        }
        if let skippedSize {
            _ = putTooLongLine(size: skippedSize, readSize: source.readSize)
        }
        lineEnd = count
        _ = putLines(readSize: source.readSize)
    }

    /// Sees to it that there is room in the buffer, and gives up on a line that is too long.
    private mutating func makeRoom() {
        guard count == buffer.count else { return }
        guard buffer.count < LineCutter.lineSizeMax else {
            skippedSize = count
            count = 0
            return
        }
        let size = min(buffer.count * 2, LineCutter.lineSizeMax)
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        buffer.deallocate()
        buffer = larger
    }

    /// Looks for the ends of lines in bytes that were added; false where nobody wants more.
    private mutating func takeIn(_ added: Int, readSize: Int) -> Bool {
        if let size = skippedSize {
            guard let end = firstLineFeed(in: count..<count + added) else {
                skippedSize = size + added
                return true
            }
            skippedSize = nil
            guard putTooLongLine(size: size + end, readSize: readSize) else { return false }
            keep(from: end + 1, through: added)
            lineEnd = lastLineEnd(in: 0..<count)
            return true
        }
        count += added
        lineEnd = max(lineEnd, lastLineEnd(in: count - added..<count))
        return true
    }

    private func firstLineFeed(in range: Range<Int>) -> Int? {
        guard let base = buffer.baseAddress,
            let found = memchr(base + range.lowerBound, 0x0A, range.count)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// The index after the last line feed of a range, or 0.
    private func lastLineEnd(in range: Range<Int>) -> Int {
        var end = range.upperBound
        while end > range.lowerBound, buffer[end - 1] != UInt8(ascii: "\n") { end -= 1 }
        return end > range.lowerBound ? end : 0
    }

    /// Puts the whole lines into the queue; false where nobody wants more.
    private mutating func putLines(readSize: Int) -> Bool {
        guard lineEnd > 0 else { return true }
        let lines = [UInt8](UnsafeRawBufferPointer(rebasing: buffer[..<lineEnd]))
        keep(from: lineEnd, through: count)
        lineEnd = 0
        return parser.parse(lines, readSize: readSize) { [queue] in queue.put(.batch($0)) }
    }

    private mutating func putTooLongLine(size: Int, readSize: Int) -> Bool {
        queue.put(.batch(parser.tooLongLine(size: size, readSize: readSize)))
    }

    /// Moves a part of the buffer to its start and forgets the rest.
    private mutating func keep(from start: Int, through end: Int) {
        if let base = buffer.baseAddress { memmove(base, base + start, end - start) }
        count = end - start
    }
}
