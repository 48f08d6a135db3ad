import EventModel
import EventStorage

/// What a record has to be that goes on where the last one ended.
struct LogChain: Hashable, Sendable {
    /// The position of the last event.
    private(set) var head = Position.start
    /// The header checksum of the last record; nothing where that is not known.
    private(set) var checksum: UInt64? = 0
    /// When the last record was committed.
    private(set) var recordedTime = Timestamp(microseconds: .min)
    /// The highest position that any header knows to have been synced.
    private(set) var durableUpTo = Position.start

    /// What keeps a record from going on here; nothing where nothing does.
    func fault(of header: RecordHeader) -> String? {
        if header.firstPosition != head.next {
            return "it begins with position \(header.firstPosition) instead of \(head.next)"
        }
        if let checksum, header.predecessor != checksum {
            return "it was written behind another record than the one before it"
        }
        if header.recordedTime < recordedTime {
            return "it was recorded at \(header.recordedTime), before the one before it"
        }
        return nil
    }

    /// Goes on to the end of a record.
    mutating func take(_ header: RecordHeader, checksum: UInt64) {
        head = max(head, header.lastPosition)
        self.checksum = checksum
        recordedTime = max(recordedTime, header.recordedTime)
        durableUpTo = max(durableUpTo, header.durableUpTo)
    }

    /// Takes in what the header of a file knows.
    mutating func take(_ header: LogFileHeader) {
        durableUpTo = max(durableUpTo, header.durableUpTo)
    }

    /// Goes on behind events that cannot be read.
    mutating func skip(through position: Position) {
        head = max(head, position)
        checksum = nil
    }
}
