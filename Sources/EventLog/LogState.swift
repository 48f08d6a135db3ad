import Disk
import EventModel
import EventStorage

/// What a process knows of a log: its files, its index, and how far it has taken it in.
///
/// Everything here is derived from the files, and grows as records are taken in.
struct LogState: Sendable {
    let directory: StoreDirectory
    let identity: StoreIdentity
    let fileSize: Int
    let disk: any Disk

    /// The files from the first one on, without a gap.
    private(set) var files: [LogFile] = []
    /// Where things are in the log.
    var index: LogIndex
    /// The last sequences of streams that were asked for lately.
    var tails = StreamTails()
    /// The number of the file that is taken in.
    private(set) var fileNumber = 0
    /// Where the next record begins in that file.
    private(set) var end = LogFormat.fileHeaderSize
    /// The position of the last event taken in.
    private(set) var head = Position.start
    /// When the last record was committed.
    private(set) var lastRecordedTime = Timestamp(microseconds: .min)
    /// The header checksum of the last record.
    private(set) var lastChecksum: UInt64 = 0
    /// The highest position that a header taken in knows to have been synced.
    private(set) var durableUpTo = Position.start
    /// Where in the log the next file is to be made ahead, or it is to be tried again.
    private var preparationAddress: UInt64 = 0
    /// What was found damaged before the end of the log.
    private(set) var damage: StorageError?

    /// Opens the files of a log, as far as they follow each other; takes nothing in yet.
    ///
    /// - Throws: ``StorageError`` where not even the first file can be read.
    init(
        _ directory: StoreDirectory,
        _ manifest: StoreManifest,
        _ names: LogNames,
        disk: any Disk
    ) throws(StorageError) {
        self.directory = directory
        identity = manifest.identity
        fileSize = manifest.logFileSize
        self.disk = disk
        index = LogIndex(
            origin: IndexOrigin(store: identity.id, hashes: IndexHashes(seed: 0)),
            startAddress: UInt64(LogFormat.fileHeaderSize)
        )
        guard try openNextFile(), let first = files.first else {
            throw StorageError(
                .damaged,
                "the first log file is missing or was never finished; restore it from a backup",
                location: directory.logFile(LogFile.name(firstPosition: Position.start.next))
            )
        }
        index = LogIndex(
            origin: IndexOrigin(store: identity.id, hashes: IndexHashes(seed: first.header.salt)),
            startAddress: UInt64(LogFormat.fileHeaderSize)
        )
        try openFiles(names)
    }

    /// Opens the files behind the first one, up to one that is damaged or was never finished.
    private mutating func openFiles(_ names: LogNames) throws(StorageError) {
        for position in names.logFiles where position > files[0].header.firstPosition {
            do {
                let path = directory.logFile(LogFile.name(firstPosition: position))
                guard let file = try open(path, number: files.count) else { return }
                files.append(file)
            } catch {
                // It is met again when the log has been taken in up to it, and then is damage.
                guard error.isDamage else { throw error }
                return
            }
        }
    }

    /// Goes on behind what index files cover.
    mutating func adopt(_ index: LogIndex, through tie: IndexTie) {
        self.index = index
        fileNumber = Int(tie.file.header.number)
        end = tie.offset + tie.record.length
        head = tie.record.lastPosition
        lastRecordedTime = tie.record.recordedTime
        lastChecksum = tie.checksum
        durableUpTo = files[...fileNumber].reduce(tie.record.durableUpTo) {
            max($0, $1.header.durableUpTo)
        }
    }

    /// The file that is taken in; a log always has one.
    var lastFile: LogFile {
        precondition(fileNumber < files.count, "A log is opened with its first file.")
        return files[fileNumber]
    }

    /// The address where the next record begins.
    var endAddress: UInt64 { lastFile.startAddress + UInt64(end) }

    /// Whether it is time to make the next file ahead: a quarter of the last one is used.
    var isPreparationDue: Bool {
        end > fileSize / 4 && endAddress >= preparationAddress
    }

    /// Remembers that the next file was made, or could not be; a full disk is not asked each time.
    mutating func noteAttemptToPrepare() {
        preparationAddress = endAddress + UInt64(fileSize / 16)
    }

    /// The files that hold events from a position on.
    func files(from position: Position) -> ArraySlice<LogFile> {
        let first = files.lastIndex { $0.header.firstPosition <= position } ?? 0
        return files[min(first, fileNumber)...fileNumber]
    }

    /// Takes in every record up to a position that another thread or process published.
    ///
    /// What this process wrote itself (`isOwn`) need not be checked before it is taken in.
    ///
    /// - Throws: ``StorageError`` where a file cannot be read now, which the next call tries again.
    mutating func catchUp(to published: Position, isOwn: Bool = false) throws(StorageError) {
        guard damage == nil else { return }
        do {
            while head < published {
                if try takeInNext(isOwn: isOwn) { continue }
                damage = missing(through: published)
                return
            }
        } catch {
            guard error.isDamage else { throw error }
            damage = error
        }
    }

    /// Takes in every record there is, published or not.
    mutating func catchUpToEnd() throws(StorageError) {
        guard damage == nil else { return }
        do {
            while try takeInNext() {}
        } catch {
            guard error.isDamage else { throw error }
            damage = error
        }
    }

    /// Goes on to the last file, which another process may have made and not used yet.
    mutating func goOn(toFile number: UInt64) throws(StorageError) {
        while damage == nil, fileNumber < number, try openNextFile() {}
    }

    /// Forgets the files behind the one that is taken in, which have other names now.
    mutating func forgetLaterFiles() {
        files.removeSubrange((fileNumber + 1)...)
    }

