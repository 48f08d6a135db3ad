import EventModel
import EventStorage

/// Goes through the events of a log from one of them on, in the order of their positions.
///
/// Every event is verified before it is shown. The log is what the files hold, which may grow
/// meanwhile; the cursor goes as far as it is told to.
struct EventCursor {
    private let files: [LogFile]
    private var file: LogFile
    /// The record that holds the next event, or ends right before it.
    private var record: RecordHeader
    private var recordOffset: Int
    /// Where the next event begins, while it is in the record.
    private var offset: Int
    /// The position of the next event.
    private(set) var position: Position

    /// Begins with the first event of a block.
    ///
    /// - Parameters:
    ///   - files: the files of the log.
    ///   - block: where an event lies, as an index tells.
    /// - Throws: ``StorageError`` where there is no such event.
    init(_ files: [LogFile], at block: IndexBlock) throws(StorageError) {
        let place = try LogPlace(block.recordAddress, in: files)
        self.files = files
        file = place.file
        recordOffset = place.offset
        position = Position(block.firstPosition)
        offset = place.offset + Int(clamping: block.address &- block.recordAddress)
        guard let (record, _) = file.record(at: recordOffset),
            record.firstPosition <= position, position <= record.lastPosition
        else { throw file.unreadable(position, place.offset..<place.file.size) }
        self.record = record
    }

    /// Begins with the first event of the record at a place, or of that in the next file where a
    /// file ends there.
    init(_ files: [LogFile], from place: LogPlace, position: Position) throws(StorageError) {
        self.files = files
        file = place.file
        recordOffset = place.offset
        if file.record(at: recordOffset) == nil, let next = files.file(from: position, after: file)
        {
            file = next
            recordOffset = LogFormat.fileHeaderSize
        }
        guard let (record, _) = file.record(at: recordOffset), record.firstPosition == position
        else { throw file.unreadable(position, recordOffset..<file.size) }
        self.record = record
        self.position = position
        offset = recordOffset + LogFormat.recordHeaderSize
    }

    /// Goes on to a position that is not behind the next event.
    mutating func skip(to target: Position) throws(StorageError) {
        while record.lastPosition < target, position < target { try goToNextRecord() }
        while position < target {
            offset += try lengthOfNext(in: file)
            position = position.next
        }
    }

    private func lengthOfNext(in file: LogFile) throws(StorageError) -> Int {
        try slot(in: file).length
    }

    /// Shows the events from the next one up to and with a position, until `visit` says stop.
    mutating func forEach(
        through last: Position,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) -> ReadControl {
        try forEachPlaced(through: last) { event, _ in visit(event) }
    }

    /// Shows the events from the next one up to and with a position, each with where it lies, until
    /// `visit` says stop.
    mutating func forEachPlaced(
        through last: Position,
        _ visit: (borrowing EventView, EventAddresses) -> ReadControl
    ) throws(StorageError) -> ReadControl {
        while position <= last {
            if position > record.lastPosition { try goToNextRecord() }
            let file = file
            let slot = try slot(in: file)
            let event: EventView
            do {
                event = try EventView(
                    encoded: slot.event,
                    position: position,
                    recordedTime: record.recordedTime
                )
            } catch {
                throw file.unreadable(position, offset..<offset + slot.length)
            }
            let encodedOffset = offset + slot.length - slot.event.byteCount
            let addresses = EventAddresses(
                slot: file.startAddress + UInt64(offset),
                record: file.startAddress + UInt64(recordOffset),
                encoded: file.startAddress + UInt64(encodedOffset)
            )
            offset += slot.length
            position = position.next
            if visit(event, addresses) == .stop { return .stop }
        }
        return .more
    }

    /// Where the record of the next event begins.
    var recordAddress: UInt64 { file.startAddress + UInt64(recordOffset) }

    private var recordEnd: Int { recordOffset + LogFormat.recordHeaderSize + record.bodySize }

