import Disk
import EventModel
import EventStorage

/// What a process knows of a log: its files, its records, and where each event lies.
///
/// Everything here is derived from the files and grows as records are taken in.
struct LogState: Sendable {
    /// A record that was taken in, its checksums verified.
    struct Record: Sendable {
        var file: Int
        var offset: Int
        var length: Int
        var firstPosition: UInt64
        var recordedTime: Timestamp
    }

    /// Where an event lies.
    struct Location: Sendable {
        var record: UInt32
        var offset: UInt32
    }

    private let directory: StoreDirectory
    private let store: EventID
    private let disk: any Disk

    private(set) var files: [LogFile] = []
    private(set) var records: [Record] = []
    private(set) var locations: [Location] = []
    private(set) var index = EventIndex()
    /// Where the next record begins in the last file.
    private(set) var end = LogFormat.fileHeaderSize
    /// The header checksum of the last record.
    private(set) var lastChecksum: UInt64 = 0
    /// What was found damaged before the end of the log.
    private(set) var damage: StorageError?

    init(directory: StoreDirectory, store: EventID, disk: any Disk) {
        self.directory = directory
        self.store = store
        self.disk = disk
    }

    /// The position of the last event taken in.
    var head: Position { Position(UInt64(locations.count)) }

    /// When the last record was committed.
    var lastRecordedTime: Timestamp? { records.last?.recordedTime }

    /// The last file; a log always has one.
    var lastFile: LogFile {
        guard let file = files.last else {
            preconditionFailure("A log is opened with its first file.")
        }
        return file
    }

    /// Takes in every record up to a position that another thread or process published.
    ///
    /// - Throws: ``StorageError`` where a file cannot be read now, which the next call tries again.
    mutating func catchUp(to published: Position) throws(StorageError) {
        guard damage == nil else { return }
        do {
            while head < published {
                if try takeInNext() { continue }
                damage = missing(through: published)
                return
            }
        } catch {
            try note(error)
        }
    }

    /// Takes in every record there is, published or not.
    mutating func catchUpToEnd() throws(StorageError) {
        do {
            while try takeInNext() {}
        } catch {
            try note(error)
        }
    }

    /// Remembers damage, which stays; too many open files, for one, does not.
    private mutating func note(_ error: StorageError) throws(StorageError) {
        guard error.code == .damaged || error.code == .formatUnknown else { throw error }
        damage = error
    }

    /// Takes in the record that follows, in the last file or in the next one.
    private mutating func takeInNext() throws(StorageError) -> Bool {
        if files.isEmpty { try openNextFile() }
        if try takeInRecord() { return true }
        // An empty file is its own successor by name.
        guard lastFile.header.firstPosition != head.next, disk.exists(nextFilePath) else {
            return false
        }
        try openNextFile()
        return try takeInRecord()
    }

    private var nextFilePath: String {
        directory.logFile(LogFile.name(firstPosition: head.next))
    }

    mutating func openNextFile() throws(StorageError) {
        let file = try LogFile.open(
            nextFilePath,
            store: store,
            firstPosition: head.next,
            disk: disk
        )
        guard file.header.predecessor == lastChecksum else {
            throw StorageError(
                .damaged,
                "the file does not follow the one before it; restore both from one backup",
                location: nextFilePath
            )
        }
        files.append(file)
        end = LogFormat.fileHeaderSize
    }

    /// Takes in the record at the end, if there is a whole and undamaged one.
    private mutating func takeInRecord() throws(StorageError) -> Bool {
        let file = lastFile
        let seed = RecordHeader.seed(file: file.checksum, offset: end)
        guard let (header, checksum) = RecordHeader.read(at: end, of: file.bytes, seed: seed),
            header.firstPosition == head.next, header.predecessor == lastChecksum
        else { return false }
        let start = end + LogFormat.recordHeaderSize
        let body = file.bytes.extracting(start..<start + header.bodySize)
        guard LogFormat.checksum(body, seed: seed) == header.bodyChecksum else { return false }
        try LogState.check(body, of: header)
        try takeIn(body, of: header)
        lastChecksum = checksum
        end += header.length
        return true
    }

    /// Sees to it that a record holds its events and nothing else, before any is taken in.
    ///
    /// Checksums show what was damaged, not what somebody made up.
    private static func check(_ body: RawSpan, of header: RecordHeader) throws(StorageError) {
        var position = header.firstPosition
        var offset = 0
        for _ in 0..<header.eventCount {
            let event = try LogState.view(
                at: offset,
                of: body,
                position: position,
                recordedTime: header.recordedTime
            )
            offset += event.encodedSize
            position = position.next
        }
        guard offset == body.byteCount else {
            throw StorageError(
                .damaged,
                "the record that ends before position \(position) holds more than its events; "
                    + "restore it from a backup"
            )
        }
    }

    private mutating func takeIn(
        _ body: RawSpan,
        of header: RecordHeader
    ) throws(StorageError) {
        let record = UInt32(records.count)
        let start = end + LogFormat.recordHeaderSize
        var position = header.firstPosition
        var offset = 0
        for _ in 0..<header.eventCount {
            let event = try LogState.view(
                at: offset,
                of: body,
                position: position,
                recordedTime: header.recordedTime
            )
            index.add(event)
            locations.append(Location(record: record, offset: UInt32(start + offset)))
            offset += event.encodedSize
            position = position.next
        }
        records.append(
            Record(
                file: files.count - 1,
                offset: end,
                length: LogFormat.recordHeaderSize + header.bodySize,
                firstPosition: header.firstPosition.number,
                recordedTime: header.recordedTime
            )
        )
    }

    /// The event that starts at an offset of some bytes.
    @_lifetime(copy bytes)
    static func view(
        at offset: Int,
        of bytes: RawSpan,
        position: Position,
        recordedTime: Timestamp
    ) throws(StorageError) -> EventView {
        let rest = bytes.extracting(min(offset, bytes.byteCount)..<bytes.byteCount)
        guard let view = try? EventView(first: rest, position: position, recordedTime: recordedTime)
        else {
            throw StorageError(
                .damaged,
                "the event at position \(position) cannot be read; restore it from a backup"
            )
        }
        return view
    }

    /// Remembers damage that was found before the end of the log.
    mutating func setDamage(_ error: StorageError) {
        damage = error
    }

    /// What to say of positions that a published head, or a later file, knows of.
    func missing(through published: Position) -> StorageError {
        StorageError(
            .damaged,
            "positions \(head.next) to \(published) cannot be read; restore them from a backup",
            location: "\(lastFile.path), from byte \(end)"
        )
    }
}