    /// Remembers damage, the first that is found.
    mutating func note(_ error: StorageError?) {
        damage = damage ?? error
    }

    /// What to say of positions that are vouched for and cannot be found.
    func missing(through vouched: Position) -> StorageError {
        StorageError(
            .damaged,
            "positions \(head.next) to \(vouched) cannot be read; restore them from a backup",
            location: "\(lastFile.path), from byte \(end)"
        )
    }

    /// Remembers as damage that positions are vouched for which the log does not hold.
    mutating func noteMissing(through vouched: Position) {
        if damage == nil, head < max(vouched, durableUpTo) {
            damage = missing(through: max(vouched, durableUpTo))
        }
    }

    /// Takes in the record that follows, in the last file or in the next one.
    private mutating func takeInNext(isOwn: Bool = false) throws(StorageError) -> Bool {
        if try takeInRecord(isOwn: isOwn) { return true }
        // An empty file is its own successor by name.
        guard lastFile.header.firstPosition != head.next, try openNextFile() else { return false }
        return try takeInRecord(isOwn: isOwn)
    }

    /// Opens the file that follows the last one and goes on to it.
    ///
    /// - Returns: false where there is none, or none that was ever finished, or one that begins
    ///   further on.
    mutating func openNextFile() throws(StorageError) -> Bool {
        let number = files.isEmpty ? 0 : fileNumber + 1
        if number == files.count {
            let path = directory.logFile(LogFile.name(firstPosition: head.next))
            guard try isPresent(path), let file = try open(path, number: number) else {
                return false
            }
            files.append(file)
        }
        let file = files[number]
        guard file.header.firstPosition == head.next else { return false }
        guard file.header.predecessor == lastChecksum else {
            throw file.damage(
                "the file does not follow the one before; restore it from a backup",
                0..<LogFormat.fileHeaderSize
            )
        }
        go(to: file)
        return true
    }

    /// Whether there is a file; not to be able to tell is an error.
    private func isPresent(_ path: String) throws(StorageError) -> Bool {
        do {
            _ = try disk.status(path)
            return true
        } catch {
            guard error.isMissing else { throw StorageError(error) }
            return false
        }
    }

    private mutating func go(to file: LogFile) {
        fileNumber = Int(file.header.number)
        end = LogFormat.fileHeaderSize
        durableUpTo = max(durableUpTo, file.header.durableUpTo)
    }

    /// Opens a log file; nothing where it was never finished.
    func open(_ path: String, number: Int) throws(StorageError) -> LogFile? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let firstPosition = LogFile.firstPosition(ofName: name) else { return nil }
        let earliest = number > 0 ? files[number - 1].header.incarnation : 1
        return try LogFile.open(
            path,
            expecting: LogFile.Expectation(
                store: identity.id,
                incarnations: earliest...max(earliest, identity.incarnation),
                fileSize: fileSize,
                number: number,
                firstPosition: firstPosition
            ),
            disk: disk
        )
    }

    /// Takes in the record at the end of what was taken in; false where there is none.
    private mutating func takeInRecord(isOwn: Bool) throws(StorageError) -> Bool {
        let file = lastFile
        guard let (header, checksum) = file.record(at: end),
            header.firstPosition == head.next, header.predecessor == lastChecksum,
            header.recordedTime >= lastRecordedTime,
            isOwn || header.isOfBody(in: file.bytes, at: end, file: file.checksum)
        else { return false }
        if !isOwn { try check(header) }
        try addEvents(of: header)
        head = header.lastPosition
        lastRecordedTime = header.recordedTime
        lastChecksum = checksum
        durableUpTo = max(durableUpTo, header.durableUpTo)
        end += header.length
        if endAddress - index.recent.startAddress >= indexSpan {
            index.cut(endAddress: endAddress, recordChecksum: checksum)
        }
        return true
    }

    /// The bytes of log that an index file of one unit covers at least.
    private var indexSpan: UInt64 { UInt64(min(fileSize / 8, LogFormat.indexSpanMax)) }

    /// Sees to it that a record holds its events and nothing else, before any is taken in.
    ///
    /// Checksums show what was damaged, not what somebody made up.
    private func check(_ header: RecordHeader) throws(StorageError) {
        try lastFile.forEachEvent(of: header, at: end) { _, _ in }
    }

    private mutating func addEvents(of header: RecordHeader) throws(StorageError) {
        let file = lastFile
        let recordAddress = endAddress
        try file.forEachEvent(of: header, at: end) { event, offset in
            tails.update(StreamHash(event.stream), last: event.sequence)
            index.add(
                event,
                address: file.startAddress + UInt64(offset),
                recordAddress: recordAddress
            )
        }
    }
}

extension LogFile {
    /// Shows the events of a record, each with its offset, and verifies them.
    fileprivate func forEachEvent(
        of header: RecordHeader,
        at start: Int,
        _ visit: (borrowing EventView, Int) -> Void
    ) throws(StorageError) {
        let end = start + LogFormat.recordHeaderSize + header.bodySize
        var offset = start + LogFormat.recordHeaderSize
        do {
            for place in 0..<header.eventCount {
                let slot = try slot(at: offset, end: end)
                guard slot.place == place, slot.distance == offset - start else {
                    throw EventDecodingError()
                }
                let event = try EventView(
                    encoded: slot.event,
                    position: Position(header.firstPosition.number + UInt64(place)),
                    recordedTime: header.recordedTime
                )
                visit(event, offset)
                offset += slot.length
            }
            guard offset == end else { throw EventDecodingError() }
        } catch {
            throw damage(
                "the record of positions \(header.firstPosition) to \(header.lastPosition) holds "
                    + "something else than its events; restore it from a backup",
                start..<end
            )
        }
    }
}
