import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import RecountTesting
import Synchronization
import Testing

/// A log with small files on a disk that can fail; what can wait is done at once.
private struct SmallLog {
    let directory = TemporaryDirectory()
    let disk = FaultyDisk()

    func open(payloadSizeMax: Int = StoreLimits.payloadSizeMax) throws -> EventLog {
        let places = StoreDirectory(directory.path + "/test.store")
        if !disk.exists(places.manifest) {
            try EventLog.make(
                places,
                id: EventID(high: 1, low: 2),
                options: LogOptions(testing: 64 << 10, payloadSizeMax: payloadSizeMax),
                disk: disk,
                now: EventLog.systemTime
            )
        }
        return try EventLog.open(places, disk: disk, upkeep: .inline, now: EventLog.systemTime)
    }

    func indexNames() throws -> [String] {
        try disk.names(in: directory.path + "/test.store/log").filter { $0.hasSuffix(".index") }
    }
}

@Suite struct LogFileTests {
    @Test func `the next file is made when a quarter of the last is used, and then used`() throws {
        let small = SmallLog()
        let log = try small.open()
        let prepared = log.directory.log + "/prepared"
        var number: UInt64 = 0
        while try log.logBytes() == 64 << 10 {
            let wasPrepared = small.disk.exists(prepared)
            _ = try log.append(TestEvents.request(10, to: "cart-1", from: number))
            number += 10
            if number == 10 { #expect(!wasPrepared) }
            if try log.logBytes() > 64 << 10 { #expect(wasPrepared) }
        }
        #expect(!small.disk.exists(prepared))
    }

    @Test func `a file that cannot be made ahead keeps nobody from appending until it is needed`()
        throws
    {
        let small = SmallLog()
        let log = try small.open()
        small.disk.faults.withLock { $0.createError = (".zeros", ENOSPC) }
        var count: UInt64 = 0
        let error = #expect(throws: AppendError.self) {
            while true {
                _ = try log.append(TestEvents.request(10, to: "cart-1", from: count))
                count += 10
            }
        }
        guard case .failed(let failure) = error else {
            Issue.record("expected a failure, not \(String(describing: error))")
            return
        }
        #expect(failure.code == .full)
        #expect(count > 100)
        #expect(try log.events(EventSelection()).count == Int(count))
        small.disk.faults.withLock { $0.createError = nil }
        _ = try log.append(TestEvents.request(10, to: "cart-1", from: count))
        #expect(try small.open().head().number == count + 10)
    }

    @Test func `answers do not change without index files`() throws {
        let small = SmallLog()
        let log = try small.open()
        for number in UInt64(0)..<200 {
            _ = try log.append(TestEvents.request(5, to: "cart-\(number % 9)", from: number * 5))
        }
        let names = try small.indexNames()
        #expect(!names.isEmpty)
        for name in names { try small.disk.remove(log.directory.log + "/" + name) }
        let again = try small.open()
        #expect(try small.indexNames() == names)
        #expect(try again.census() == log.census())
        #expect(try again.streams(StreamsRequest()) == log.streams(StreamsRequest()))
        let selection = EventSelection(.stream(StreamName("cart-3")), direction: .backwards)
        #expect(try again.events(selection) == log.events(selection))
        let retry = TestEvents.request(5, to: "cart-0", from: 0)
        #expect(try again.append(retry).duplicateCount == 5)
    }

    @Test func `payloads may have as many bytes as the store was made for`() throws {
        let small = SmallLog()
        let log = try small.open(payloadSizeMax: 1000)
        func request(size: Int, id: UInt64) -> AppendRequest {
            var event = TestEvents.event(id)
            event.payload = [UInt8](repeating: 0x20, count: size)
            return AppendRequest([event], to: StreamName("cart-1"))
        }
        _ = try log.append(request(size: 1000, id: 1))
        let defect = EventDefect.payloadSize(1001, limit: 1000)
        #expect(throws: AppendError.refused(.invalid(index: 0, defect))) {
            try log.append(request(size: 1001, id: 2))
        }
        #expect(throws: AppendError.refused(.invalid(index: 0, defect))) {
            try small.open().append(request(size: 1001, id: 2))
        }
    }

    @Test func `the largest payload fits into a log file, and two of them are too much`() throws {
        let directory = TemporaryDirectory()
        let log = try EventLog.create(
            StoreDirectory(directory.path + "/test.store"),
            id: EventID(high: 1, low: 2),
            options: LogOptions(fileSize: 32 << 20, payloadSizeMax: 16 << 20)
        )
        let events = (UInt64(1)...2).map { number in
            var event = TestEvents.event(number)
            event.payload = [UInt8](repeating: UInt8(number), count: 16 << 20)
            event.metadata = [UInt8](repeating: 0x20, count: 64 << 10)
            return event
        }
        let stream = StreamName("cart-1")
        let error = #expect(throws: AppendError.self) {
            try log.append(AppendRequest(events, to: stream))
        }
        guard case .refused(.invalid(_, .batchSize(let size))) = error else {
            Issue.record("expected too large a batch, not \(String(describing: error))")
            return
        }
        #expect(size > 32 << 20)
        for event in events { _ = try log.append(AppendRequest([event], to: stream)) }
        #expect(try log.events(EventSelection()).map(\.payload) == events.map(\.payload))
    }
}
