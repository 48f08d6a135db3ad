import Disk
import EventModel
import EventStorage
import Synchronization

extension EventLog {
    /// Asks for upkeep where there is something to do.
    func requestUpkeep() {
        let isDue = state.withLock { state in
            state.index.files.last?.isInMemory == true || state.isPreparationDue
        }
        if isDue { upkeep.request(for: self) }
    }

    /// Writes index files where opening had to read much of the log, so that the next opening need
    /// not, however short the life of this process is.
    func keepUpAfterOpening() {
        let count = state.withLock { $0.index.files.count(where: \.isInMemory) }
        if upkeep.mode != .never, count >= IndexFormat.mergeCount { keepUp() }
    }

    /// Makes the next file ahead, and writes and merges index files, where it is time.
    ///
    /// One process does it at a time; the others go on without. What fails is tried again later:
    /// nothing depends on it.
    package func keepUp() {
        var failure: StorageError?
        do {
            let page = try disk.share(directory.upkeepPage, writable: true)
            guard try page.tryLock() else { return }
            defer { page.unlock() }
            try keepUp(behind: .start, below: .max)
        } catch {
            // The log goes on without; a full disk is told by the append that needs the next file.
            failure = StorageError(upkeep: error)
        }
        upkeepError.withLock { $0 = failure }
    }

    /// Does what is to be done, as far as index files are concerned that lie behind a position and
    /// have fewer units than some.
    private func keepUp(behind position: Position, below units: UInt32) throws {
        // Bulk appends may fill a file while index files are merged.
        repeat { try prepareNextFile() } while try settleIndex(behind: position, below: units)
    }

    /// Makes the file ahead that the log will go on with, where it is time and it is missing.
    ///
    /// A full disk is met here, before any event depends on the file.
    private func prepareNextFile() throws(DiskError) {
        let isDue = state.withLock { state in
            defer { state.noteAttemptToPrepare() }
            return state.isPreparationDue
        }
        guard isDue, !disk.exists(directory.preparedFile) else { return }
        let zeros = directory.preparedFile + ".zeros"
        try LogFile.makeZeros(zeros, size: limits.fileSize, disk: disk)
        try disk.rename(zeros, to: directory.preparedFile)
    }

    // MARK: Index files

    /// Takes over, merges or writes index files that are to be, of those behind a position.
    ///
    /// A large merge takes seconds, in which appends look up identities in every file that comes
    /// behind; so those are merged while it is under way, into smaller ones than it makes: that
    /// bounds how many are under way at once.
    ///
    /// - Returns: whether there may be more to do.
    private func settleIndex(behind position: Position, below units: UInt32) throws -> Bool {
        let all = state.withLock { $0.index.files }
        let files = Array(all.drop { $0.firstPosition <= position.number })
        let merge = IndexMerge.next(in: files.map(\.header), below: units)
        guard let numbers = merge ?? files.firstIndex(where: \.isInMemory).map({ $0..<$0 + 1 })
        else { return false }
        if let (known, file) = try published(numbers, of: files) {
            replace(files[known], with: file)
            return true
        }
        let path = directory.indexFile(Position(files[numbers.lowerBound].firstPosition))
        let merged = Array(files[numbers])
        let last = merged[merged.count - 1].header.coverage.lastPosition
        let output = try DiskIndexOutput(path, disk: disk) { [self] in
            let units = merged.reduce(0) { $0 + $1.header.units }
            if units > IndexFormat.mergeCount {
                try keepUp(behind: Position(last), below: units)
            }
        }
        do throws(IndexMergeError) {
            try IndexMerge.merge(merged, to: output)
        } catch {
            switch error {
            case .failed(let failure): throw failure
            case .damaged(let damage): try rebuild(damage)
            }
            return true
        }
        try output.publish()
        guard let (_, file) = try published(numbers, of: files) else { return false }
        replace(merged[...], with: file)
        for part in merged.dropFirst() {
            let path = directory.indexFile(Position(part.firstPosition))
            try disk.removeIfPresent(path)
        }
        return true
    }

    /// An index file on disk that covers what some of the index files cover and more, with no end
    /// between two of them.
    private func published(
        _ numbers: Range<Int>,
        of files: [IndexFile]
    ) throws(DiskError) -> (Range<Int>, IndexFile)? {
        let wanted = files[numbers.lowerBound].firstPosition
        let name = try LogNames(directory, disk: disk).indexFiles.last { $0.number <= wanted }
        guard let name, let file = state.withLock({ $0.openIndex(name) }),
            let first = files.firstIndex(where: { $0.firstPosition == file.firstPosition }),
            let last = files.firstIndex(where: { $0.ends(as: file) }),
            first <= numbers.lowerBound, last >= numbers.upperBound - 1
        else { return nil }
        return (first..<last + 1, file)
    }

    /// Uses an index file in place of others, where they are still in use.
    private func replace(_ files: ArraySlice<IndexFile>, with file: IndexFile) {
        state.withLock { state in
            guard let start = state.index.files.firstIndex(where: { $0 === files.first }),
                state.index.files[start...].starts(with: files, by: ===)
            else { return }
            state.index.replace(start..<start + files.count, with: file)
        }
    }
}

extension IndexFile {
    fileprivate var firstPosition: UInt64 { header.coverage.firstPosition }

    /// Whether another index file ends with the same record.
    fileprivate func ends(as other: IndexFile) -> Bool {
        header.coverage.lastPosition == other.header.coverage.lastPosition
            && header.coverage.endAddress == other.header.coverage.endAddress
            && header.coverage.recordChecksum == other.header.coverage.recordChecksum
    }
}

extension StorageError {
    /// What went wrong with upkeep, which throws the errors of the disk and of the storage.
    fileprivate init(upkeep error: any Error) {
        switch error {
        case let error as StorageError: self = error
        case let error as DiskError: self.init(error)
        default: preconditionFailure("Upkeep throws only its own two errors.")
        }
    }
}

/// Writes an index file under another name until it is whole.
private final class DiskIndexOutput: IndexOutput {
    private let path: String
    private let disk: any Disk
    private let file: any DiskFile
    /// What is done after each write.
    private let meanwhile: () throws -> Void

    private var temporary: String { path + ".new" }

    init(
        _ path: String,
        disk: any Disk,
        meanwhile: @escaping () throws -> Void
    ) throws(DiskError) {
        self.path = path
        self.disk = disk
        self.meanwhile = meanwhile
        let temporary = path + ".new"
        try disk.removeIfPresent(temporary)
        file = try disk.create(temporary, size: 0)
    }

    func write(_ bytes: RawSpan, at offset: Int) throws(StorageError) {
        do {
            try file.write(bytes, at: offset)
            try meanwhile()
        } catch {
            throw StorageError(upkeep: error)
        }
    }

    /// Gives the file its name.
    func publish() throws(DiskError) {
        try file.sync()
        try disk.rename(temporary, to: path)
    }
}
