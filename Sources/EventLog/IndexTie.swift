import EventModel
import EventStorage

/// The last record that an index file covers, found in the log: what shows that the file tells of
/// this log as it is.
struct IndexTie {
    /// The log file.
    let file: LogFile
    /// Where in it the record begins.
    let offset: Int
    /// The record.
    let record: RecordHeader
    /// The checksum of its header.
    let checksum: UInt64

    /// Finds the record; nothing where the log has another one there, or none.
    init?(_ index: IndexFile, in files: [LogFile]) {
        let coverage = index.header.coverage
        guard let block = try? index.block(coverage.blockCount - 1),
            let start = try? LogPlace(block.recordAddress, in: files)
        else { return nil }
        var file = start.file
        var offset = start.offset
        while true {
            if file.record(at: offset) == nil {
                let next = Int(file.header.number) + 1
                guard next < files.count else { return nil }
                file = files[next]
                offset = LogFormat.fileHeaderSize
            }
            guard let (record, checksum) = file.record(at: offset) else { return nil }
            let end = file.startAddress + UInt64(offset + record.length)
            if end == coverage.endAddress {
                guard checksum == coverage.recordChecksum,
                    record.lastPosition.number == coverage.lastPosition,
                    record.recordedTime == coverage.lastTime
                else { return nil }
                self.file = file
                self.offset = offset
                self.record = record
                self.checksum = checksum
                return
            }
            guard end < coverage.endAddress else { return nil }
            offset += record.length
        }
    }

    /// The highest position that the record, or the one behind it, knows to have been synced.
    var durableUpTo: Position {
        let next = file.record(at: offset + record.length)
        return max(record.durableUpTo, next?.header.durableUpTo ?? .start)
    }
}
