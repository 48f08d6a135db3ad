import Disk
import EventLog
import EventModel
import EventStorage
import RecountTesting
import Testing

/// A new log with small files in a directory of its own.
private func makeLog(
    in directory: TemporaryDirectory,
    fileSize: Int = 1 << 21
) throws -> EventLog {
    try EventLog.create(
        StoreDirectory(directory.path + "/test.store"),
        id: EventID(high: 1, low: 2),
        options: LogOptions(testing: fileSize)
    )
}

private func removeIndex(of log: EventLog) throws {
    for name in try RealDisk().names(in: log.directory.log) where name.hasSuffix(".index") {
        try RealDisk().remove(log.directory.log + "/" + name)
    }
}

private func reopen(_ directory: TemporaryDirectory) throws -> EventLog {
    try EventLog.open(StoreDirectory(directory.path + "/test.store"))
}

@Test("a log is a store", arguments: EventStoreConformance.all)
func conformance(_ demand: EventStoreConformance) throws {
    let directory = TemporaryDirectory()
    try demand.check(makeLog(in: directory))
}

@Test func `everything is there after opening again, over many files`() throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory, fileSize: 64 << 10)
    for number in 0..<400 {
        _ = try log.append(
            TestEvents.request(5, to: "cart-\(number % 7)", from: UInt64(number * 5))
        )
    }
    let events = try log.events(EventSelection())
    let again = try reopen(directory)
    #expect(try again.head() == Position(2000))
    #expect(try again.events(EventSelection()) == events)
    #expect(try again.census() == log.census())
    #expect(try RealDisk().names(in: log.directory.log).count { $0.hasSuffix(".log") } > 2)
}

@Test func `a repeated append is known after opening again`() throws {
    let directory = TemporaryDirectory()
    let first = try makeLog(in: directory).append(TestEvents.request(3, to: "cart-1"))
    let log = try reopen(directory)
    #expect(try log.append(TestEvents.request(3, to: "cart-1")).placements == first.placements)
    #expect(try log.head() == Position(3))
}

@Test func `two logs on one directory see what the other appends`() throws {
    let directory = TemporaryDirectory()
    let one = try makeLog(in: directory, fileSize: 64 << 10)
    let other = try reopen(directory)
    for number in UInt64(0)..<300 {
        let log = number % 2 == 0 ? one : other
        _ = try log.append(TestEvents.request(4, to: "cart-1", from: number * 4))
        #expect(try (number % 2 == 0 ? other : one).head().number == number * 4 + 4)
    }
    #expect(try one.events(EventSelection()) == other.events(EventSelection()))
    #expect(throws: AppendError.self) {
        try other.append(TestEvents.request(1, to: "cart-1", from: 9999, .noStream))
    }
}

@Test func `threads that append at the same time get all positions once`() async throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory)
    let positions = try await withThrowingTaskGroup(of: [UInt64].self) { group in
        for task in UInt64(0)..<4 {
            group.addTask { @concurrent in
                try (UInt64(0)..<50).flatMap { number in
                    let seed = task * 1000 + number * 2
                    let request = TestEvents.request(2, to: "cart-\(task)", from: seed)
                    return try log.append(request).placements.map(\.position.number)
                }
            }
        }
        return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(positions.sorted() == Array(1...400))
}

@Test func `a torn tail is cut off and kept aside`() throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory)
    _ = try log.append(TestEvents.request(3, to: "cart-1"))
    let path = log.directory.log + "/00000000000000000001.log"
    let file = try RealDisk().open(path, writable: true)
    let bytes = try file.read(0..<file.size())
    let end = (bytes.lastIndex { $0 != 0 } ?? 0) / 8 * 8 + 8
    try file.write(bytes[4096..<4196].span.bytes, at: end)
    let page = try RealDisk().share(log.directory.log + "/shared", writable: true)
    page.store(SharedPageWord(1), 1)

    let again = try reopen(directory)
    #expect(try again.head() == Position(3))
    #expect(again.readOnlyReason == nil)
    let names = try RealDisk().names(in: log.directory.log)
    #expect(names.contains { $0.contains(".torn-") })
    _ = try again.append(TestEvents.request(1, to: "cart-1", from: 50))
    #expect(try reopen(directory).head() == Position(4))
}

@Test func `a record that the page does not know of is taken in by the next who opens`() throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory)
    _ = try log.append(TestEvents.request(3, to: "cart-1"))
    let page = try RealDisk().share(log.directory.log + "/shared", writable: true)
    page.store(SharedPageWord(0), 0)
    #expect(try reopen(directory).head() == Position(3))
}

