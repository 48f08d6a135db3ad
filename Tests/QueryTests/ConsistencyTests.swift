import EventLog
import EventModel
import EventStorage
import Operations
import Processing
import RecountTesting
import SQLiteDatabase
import Synchronization
import Testing

/// What a query sees of the log beside what it sees of a group that goes on meanwhile.
@Suite struct ConsistencyTests {
    private static let queryCount = 200

    @Test func `a group is never ahead of the events of the same query`() throws {
        let fixture = try Fixture(groups: ["live"])
        _ = try fixture.store.append(TestEvents.request(1, to: "cart-0"))
        try fixture.run("live")
        let writer = Writer(on: fixture.store)
        defer { writer.stop() }
        let host = ProcessorHost(
            fixture.operations.domain.groups,
            store: fixture.store,
            process: 1,
            now: fixture.clock.now
        )
        defer { host.stop() }
        let query = """
            SELECT (SELECT max(position) FROM events), position,
                (SELECT count(*) FROM events
                    WHERE position <= (SELECT position FROM live.recount_progress)),
                (SELECT sum(count) FROM live.counts)
            FROM live.recount_progress
            """
        var tokens: Set<UInt64> = []
        while tokens.count < Self.queryCount {
            let numbers = try fixture.rows(query)[0].map(\.number)
            try #require(numbers[1] <= numbers[0])
            try #require(numbers[2] == numbers[3])
            tokens.insert(numbers[1])
        }
    }
}

/// Appends one event after the other until it is stopped.
private final class Writer: Sendable {
    private let isStopping = Atomic(false)
    private let thread = Mutex<WorkerThread?>(nil)

    init(on store: EventLog) {
        thread.withLock {
            $0 = WorkerThread { [self] in
                var number: UInt64 = 1
                while !isStopping.load(ordering: .acquiring) {
                    let request = TestEvents.request(1, to: "cart-\(number)", from: number)
                    guard (try? store.append(request)) != nil else { return }
                    number += 1
                }
            }
        }
    }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        thread.withLock { $0 }?.join()
    }
}
