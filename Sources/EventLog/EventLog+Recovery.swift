import Disk
import EventModel
import EventStorage
import Synchronization

extension EventLog {
    /// Takes in the log, and ends what a writer that died had begun.
    ///
    /// Where nothing is in doubt this takes no lock, so that opening a store keeps nobody waiting.
    func recover() throws {
        if access.isCurrent {
            try state.withLock { (state) throws(StorageError) in
                try state.catchUp(to: access.witnessed)
            }
        }
        if access.readOnlyReason != nil {
            if !access.isCurrent { try takeInUnwitnessed() }
            return
        }
        guard isInDoubt else { return }
        do {
            try page.lock()
            defer { page.unlock() }
            // Whoever was writing may have ended meanwhile, or somebody else opened the log.
            try withCurrentState { _ in }
            guard isInDoubt else { return }
            try writer.withLock { writer in try bringInOrder(&writer) }
        } catch let error as DiskError where error.isFull {
            // What is there can be read; the next append tries again.
        }
    }

    /// Whether somebody began to write and did not end, the machine was started since, or the page
    /// knows less than the log, or of more that was synced than there is.
    var isInDoubt: Bool {
        !access.isCurrent || page.load(.isWriting) == 1 || page.load(.isStopped) == 1
            || state.withLock { state in
                Position(page.load(.synced)) > state.head
                    || state.lastFile.record(at: state.end) != nil
            }
    }

    /// Takes in all there is of a log that cannot be brought in order here.
    private func takeInUnwitnessed() throws(StorageError) {
        try state.withLock { (state) throws(StorageError) in
            try state.catchUpToEnd()
            state.noteMissing(through: access.witnessed)
        }
    }

    /// Takes in what a writer that died left behind, and clears away what it began.
    ///
    /// The caller holds the store's lock, so that nobody is writing. After the death of a writer or
    /// of the machine bytes may follow the last whole record.
    func bringInOrder(_ writer: inout LogWriter) throws {
        let witnessed = access.witnessed
        let names = try LogNames(directory, disk: disk)
        try state.withLock { state in
            try state.catchUpToEnd()
            let later = try LaterBytes(of: state, names: names, disk: disk)
            state.note(later.damage)
            state.noteMissing(through: max(witnessed, later.durableUpTo))
            guard state.damage == nil else { return }
            try clear(later, behind: state, with: &writer)
            state.forgetLaterFiles()
        }
        if isDamaged { return }
        // Another process may be making a file ahead; it begins again.
        for name in names.leftovers { try disk.removeIfPresent(directory.logFile(name)) }
        let (head, files) = state.withLock { ($0.head, $0.files[...$0.fileNumber]) }
        if page.load(.isStopped) == 1 { try rewriteUnsynced(with: &writer) }
        // A page that says more than can be is not believed at all.
        if Position(page.load(.synced)) > head { page.store(.synced, 0) }
        // Whoever died may have given the last file its name and not synced it.
        try syncNames(of: &writer)
        try sync(through: head, with: &writer)
        if let sealed = files.dropLast().last { try disk.makeReadOnly(sealed.path) }
        page.store(.isStopped, 0)
        page.store(.lastFile, UInt64(files.count - 1))
        publish(head)
        // Last, so that whoever dies before it leaves a page that is not believed.
        page.store(.boot, access.boot)
    }

    private var isDamaged: Bool { state.withLock { $0.damage != nil } }

    /// Overwrites with zeros what follows the last whole record, after copying it aside, and gives
    /// files behind it other names.
    private func clear(
        _ later: LaterBytes,
        behind state: borrowing LogState,
        with writer: inout LogWriter
    ) throws {
        var time = now().microseconds
        while disk.exists(state.lastFile.path + ".torn-\(time)") { time += 1 }
        let ending = ".torn-\(time)"
        for name in later.fileNames {
            let path = directory.logFile(name)
            try disk.rename(path, to: path + ending)
        }
        guard let used = later.used else { return }
        let file = state.lastFile
        let torn = file.bytes.extracting(used)
        try keep(torn, as: file.path + ending)
        let zeros = [UInt8](repeating: 0, count: used.count)
        try tail(file, of: &writer).write(zeros.span.bytes, at: used.lowerBound)
        try tail(file, of: &writer).sync()
    }

    /// Makes a file of some bytes, and leaves none behind where there is no space for it.
    private func keep(_ bytes: RawSpan, as path: String) throws(DiskError) {
        do {
            let file = try disk.create(path, size: bytes.byteCount)
            try file.write(bytes, at: 0)
            try file.sync()
            try disk.syncDirectory(directory.log)
        } catch {
            try? disk.remove(path)
            throw error
        }
    }

    /// Writes again what was written since the last sync that went well.
    ///
    /// After a failed sync the operating system may hold bytes in memory that it takes for written;
    /// only bytes written anew are certain to be part of the next sync.
    private func rewriteUnsynced(with writer: inout LogWriter) throws {
        let first = Position(page.load(.synced)).next
        let (files, end, head) = state.withLock { ($0.files(from: first), $0.end, $0.head) }
        guard first <= head else { return }
        let start = try cursor(at: first.number, in: state.withLock { $0.files }).recordAddress
        for file in files {
            let open =
                try file === files.last
                ? tail(file, of: &writer) : disk.open(file.path, writable: true)
            let end = file === files.last ? end : file.size
            let start = file === files.first ? Int(start - file.startAddress) : 0
            for offset in stride(from: start, to: end, by: 1 << 20) {
                let bytes = file.bytes.extracting(offset..<min(offset + (1 << 20), end)).bytes
                try open.write(bytes.span.bytes, at: offset)
            }
        }
    }
}

/// What lies behind the last whole record of a log.
private struct LaterBytes {
    /// The bytes of the last file that are not all zero; nothing where they are.
    private(set) var used: Range<Int>?
    /// The names of the files behind it.
    private(set) var fileNames: [String] = []
    /// The highest position that an undamaged header among them knows to have been synced.
    private(set) var durableUpTo = Position.start
    /// What is wrong with the first file behind that was finished once and is damaged now.
    private(set) var damage: StorageError?

    /// Looks at the files of a log behind its last record.
    init(of state: borrowing LogState, names: LogNames, disk: any Disk) throws {
        let last = state.lastFile
        let usedSize = last.bytes.extracting(state.end..<last.size).sizeWithoutZerosBehind
        if usedSize > 0 {
            used = state.end..<state.end + usedSize
            look(at: last, from: state.end)
        }
        for position in names.logFiles where position > last.header.firstPosition {
            let name = LogFile.name(firstPosition: position)
            fileNames.append(name)
            let path = state.directory.logFile(name)
            do throws(StorageError) {
                guard let file = try LogFile.open(path, expecting: nil, disk: disk) else {
                    continue
                }
                durableUpTo = max(durableUpTo, file.header.durableUpTo)
                look(at: file, from: LogFormat.fileHeaderSize)
            } catch {
                guard error.isDamage else { throw error }
                damage = damage ?? error
            }
        }
    }

    /// Looks for undamaged headers of records at every place where one may begin.
    private mutating func look(at file: LogFile, from start: Int) {
        let end = start + file.bytes.extracting(start..<file.size).sizeWithoutZerosBehind
        var offset = start
        while offset < end {
            if let (header, _) = file.record(at: offset) {
                durableUpTo = max(durableUpTo, header.durableUpTo)
                offset += header.length
            } else {
                offset += LogFormat.alignment
            }
        }
    }
}