@Test func `damage before the end leaves the store readable up to it, and read-only`() throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory)
    for number in UInt64(0)..<3 {
        _ = try log.append(TestEvents.request(1, to: "cart-1", from: number))
    }
    let path = log.directory.log + "/00000000000000000001.log"
    let file = try RealDisk().open(path, writable: true)
    let bytes = try file.read(0..<file.size())
    let second = try #require(
        (0..<bytes.count).first { bytes[$0...].starts(with: Array(#"{"number":1}"#.utf8)) }
    )
    try file.write([UInt8(ascii: "[")].span.bytes, at: second)

    let again = try reopen(directory)
    #expect(try again.head() == Position(1))
    #expect(again.readOnlyReason?.contains("positions 2 to 3") == true)
    #expect(throws: AppendError.self) {
        try again.append(TestEvents.request(1, to: "cart-1", from: 60))
    }
    #expect(try file.read(second..<second + 1) == [UInt8(ascii: "[")])
}

@Test func `a sealed file is never opened for writing`() throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory, fileSize: 64 << 10)
    for number in UInt64(0)..<150 {
        _ = try log.append(TestEvents.request(10, to: "cart-1", from: number * 10))
    }
    let again = try EventLog.open(log.directory, disk: FaultyDisk())
    #expect(try again.head() == Position(1500))
    _ = try again.append(TestEvents.request(1, to: "cart-1", from: 9000))
}

@Test("damage at the end of a sealed file is no torn tail", arguments: [false, true])
func sealedDamage(hasIndex: Bool) throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory, fileSize: 64 << 10)
    for number in UInt64(0)..<150 {
        _ = try log.append(TestEvents.request(10, to: "cart-1", from: number * 10))
    }
    log.keepUp()
    if !hasIndex { try removeIndex(of: log) }
    let path = log.directory.log + "/00000000000000000001.log"
    try setMode(of: path, 0o600)
    let file = try RealDisk().open(path, writable: true)
    let bytes = try file.read(0..<file.size())
    let last = try #require(bytes.lastIndex { $0 != 0 })
    try file.write([bytes[last] ^ 1].span.bytes, at: last)
    try RealDisk().remove(log.directory.log + "/shared")

    let again = try reopen(directory)
    #expect((again.readOnlyReason == nil) == hasIndex)
    var lastShown = Position.start
    let error = #expect(throws: StorageError.self) {
        try again.read(EventSelection()) { event in
            lastShown = event.position
            return .more
        }
        if let reason = again.readOnlyReason { throw StorageError(.damaged, reason) }
    }
    #expect(error?.code == .damaged)
    #expect(error?.description.contains(path) == true, "\(error?.description ?? "")")
    #expect(lastShown > .start && lastShown < Position(1500))
    #expect(try log.events(EventSelection(through: lastShown)).count == Int(lastShown.number))
    #expect(try RealDisk().names(in: log.directory.log).allSatisfy { !$0.contains("torn") })
}

@Test func `a log counts each of its files once`() throws {
    let directory = TemporaryDirectory()
    #expect(try makeLog(in: directory, fileSize: 1 << 20).logBytes() == 1 << 20)
    #expect(try reopen(directory).logBytes() == 1 << 20)
}

@Test func `what a bulk load lost with the machine is not missed`() throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory)
    _ = try log.append(TestEvents.request(3, to: "cart-1"))
    let path = log.directory.log + "/00000000000000000001.log"
    let file = try RealDisk().open(path, writable: true)
    let before = try file.read(0..<file.size())
    var flushed = TestEvents.request(3, to: "cart-1", from: 10)
    flushed.durability = .flushed
    _ = try log.append(flushed)
    #expect(try log.head() == Position(6))
    try file.write(before.span.bytes, at: 0)
    try RealDisk().share(log.directory.log + "/shared", writable: true).store(SharedPageWord(2), 1)

    let again = try reopen(directory)
    #expect(try again.head() == Position(3))
    #expect(again.readOnlyReason == nil)
}

@Test func `a log shorter than what was acknowledged is refused for writing`() throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory)
    let path = log.directory.log + "/00000000000000000001.log"
    let file = try RealDisk().open(path, writable: true)
    let before = try file.read(0..<file.size())
    _ = try log.append(TestEvents.request(3, to: "cart-1"))
    try file.write(before.span.bytes, at: 0)
    try RealDisk().share(log.directory.log + "/shared", writable: true).store(SharedPageWord(2), 1)

    let again = try reopen(directory)
    #expect(again.readOnlyReason?.contains("positions 1 to 3") == true)
}

