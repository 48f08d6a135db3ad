import Disk
import EventModel
import EventStorage
import RecountTesting
import Synchronization
import Testing

@testable import EventLog

/// Appends to a log all the time.
private final class Appender: Sendable {
    private let isEnding = Atomic(false)
    private let thread = Mutex<WorkerThread?>(nil)

    init(_ log: EventLog) {
        let thread = WorkerThread { [self] in
            var number: UInt64 = 1000
            while !isEnding.load(ordering: .acquiring) {
                var request = TestEvents.request(3, to: "cart-\(number % 5)", from: number)
                request.durability = number % 2 == 0 ? .flushed : .synced
                _ = try? log.append(request)
                number += 3
            }
        }
        self.thread.withLock { $0 = thread }
    }

    func end() {
        isEnding.store(true, ordering: .releasing)
        thread.withLock { $0?.join() }
    }
}

@Test func `a log that somebody appends to all the time is found whole`() throws {
    let store = try DamagedStore(records: 1, fileSize: 64 << 10)
    let appender = Appender(try store.open())
    defer { appender.end() }
    for _ in 0..<30 {
        #expect(try store.examine().filter { $0.severity > .notice } == [])
    }
}
