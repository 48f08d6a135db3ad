import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import RecountTesting
import Synchronization
import Testing

/// A log whose next sync waits, so that other appends come while it is under way.
private final class HeldLog: Sendable {
    private enum Hold { case none, wanted, begun }

    let directory = TemporaryDirectory()
    let disk = FaultyDisk()
    let log: EventLog
    private let hold = Mutex(Hold.none)
    private let changed = ChangeSignal()

    init() throws {
        let places = StoreDirectory(directory.path + "/test.store")
        _ = try EventLog.create(
            places,
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: 1 << 20)
        )
        log = try EventLog.open(places, disk: disk)
    }

    /// Appends one request, and others while its sync is under way, in their order; tells what
    /// became of the others.
    func appending(
        _ first: AppendRequest,
        then others: [AppendRequest]
    ) throws -> [Result<AppendResult, AppendError>] {
        let outcomes = Mutex([Int: Result<AppendResult, AppendError>]())
        hold.withLock { $0 = .wanted }
        disk.faults.withLock { $0.willSync = { [weak self] in self?.waitForRelease() } }
        let leader = WorkerThread { [log] in _ = try? log.append(first) }
        wait { hold.withLock { $0 == .begun } }
        disk.faults.withLock {
            $0.willSync = nil
            $0.writes = []
        }
        var threads: [WorkerThread] = []
        for (number, request) in others.enumerated() {
            threads.append(
                WorkerThread { [log] in
                    let outcome = Result { () throws(AppendError) in try log.append(request) }
                    outcomes.withLock { $0[number] = outcome }
                }
            )
            wait { log.waitingAppendCount == number + 1 }
        }
        hold.withLock { $0 = .none }
        changed.raise()
        leader.join()
        for thread in threads { thread.join() }
        return outcomes.withLock { outcomes in others.indices.compactMap { outcomes[$0] } }
    }

    private func waitForRelease() {
        hold.withLock { if $0 == .wanted { $0 = .begun } }
        while true {
            let seen = changed.value
            if hold.withLock({ $0 == .none }) { return }
            changed.wait(since: seen, timeoutMilliseconds: 1000)
        }
    }

    private func wait(_ condition: () -> Bool) {
        while !condition() { usleep(200) }
    }

    /// The writes and syncs since the first append's sync began: a sync is an empty range.
    var writeCount: Int { disk.faults.withLock { $0.writes.count { !$0.isEmpty } } }
    var syncCount: Int { disk.faults.withLock { $0.writes.count { $0.isEmpty } } }
}

@Suite struct GroupCommitTests {
    private static let first = TestEvents.request(1, to: "cart-1", from: 0)

    @Test func `appends that come during a sync share the next one`() throws {
        let held = try HeldLog()
        let requests = (1...6).map {
            TestEvents.request(2, to: "cart-\($0)", from: UInt64($0 * 10))
        }
        let outcomes = try held.appending(GroupCommitTests.first, then: requests)
        let positions = try outcomes.flatMap { try $0.get().placements.map(\.position.number) }
        #expect(positions == Array(2...13))
        #expect(held.writeCount == 1)
        #expect(held.syncCount == 2)
        let times = try held.log.events(EventSelection(after: Position(1))).map(\.recordedTime)
        #expect(Set(times).count == 1)
    }

    @Test func `in a group each append sees those before it`() throws {
        let held = try HeldLog()
        let created = TestEvents.request(1, to: "order-1", from: 10, .noStream)
        let rival = TestEvents.request(1, to: "order-1", from: 20, .noStream)
        var guarded = TestEvents.request(1, to: "order-2", from: 30)
        guarded.condition = AppendCondition(
            failIfEventsMatch: [.init(types: [TestEvents.type(10)])],
            after: Position(1)
        )
        let next = TestEvents.request(1, to: "order-1", from: 40, .exactly(.first))
        let outcomes = try held.appending(
            GroupCommitTests.first,
            then: [created, rival, created, guarded, next]
        )
        #expect(try outcomes[0].get().placements.map(\.position.number) == [2])
        guard case .failure(.refused(.conflict(let conflict))) = outcomes[1] else {
            Issue.record("expected a conflict, not \(outcomes[1])")
            return
        }
        #expect(conflict.last == .first && conflict.between.map(\.position.number) == [2])
        #expect(try outcomes[2].get().duplicateCount == 1)
        #expect(try outcomes[2].get().placements == outcomes[0].get().placements)
        guard case .failure(.refused(.conditionFailed(Position(2)))) = outcomes[3] else {
            Issue.record("expected a failed condition, not \(outcomes[3])")
            return
        }
        #expect(try outcomes[4].get().placements.map(\.sequence.number) == [1])
        #expect(try EventLog.open(held.log.directory).events(EventSelection()).count == 3)
    }

    @Test func `when the write of a group fails nobody is told anything else`() throws {
        let held = try HeldLog()
        let created = TestEvents.request(1, to: "order-1", from: 10, .noStream)
        let rival = TestEvents.request(1, to: "order-1", from: 20, .noStream)
        // The sync under way fails, and after a failed sync nothing is written any more.
        held.disk.faults.withLock { $0.syncError = EIO }
        let outcomes = try held.appending(GroupCommitTests.first, then: [created, rival])
        for outcome in outcomes {
            guard case .failure(.failed(let error)) = outcome else {
                Issue.record("expected a failure, not \(outcome)")
                continue
            }
            #expect(error.code == .stopped)
        }
    }
}
