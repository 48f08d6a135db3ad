import Disk
import EventModel
import EventStorage
import Glibc

/// The state of an import that is going on.
struct ImportRun: ~Copyable {
    private static let batchSize = 4 << 20
    private static let progressInterval = Duration.milliseconds(200)

    private let store: any EventStore
    private let policy: ImportErrorPolicy
    private let progress: (ImportProgress) -> Void
    private(set) var result = ImportResult()
    /// The bytes of all sources, as far as they tell.
    var totalSize: Int?

    private var reader = CloudEventReader()
    private var source = ImportSource.standardInput
    private var rejections: RejectionFiles?
    /// The number of the next line.
    private var lineNumber = 1
    private var finishedSize = 0
    private var readSize = 0
    private var lastProgress = ContinuousClock.now

    /// The events of the next batch, and the lines they come from.
    private var entries: [AppendRequest.Entry] = []
    private var lines: [ImportLine] = []
    private var batchSize = 0

    init(
        store: any EventStore,
        policy: ImportErrorPolicy,
        progress: @escaping (ImportProgress) -> Void
    ) {
        self.store = store
        self.policy = policy
        self.progress = progress
    }

    /// The bytes of all sources; nothing where one is not a regular file.
    static func totalSize(of sources: [ImportSource]) -> Int? {
        var total = 0
        for source in sources {
            var information = stat()
            guard case .file(let path) = source, stat(path, &information) == 0,
                information.st_mode & S_IFMT == S_IFREG
            else { return nil }
            total += Int(information.st_size)
        }
        return total
    }

    /// Imports one source to its end.
    mutating func importSource(_ source: ImportSource) throws(ImportError) {
        self.source = source
        lineNumber = 1
        finishedSize += readSize
        readSize = 0
        let queue = BlockQueue()
        let thread = BackgroundThread { LineCutter.read(source, into: queue) }
        do throws(ImportError) {
            try importMessages(of: queue)
        } catch {
            queue.cancel()
            // A thread that waits for the standard input ends with the process.
            if source != .standardInput { thread.join() } else { thread.detach() }
            throw error
        }
        thread.join()
        if let rejections { result.rejectionFiles += rejections.paths }
        rejections = nil
    }

    private mutating func importMessages(of queue: BlockQueue) throws(ImportError) {
        while true {
            switch queue.take() {
            case .opened(let size):
                if finishedSize == 0, totalSize == nil { totalSize = size }
            case .lines(let bytes, let readSize):
                self.readSize = readSize
                try importLines(bytes)
                reportProgress()
            case .tooLongLine(let size, let readSize):
                self.readSize = readSize
                result.byteCount += size + 1
                let line = ImportLine(number: lineNumber, range: 0..<0)
                lineNumber += 1
                try reject(line, LineDefect(.tooLong(size: size)), in: [])
            case .end(nil):
                return
            case .end(.some(let defect)):
                throw importError(defect)
            }
        }
    }

    private func importError(_ defect: SourceDefect) -> ImportError {
        switch defect {
        case .unreadable(let error): .file(error)
        case .endsTooEarly: .line(failure(line: lineNumber, LineDefect(.endsTooEarly)))
        case .damaged: .line(failure(line: lineNumber, LineDefect(.damaged)))
        }
    }

    private func failure(line: Int, _ defect: LineDefect) -> ImportFailure {
        ImportFailure(
            source: source.name,
            line: line,
            byteOffset: defect.byteOffset,
            reason: defect.reason
        )
    }

    /// Tells how far the import is, unless it was told a moment ago.
    mutating func reportProgress(isLast: Bool = false) {
        let now = ContinuousClock.now
        guard isLast || lastProgress.duration(to: now) >= ImportRun.progressInterval else {
            return
        }
        lastProgress = now
        progress(
            ImportProgress(
                source: source.name,
                eventCount: result.addedCount + result.knownCount,
                readSize: finishedSize + readSize,
                totalSize: totalSize
            )
        )
    }
}

