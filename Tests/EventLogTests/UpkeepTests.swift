import Disk
import EventLog
import EventModel
import EventStorage
import RecountTesting
import Synchronization
import Testing

/// What is done beside appends, and does not hold them up.
@Suite struct UpkeepTests {
    private let directory = TemporaryDirectory()
    private let disk = FaultyDisk()
    private static let fileSize: UInt64 = 64 << 10

    private func makeLog(upkeep: UpkeepMode) throws -> EventLog {
        let places = StoreDirectory(directory.path + "/test.store")
        try EventLog.make(
            places,
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: Int(UpkeepTests.fileSize)),
            disk: disk,
            now: EventLog.systemTime
        )
        return try EventLog.open(places, disk: disk, upkeep: upkeep, now: EventLog.systemTime)
    }

    @Test func `what is appended during a large merge is merged meanwhile`() throws {
        let log = try makeLog(upkeep: .never)
        let number = Mutex<UInt64>(0)
        @Sendable func fill(_ fileCount: UInt64) throws {
            let end = try log.logBytes() + fileCount * UpkeepTests.fileSize
            while try log.logBytes() < end {
                let first = number.withLock { $0 }
                _ = try log.append(TestEvents.request(10, to: "cart-1", from: first))
                number.withLock { $0 += 10 }
            }
        }
        // Index files of one unit, of which sixteen merge into four and those into one.
        try fill(4)
        let creations = Mutex(0)
        disk.faults.withLock { faults in
            faults.renames = []
            faults.willCreate = { path in
                guard path.hasSuffix("00001.index.new") else { return }
                let isLarge = creations.withLock { count in
                    count += 1
                    return count == 2
                }
                // The second time the file of the first events is made, it is of sixteen units.
                if isLarge { #expect(throws: Never.self) { try fill(2) } }
            }
        }
        log.keepUp()
        let names = disk.faults.withLock { $0.renames }.filter { $0.hasSuffix(".index") }
        let large = try #require(names.lastIndex { $0.hasSuffix("00001.index") })
        let firstBehind = names[..<large].max()
        let last = try #require(names[large...].max())
        #expect(creations.withLock { $0 } == 2)
        #expect(try #require(firstBehind) >= last, "\(names)")
        #expect(try log.events(EventSelection()).count == Int(number.withLock { $0 }))
    }
}
