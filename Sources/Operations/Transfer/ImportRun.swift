import Disk
import EventModel
import EventStorage
import Glibc

/// The state of an import that is going on.
struct ImportRun {
    private static let progressInterval = Duration.milliseconds(200)

    private let store: any EventStore
    private let policy: ImportErrorPolicy
    private let progress: (ImportProgress) -> Void
    private(set) var result = ImportResult()
    /// The bytes of all sources; nothing where one of them does not tell.
    private var totalSize: Int?

    private var source = ImportSource.standardInput
    private var rejections: RejectionFiles?
    /// What is still to be written to the files of rejected lines.
    private var rejected: [(line: ImportLine, failure: ImportFailure)] = []
    private var finishedSize = 0
    private var readSize = 0
    private var lastProgress = ContinuousClock.now

    init(
        of sources: [ImportSource],
        into store: any EventStore,
        policy: ImportErrorPolicy,
        progress: @escaping (ImportProgress) -> Void
    ) {
        self.store = store
        self.policy = policy
        self.progress = progress
        totalSize = ImportRun.totalSize(of: sources)
    }

    private static func totalSize(of sources: [ImportSource]) -> Int? {
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
        finishedSize += readSize
        readSize = 0
        let queue = ImportQueue()
        let thread = WorkerThread { [policy] in
            LineCutter.read(source, policy, into: queue)
        }
        do throws(ImportError) {
            try importMessages(of: queue)
        } catch {
            queue.cancel()
            // Nobody waits for the thread then: one that waits for a pipe may never end.
            throw error
        }
        thread.join()
        if let rejections { result.rejectionFiles += rejections.paths }
        rejections = nil
    }

    private mutating func importMessages(of queue: ImportQueue) throws(ImportError) {
        while true {
            switch queue.take() {
            case .opened(let size):
                if totalSize == nil, finishedSize == 0 { totalSize = size }
            case .batch(let batch):
                try importBatch(batch)
                reportProgress()
            case .end(nil, _):
                return
            case .end(.unreadable(let error), _):
                throw .file(error)
            case .end(.endsTooEarly, let line):
                throw .line(failure(line: line, LineDefect(.endsTooEarly)))
            case .end(.damaged, let line):
                throw .line(failure(line: line, LineDefect(.damaged)))
            }
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

// MARK: - Batches

extension ImportRun {
    /// Imports a batch; afterwards every line of it is in the store or rejected.
    private mutating func importBatch(_ batch: ImportBatch) throws(ImportError) {
        readSize = batch.readSize
        result.byteCount += batch.byteCount
        var rest = 0..<batch.entries.count
        while !rest.isEmpty { rest = try append(rest, of: batch) }
        for (line, defect) in batch.defects { try reject(line, defect) }
        try writeRejections(from: batch.block)
    }

    /// Appends a part of the batch and returns what is still to append.
    private mutating func append(
        _ part: Range<Int>,
        of batch: ImportBatch
    ) throws(ImportError) -> Range<Int> {
        let isWhole = part.count == batch.entries.count
        let entries = isWhole ? batch.entries : Array(batch.entries[part])
        do throws(AppendError) {
            let answer = try store.append(AppendRequest(entries: entries, duplicates: .skip))
            result.knownCount += answer.duplicateCount
            result.addedCount += part.count - answer.duplicateCount
            return part.upperBound..<part.upperBound
        } catch {
            let (index, defect) = try refusal(error, of: part, of: batch)
            if index > part.lowerBound {
                // What stands before the line goes in first; that may be refused in turn.
                var before = part.lowerBound..<index
                while !before.isEmpty { before = try append(before, of: batch) }
                return index..<part.upperBound
            }
            try reject(batch.lines[index], LineDefect(defect))
            return index + 1..<part.upperBound
        }
    }

    /// Where to divide a part that was refused, and what is wrong with the entry there.
    private func refusal(
        _ error: AppendError,
        of part: Range<Int>,
        of batch: ImportBatch
    ) throws(ImportError) -> (index: Int, defect: ImportFailure.Reason) {
        switch error {
        case .refused(.invalid(_, .batchSize(let size))) where part.count > 1:
            return (part.lowerBound + part.count / 2, .limit(.batchSize(size)))
        case .refused(.invalid(let index, let defect)):
            return (part.lowerBound + index, .limit(defect))
        case .refused(.identityReused(let id, let position)):
            let stored = try? store.event(at: position)
            let candidates = part.filter { batch.entries[$0].event.id == id }
            let first = candidates.first.map { batch.entries[$0].stream }
            let owner = stored?.id == id ? stored?.stream : first
            let index = candidates.first { batch.entries[$0].stream != owner }
            guard let index else { throw .store(error) }
            return (index, .identityReused(position))
        default:
            throw .store(error)
        }
    }
}

// MARK: - Rejected lines

extension ImportRun {
    private mutating func reject(
        _ line: ImportLine,
        _ defect: LineDefect
    ) throws(ImportError) {
        let failure = failure(line: line.number, defect)
        guard policy == .skip else { throw .line(failure) }
        rejected.append((line, failure))
        result.rejectedCount += 1
    }

    private mutating func writeRejections(from block: [UInt8]) throws(ImportError) {
        if rejected.isEmpty { return }
        rejected.sort { $0.line.number < $1.line.number }
        do throws(DiskError) {
            if rejections == nil { rejections = try RejectionFiles(source) }
            for (line, failure) in rejected {
                try rejections?.add(block.span.extracting(line.range), failure)
            }
        } catch {
            throw .file(error)
        }
        rejected.removeAll()
    }
}