    /// The slot of the next event, which is in the record.
    @_lifetime(borrow file)
    private func slot(in file: LogFile) throws(StorageError) -> EventSlot {
        do {
            let slot = try file.slot(at: offset, end: recordEnd)
            guard UInt64(slot.place) == position.number - record.firstPosition.number,
                slot.distance == offset - recordOffset
            else { throw EventDecodingError() }
            return slot
        } catch {
            throw file.unreadable(position, offset..<recordEnd)
        }
    }

    private mutating func goToNextRecord() throws(StorageError) {
        let expected = record.lastPosition.next
        recordOffset += record.length
        var next = file.record(at: recordOffset)
        if next == nil, let following = files.file(from: expected, after: file) {
            file = following
            recordOffset = LogFormat.fileHeaderSize
            next = file.record(at: recordOffset)
        }
        guard let (header, _) = next, header.firstPosition == expected else {
            throw file.unreadable(expected, recordOffset..<file.size)
        }
        record = header
        position = expected
        offset = recordOffset + LogFormat.recordHeaderSize
    }
}

/// Where an event lies in a log.
struct EventAddresses {
    /// Where its slot begins.
    let slot: UInt64
    /// Where its record begins.
    let record: UInt64
    /// Where its encoding begins.
    let encoded: UInt64
}

/// Reads single events of a log by their addresses.
struct EventReader {
    private let files: [LogFile]
    /// The record of the event read last.
    private var record: RecordHeader?
    private var recordAddress: UInt64 = 0

    /// Reads from the files of a log.
    init(_ files: [LogFile]) {
        self.files = files
    }

    /// Shows the event at an address, verified.
    ///
    /// - Throws: ``StorageError`` where there is no undamaged event.
    mutating func withEvent<Result>(
        at address: UInt64,
        _ body: (borrowing EventView) -> Result
    ) throws(StorageError) -> Result {
        let place = try LogPlace(address, in: files)
        let file = place.file
        do {
            let slot = try file.slot(at: place.offset, end: file.size)
            guard slot.distance <= place.offset else { throw EventDecodingError() }
            let record = try record(
                address - UInt64(slot.distance),
                file,
                place.offset - slot.distance
            )
            guard slot.place < record.eventCount,
                slot.distance + slot.length <= LogFormat.recordHeaderSize + record.bodySize
            else { throw EventDecodingError() }
            let event = try EventView(
                encoded: slot.event,
                position: Position(record.firstPosition.number + UInt64(slot.place)),
                recordedTime: record.recordedTime
            )
            return body(event)
        } catch {
            throw file.damage(
                "an event cannot be read; restore it from a backup",
                place.offset..<file.size
            )
        }
    }

    /// The record at an address, which is verified where it is another than the last one.
    private mutating func record(
        _ address: UInt64,
        _ file: LogFile,
        _ offset: Int
    ) throws(EventDecodingError) -> RecordHeader {
        if let record, recordAddress == address { return record }
        guard let (header, _) = file.record(at: offset) else { throw EventDecodingError() }
        record = header
        recordAddress = address
        return header
    }
}

/// A place in a log: a file and an offset in it.
struct LogPlace {
    let file: LogFile
    let offset: Int

    /// The place of an address.
    ///
    /// - Throws: ``StorageError`` where the log has no such file.
    init(_ address: UInt64, in files: [LogFile]) throws(StorageError) {
        let size = files.first?.header.fileSize ?? 1
        guard let number = Int(exactly: address / size), number < files.count else {
            throw StorageError(
                .damaged,
                "the log has no byte \(address); restore it from a backup"
            )
        }
        file = files[number]
        offset = Int(address % size)
    }
}

extension [LogFile] {
    /// The file after another, where it begins with a position; else what is there in place of the
    /// position is damage in the other.
    fileprivate func file(from position: Position, after file: LogFile) -> LogFile? {
        let number = Int(file.header.number) + 1
        guard number < count, self[number].header.firstPosition == position else { return nil }
        return self[number]
    }
}

extension LogFile {
    /// An event that should be there and is not.
    func unreadable(_ position: Position, _ range: Range<Int>) -> StorageError {
        damage("the event at position \(position) cannot be read; restore it from a backup", range)
    }
}
