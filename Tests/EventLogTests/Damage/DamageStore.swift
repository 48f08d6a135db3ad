import Disk
import EventModel
import EventStorage
import RecountTesting

@testable import EventLog

/// An undamaged store of several log files in memory, and all that is known of it.
struct DamageStore {
    /// One record of the log.
    struct Record {
        /// The number of its log file.
        var file: Int
        /// Where in the file it begins.
        var offset: Int
        var header: RecordHeader

        /// The bytes that checksums cover.
        var checked: Range<Int> { offset..<offset + LogFormat.recordHeaderSize + header.bodySize }
        /// The bytes that the record takes, zeros at its end among them.
        var all: Range<Int> { offset..<offset + header.length }
        var headerRange: Range<Int> { offset..<offset + LogFormat.recordHeaderSize }
    }

    static let directory = StoreDirectory("/data/test.store")
    static let fileSize = 8 << 10
    /// The machine's boot identity while the store was written.
    static let bootIdentity: UInt64 = 1

    /// The bytes of all files.
    private(set) var image: [String: [UInt8]] = [:]
    /// What was appended, and the head behind it.
    private(set) var appended: [(request: AppendRequest, head: Position)] = []
    /// What the store answered when it had some head.
    private(set) var answers: [Position: StoreAnswers] = [:]
    /// The log files, by their numbers.
    private(set) var files: [LogFile] = []
    private(set) var records: [Record] = []
    /// The position up to which the store was synced.
    private(set) var synced = Position.start

    /// Fills a store.
    ///
    /// - Parameters:
    ///   - hasIndex: whether there are index files on disk.
    ///   - flushedCount: how many of the records at the end were only flushed.
    ///   - id: the identity of the store.
    /// - Throws: what the store throws, which it never should.
    init(
        hasIndex: Bool,
        flushedCount: Int = 0,
        id: EventID = EventID(high: 1, low: 2)
    ) throws {
        let disk = MemoryDisk(bootIdentity: DamageStore.bootIdentity)
        try disk.createDirectory("/data")
        let now = TestClock().now
        let directory = DamageStore.directory
        try EventLog.make(
            directory,
            id: id,
            options: LogOptions(testing: DamageStore.fileSize),
            disk: disk,
            now: now
        )
        let upkeep: UpkeepMode = hasIndex ? .inline : .never
        let log = try EventLog.open(directory, disk: disk, upkeep: upkeep, now: now)
        answers[.start] = StoreAnswers(of: log, repeating: [])
        let requests = DamageStore.made
        for (number, request) in requests.enumerated() {
            var request = request
            if number >= requests.count - flushedCount { request.durability = .flushed }
            _ = try log.append(request)
            let head = try log.head()
            appended.append((request, head))
            answers[head] = StoreAnswers(of: log, repeating: self.requests(through: head))
        }
        log.keepUp()
        synced = Position(log.page.load(.synced))
        image = disk.files
        try readLog(disk)
    }

    /// Appends that fill three log files: single events and batches, of several streams and types,
    /// some with tags, some with metadata.
    private static let made: [AppendRequest] = {
        var generator = RandomSequence(seed: 11)
        var number: UInt64 = 0
        return [1, 3, 6, 1, 4, 2, 5, 1, 6, 3, 1, 1].map { count in
            let entries = (0..<count).map { _ -> AppendRequest.Entry in
                number += 1
                var event = TestEvents.event(number)
                if number % 3 == 0 { event.tags = [EventTag(key: "customer", value: "7")] }
                if number % 5 == 0 { event.metadata = Array(#"{"by":"ana"}"#.utf8) }
                if number % 2 == 0 { event.eventTime = nil }
                let size = Int.random(in: 80..<240, using: &generator)
                event.payload += [UInt8](repeating: 0x20, count: size)
                let stream = ["cart-1", "order-1", "order-2", "order-1"][Int(number % 4)]
                return AppendRequest.Entry(stream: StreamName(stream), event: event)
            }
            return AppendRequest(entries: entries)
        }
    }()

    /// Finds the records.
    private mutating func readLog(_ disk: MemoryDisk) throws {
        for path in logPaths {
            guard let file = try LogFile.open(path, expecting: nil, disk: disk) else { return }
            var offset = LogFormat.fileHeaderSize
            while let (header, _) = file.record(at: offset) {
                records.append(Record(file: files.count, offset: offset, header: header))
                offset += header.length
            }
            files.append(file)
        }
    }

    /// The requests whose events a store with some head holds.
    func requests(through head: Position) -> [AppendRequest] {
        appended.filter { $0.head <= head }.map(\.request)
    }

    /// The position of the last event.
    var head: Position { appended.last?.head ?? .start }

    /// The paths of the log files, in their order.
    var logPaths: [String] { image.keys.filter { $0.hasSuffix(".log") }.sorted() }

    /// The paths of the index files.
    var indexPaths: [String] { image.keys.filter { $0.hasSuffix(".index") }.sorted() }

    /// The record that a byte of a log file belongs to; nothing for the header and what is unused.
    func record(at offset: Int, ofFile file: Int) -> Record? {
        records.first { $0.file == file && $0.all.contains(offset) }
    }

    /// Where the records of a log file end.
    func end(ofFile file: Int) -> Int {
        records.last { $0.file == file }?.all.upperBound ?? LogFormat.fileHeaderSize
    }
}