@Test func `a directory that is no store, or a store already, is refused`() throws {
    let directory = TemporaryDirectory()
    #expect(throws: StorageError.self) { try reopen(directory) }
    _ = try makeLog(in: directory)
    #expect(throws: StorageError.self) { try makeLog(in: directory) }
}

@Test func `a batch larger than a file is refused`() throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory, fileSize: 64 << 10)
    var event = TestEvents.event(1)
    event.payload = [UInt8](repeating: 0x20, count: 70_000)
    #expect(throws: AppendError.self) {
        try log.append(AppendRequest([event], to: StreamName("cart-1")))
    }
    #expect(try log.append(TestEvents.request(1, to: "cart-1")).placements.count == 1)
}

@Test func `a stream can be read while the log goes on to further files`() throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory, fileSize: 16 << 10)
    let count: UInt64 = 600
    let writer = WorkerThread {
        for number in 0..<count {
            var event = TestEvents.event(number)
            event.payload = [UInt8](repeating: 0x20, count: 7000)
            var request = AppendRequest([event], to: StreamName("cart-1"))
            request.durability = .flushed
            _ = try? log.append(request)
        }
    }
    var head: UInt64 = 0
    while head < count {
        head = try log.head().number
        let selection = EventSelection(
            .stream(StreamName("cart-1")),
            fromSequence: Sequence(max(head, 1) - 1)
        )
        try log.read(selection) { _ in .more }
    }
    writer.join()
}

@Test func `a record that ends where its file ends is whole`() throws {
    let directory = TemporaryDirectory()
    let log = try makeLog(in: directory, fileSize: 16 << 10)
    func request(_ number: UInt64, payloadSize: Int) -> AppendRequest {
        var event = TestEvents.event(number)
        event.payload = [UInt8](repeating: 0x20, count: payloadSize)
        return AppendRequest([event], to: StreamName("cart-1"))
    }
    // The largest event that is accepted fills a file to its last byte.
    let size = (0..<16 << 10).reversed().first {
        (try? log.append(request(0, payloadSize: $0))) != nil
    }
    let payloadSize = try #require(size)
    for number in UInt64(1)...3 { _ = try log.append(request(number, payloadSize: payloadSize)) }
    #expect(try RealDisk().names(in: log.directory.log).count { $0.hasSuffix(".log") } == 4)

    for isPageThere in [true, false] {
        if !isPageThere { try RealDisk().remove(log.directory.log + "/shared") }
        let again = try reopen(directory)
        #expect(again.readOnlyReason == nil)
        let sizes = try again.events(EventSelection()).map(\.payload.count)
        #expect(sizes == Array(repeating: payloadSize, count: 4))
    }
}

@Test func `index files of events that were lost and others written in their place are not used`()
    throws
{
    let directory = TemporaryDirectory()
    let disk = RealDisk()
    let logDirectory = try makeLog(in: directory, fileSize: 64 << 10).directory.log
    let file = try disk.open(logDirectory + "/00000000000000000001.log", writable: true)
    let empty = try file.read(0..<file.size())
    // In this thread, so that no index file comes later.
    func reopen(_ upkeep: UpkeepMode = .inline) throws -> EventLog {
        let places = StoreDirectory(directory.path + "/test.store")
        return try EventLog.open(places, disk: disk, upkeep: upkeep, now: EventLog.systemTime)
    }
    func indexNames() throws -> [String] {
        try disk.names(in: logDirectory).filter { $0.hasSuffix(".index") }
    }
    func fill(_ stream: String) throws {
        let log = try reopen()
        for number in UInt64(0)..<40 {
            var event = TestEvents.event(number)
            event.payload = [UInt8](repeating: 0x20, count: 1000)
            var request = AppendRequest([event], to: StreamName(stream))
            request.durability = .flushed
            _ = try log.append(request)
        }
    }
    try fill("cart-1")
    let old = try indexNames().map { name in
        let index = try disk.open(logDirectory + "/" + name, writable: false)
        return (name, try index.read(0..<index.size()))
    }
    #expect(!old.isEmpty)

    try file.write(empty.span.bytes, at: 0)
    for name in try indexNames() + ["shared"] { try disk.remove(logDirectory + "/" + name) }
    try fill("list-1")
    for name in try indexNames() { try disk.remove(logDirectory + "/" + name) }
    for (name, bytes) in old {
        try disk.create(logDirectory + "/" + name, size: 0).write(bytes.span.bytes, at: 0)
    }
    let log = try reopen(.never)
    let names = try log.streams(StreamsRequest()).map(\.stream.text)
    #expect(names == ["list-1"])
    let counts = try ["list-1", "cart-1"].map {
        try log.events(EventSelection(.stream(StreamName($0)))).count
    }
    #expect(counts == [40, 0])
}
