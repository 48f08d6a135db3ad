import Disk
import EventModel
import EventStorage

/// What appending needs besides the state: the identities, and a buffer used again and again.
struct LogWriter: Sendable {
    /// The identities of the events, as far as they have been asked for.
    var identities = IdentityTable()
    /// The bytes of the record being made.
    var buffer: [UInt8] = []
    /// The last log file, open for writing.
    var tail: (any DiskFile)?
    /// The failed sync after which nothing is written any more.
    var stoppedBy: StorageError?

    /// Makes the bytes of a record from the entries a plan writes.
    ///
    /// - Returns: the header, complete but for the body's checksum.
    mutating func encode(
        _ plan: AppendPlan,
        of request: AppendRequest,
        head: Position,
        recordedTime: Timestamp,
        predecessor: UInt64,
        durableUpTo: Position,
        salts: [UInt8]
    ) -> RecordHeader {
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: repeatElement(0, count: LogFormat.recordHeaderSize))
        for (number, index) in plan.written.enumerated() {
            let start = buffer.count
            let entry = request.entries[index]
            EventEncoding.append(
                entry.event,
                stream: entry.stream,
                sequence: plan.placements[index].sequence,
                to: &buffer
            )
            EventEncoding.setSalt(salts, number: number, ofEventAt: start, in: &buffer)
        }
        let bodySize = buffer.count - LogFormat.recordHeaderSize
        let padding = LogFormat.recordLength(bodyOf: bodySize) - buffer.count
        buffer.append(contentsOf: repeatElement(0, count: padding))
        return RecordHeader(
            bodySize: bodySize,
            eventCount: plan.written.count,
            firstPosition: head.next,
            recordedTime: recordedTime,
            durableUpTo: durableUpTo,
            predecessor: predecessor,
            bodyChecksum: 0
        )
    }

    /// Completes the record for its place in a file.
    mutating func finish(_ header: RecordHeader, seed: UInt64) {
        var header = header
        let start = LogFormat.recordHeaderSize
        header.bodyChecksum = LogFormat.checksum(
            buffer.span.bytes.extracting(start..<start + header.bodySize),
            seed: seed
        )
        header.write(to: &buffer, seed: seed)
    }
}
