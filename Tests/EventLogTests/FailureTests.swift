import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import RecountTesting
import Synchronization
import Testing

/// A new log in a directory of its own.
private func makeLog(
    in directory: TemporaryDirectory,
    fileSize: Int = 1 << 20
) throws -> EventLog {
    try EventLog.create(
        StoreDirectory(directory.path + "/test.store"),
        id: EventID(high: 1, low: 2),
        options: LogOptions(testing: fileSize)
    )
}

/// The path of the first log file.
private func firstFile(of log: EventLog) -> String {
    log.directory.log + "/00000000000000000001.log"
}

@Test func `a file that cannot be opened now is no damage, and is read later`() throws {
    let directory = TemporaryDirectory()
    let writer = try makeLog(in: directory, fileSize: 64 << 10)
    let disk = FaultyDisk()
    let reader = try EventLog.open(writer.directory, disk: disk)
    for number in UInt64(0)..<150 {
        _ = try writer.append(TestEvents.request(10, to: "cart-1", from: number * 10))
    }
    disk.faults.withLock { $0.openError = EMFILE }
    #expect(throws: StorageError.self) { try reader.head() }
    disk.faults.withLock { $0.openError = nil }
    #expect(try reader.head() == Position(1500))
    #expect(reader.readOnlyReason == nil)
    _ = try reader.append(TestEvents.request(1, to: "cart-1", from: 9000))
}

@Test func `a log whose shared page was removed refuses rather than write over another's events`()
    throws
{
    let directory = TemporaryDirectory()
    let one = try makeLog(in: directory)
    try RealDisk().remove(one.directory.log + "/shared")
    let other = try EventLog.open(one.directory)
    #expect(throws: AppendError.self) {
        try one.append(TestEvents.request(1, to: "cart-1", from: 0))
    }
    _ = try other.append(TestEvents.request(1, to: "cart-1", from: 1))
    #expect(try EventLog.open(one.directory).events(EventSelection()).map(\.id.low) == [1])
}

@Test func `a hole in what a bulk load never synced is a torn tail`() throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory)
    _ = try log.append(TestEvents.request(3, to: "cart-1"))
    let file = try RealDisk().open(firstFile(of: log), writable: true)
    let end = try file.read(0..<file.size()).lastIndex { $0 != 0 } ?? 0
    for number in UInt64(1)...3 {
        var flushed = TestEvents.request(3, to: "cart-1", from: number * 10)
        flushed.durability = .flushed
        _ = try log.append(flushed)
    }
    // The machine lost the first of the three and kept the others.
    try file.write([UInt8](repeating: 0, count: 64).span.bytes, at: end / 8 * 8 + 8)
    try RealDisk().share(log.directory.log + "/shared", writable: true).store(SharedPageWord(2), 1)

    let again = try EventLog.open(log.directory)
    #expect(again.readOnlyReason == nil)
    #expect(try again.head() == Position(3))
    _ = try again.append(TestEvents.request(1, to: "cart-1", from: 50))
    #expect(try EventLog.open(log.directory).head() == Position(4))
}

@Test func `opening a log after a start of the machine syncs what a bulk load only wrote`() throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory)
    var flushed = TestEvents.request(3, to: "cart-1")
    flushed.durability = .flushed
    _ = try log.append(flushed)
    let disk = FaultyDisk()
    _ = try EventLog.open(log.directory, disk: disk)
    #expect(disk.faults.withLock { $0.writes }.isEmpty)
    let page = try RealDisk().share(log.directory.log + "/shared", writable: true)
    page.store(SharedPageWord(2), 1)
    _ = try EventLog.open(log.directory, disk: disk)
    #expect(disk.faults.withLock { $0.writes } == [0..<0])
}

@Test func `what a failed sync left in doubt is written again before it is synced`() throws {
    let directory = TemporaryDirectory()
    let created = try makeLog(in: directory)
    let disk = FaultyDisk()
    let log = try EventLog.open(created.directory, disk: disk)
    _ = try log.append(TestEvents.request(3, to: "cart-1"))
    disk.faults.withLock { $0 = FaultyDisk.Faults(syncError: EIO) }
    #expect(throws: AppendError.self) {
        try log.append(TestEvents.request(2, to: "cart-1", from: 10))
    }
    let written = disk.faults.withLock { $0.writes }
    disk.faults.withLock { $0 = FaultyDisk.Faults() }
    #expect(throws: AppendError.self) {
        try log.append(TestEvents.request(1, to: "cart-1", from: 20))
    }
    let again = try EventLog.open(created.directory, disk: disk)
    #expect(disk.faults.withLock { $0.writes } == written)
    #expect(try again.head() == Position(5))
    _ = try again.append(TestEvents.request(1, to: "cart-1", from: 30))
}

@Test func `a bulk load sent again as synced is synced`() throws {
    let directory = TemporaryDirectory()
    let created = try makeLog(in: directory)
    let disk = FaultyDisk()
    let log = try EventLog.open(created.directory, disk: disk)
    var request = TestEvents.request(3, to: "cart-1")
    request.durability = .flushed
    let first = try log.append(request)
    disk.faults.withLock { $0.writes = [] }
    request.durability = .synced
    #expect(try log.append(request).placements == first.placements)
    #expect(disk.faults.withLock { $0.writes } == [0..<0])
    _ = try log.append(request)
    #expect(disk.faults.withLock { $0.writes } == [0..<0])
}