/// A line of the block that is being imported.
struct ImportLine {
    /// The number of the line in its source, from 1.
    var number: Int
    /// Where it stands in the block, without its line feed.
    var range: Range<Int>
}

// MARK: - Lines

extension ImportRun {
    /// Imports a block of whole lines; afterwards all of them are in the store or rejected.
    private mutating func importLines(_ bytes: [UInt8]) throws(ImportError) {
        result.byteCount += bytes.count
        var start = 0
        while start < bytes.count {
            let end = bytes.lineEnd(from: start)
            let line = ImportLine(number: lineNumber, range: start..<end)
            start = end + 1
            lineNumber += 1
            if bytes.isBlank(line.range) { continue }
            try take(line, of: bytes)
        }
        try appendBatch(from: bytes)
    }

    private mutating func take(_ line: ImportLine, of bytes: [UInt8]) throws(ImportError) {
        do throws(LineDefect) {
            entries.append(try reader.entry(bytes.span.extracting(line.range)))
        } catch {
            if policy == .stop { try appendBatch(from: bytes) }
            try reject(line, error, in: bytes)
            return
        }
        lines.append(line)
        batchSize += line.range.count
        if entries.count == StoreLimits.batchCountMax || batchSize >= ImportRun.batchSize {
            try appendBatch(from: bytes)
            reportProgress()
        }
    }

    private mutating func reject(
        _ line: ImportLine,
        _ defect: LineDefect,
        in bytes: [UInt8]
    ) throws(ImportError) {
        let failure = failure(line: line.number, defect)
        guard policy == .skip else { throw .line(failure) }
        do throws(DiskError) {
            if rejections == nil { rejections = try RejectionFiles(source) }
            try rejections?.add(bytes.span.extracting(line.range), failure)
        } catch {
            throw .file(error)
        }
        result.rejectedCount += 1
    }
}

// MARK: - Batches

extension ImportRun {
    /// Appends what has been gathered, in one step unless the store refuses a part of it.
    private mutating func appendBatch(from bytes: [UInt8]) throws(ImportError) {
        var rest = 0..<entries.count
        while !rest.isEmpty {
            rest = try append(rest, from: bytes)
        }
        entries.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        batchSize = 0
    }

    /// Appends a part of the batch and returns what is still to append.
    private mutating func append(
        _ part: Range<Int>,
        from bytes: [UInt8]
    ) throws(ImportError) -> Range<Int> {
        let selected = part == 0..<entries.count ? entries : Array(entries[part])
        do throws(AppendError) {
            let answer = try store.append(AppendRequest(entries: selected, duplicates: .skip))
            result.knownCount += answer.duplicateCount
            result.addedCount += part.count - answer.duplicateCount
            return part.upperBound..<part.upperBound
        } catch {
            let (index, defect) = try refusal(error, of: part)
            if index > part.lowerBound {
                // What stands before the line goes in first; that may be refused in turn.
                var before = part.lowerBound..<index
                while !before.isEmpty { before = try append(before, from: bytes) }
                return index..<part.upperBound
            }
            guard let defect else { throw .store(error) }
            try reject(lines[index], LineDefect(defect), in: bytes)
            return index + 1..<part.upperBound
        }
    }

    /// Where to divide a refused part, and what is wrong with the entry there.
    private func refusal(
        _ error: AppendError,
        of part: Range<Int>
    ) throws(ImportError) -> (index: Int, defect: ImportFailure.Reason?) {
        switch error {
        case .refused(.invalid(_, .batchSize(let size))) where part.count > 1:
            return (part.lowerBound + part.count / 2, .limit(.batchSize(size)))
        case .refused(.invalid(let index, let defect)):
            return (part.lowerBound + index, .limit(defect))
        case .refused(.identityReused(let id, let position)):
            let stream = try? store.event(at: position)?.stream
            let index = part.first { index in
                entries[index].event.id == id && entries[index].stream != stream
            }
            guard let index else { throw .store(error) }
            return (index, .identityReused(position))
        default:
            throw .store(error)
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
