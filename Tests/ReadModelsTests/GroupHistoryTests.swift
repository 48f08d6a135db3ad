import Disk
import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

/// Groups whose store holds another history than the one they have handled.
@Suite struct GroupHistoryTests {
    private let fixture = GroupFixture(JournalProjection())

    /// A store that holds so many events, of which some are those of the fixture's store.
    private func otherStore(_ count: Int, ofWhichSame sameCount: Int) throws -> InMemoryEventStore {
        let identity = StoreIdentity(
            id: fixture.store.identity.id,
            incarnation: 2,
            name: "restored"
        )
        // Its clock gives the same events the same times.
        let store = InMemoryEventStore(identity: identity, now: TestClock().now)
        try append(0..<sameCount, from: 0, to: store)
        try append(sameCount..<count, from: 1_000_000, to: store)
        return store
    }

    /// Appends an event for each position, with numbers from a first one on.
    private func append(
        _ positions: Range<Int>,
        from number: UInt64,
        to store: InMemoryEventStore
    ) throws {
        for position in positions {
            let stream = "cart-\(position % 7)"
            let event = number + UInt64(position)
            _ = try store.append(TestEvents.request(1, to: stream, from: event))
        }
    }

    private func run(_ store: InMemoryEventStore, _ body: (ProcessorHost) throws -> Void) throws {
        let group = fixture.group("journal")
        let host = ProcessorHost([group], store: store, process: 1, now: fixture.clock.now)
        defer { host.stop() }
        try body(host)
    }

    @Test(arguments: [(3500, 3500), (3200, 3000), (2500, 2500), (9000, 3100), (9000, 0)])
    func `a group ahead of history handles nothing until its replay, whose flags are exact`(
        count: Int,
        sameCount: Int
    ) throws {
        try append(0..<3500, from: 0, to: fixture.store)
        try run(fixture.store) { host in
            let stuck = try host.waitUntilDecided(Position(3500))
            #expect(stuck.isEmpty)
        }
        let store = try otherStore(count, ofWhichSame: sameCount)
        try run(store) { host in
            let isBroken = count > sameCount || count < 3500
            let stuck = try host.waitUntilDecided(store.head())
            #expect(stuck == (isBroken ? ["journal"] : []))
            #expect(host.statuses["journal"]?.isAheadOfHistory == isBroken)
            if isBroken {
                let failure = try #require(host.statuses["journal"]?.failure)
                #expect(failure.contains("3500") && failure.contains("replay"))
            }
            let operation = Operation(
                id: EventID(high: 0x0A5C, low: 1),
                act: .replay(group: "journal", after: .start, rateLimit: nil),
                operatorName: "ana",
                host: "here",
                reason: "restored"
            )
            _ = try store.append(AppendRequest(ofSystem: [operation.event], to: Operation.stream))
            try fixture.wait {
                let progress = try fixture.observe("journal").progress
                return progress?.token.position == store.head() && progress?.replay == nil
            }
        }
        let database = try #require(
            try GroupObserver(files: fixture.group("journal").files).openDatabase()
        )
        let rows = try database.prepare("SELECT isReplay FROM journal ORDER BY number")
        var flags: [Bool] = []
        while try rows.step() { flags.append(rows.integer(at: 0) == 1) }
        #expect(flags.count == count)
        let replayCount = flags.prefix { $0 }.count
        // What is not known to be the same is none; within a batch marks are far apart.
        #expect(replayCount <= min(sameCount, 3500))
        #expect(min(sameCount, 3500) - replayCount <= 1024)
        #expect(!flags.dropFirst(replayCount).contains(true))
    }

    @Test func `new rows beside those in use are refused to a group ahead of history`() throws {
        try append(0..<3500, from: 0, to: fixture.store)
        try run(fixture.store) { host in
            let behind = try host.waitUntilDecided(Position(3500))
            #expect(behind.isEmpty)
        }
        let store = try otherStore(5000, ofWhichSame: 3100)
        let operation = Operation(
            id: EventID(high: 0x0A5C, low: 1),
            act: .replay(group: "journal", after: .start, rateLimit: nil, isShadow: true),
            operatorName: "ana",
            host: "here",
            reason: "restored"
        )
        try run(store) { _ in
            _ = try store.append(AppendRequest(ofSystem: [operation.event], to: Operation.stream))
            try fixture.wait {
                try store.events(EventSelection(.stream(Operation.stream)))
                    .compactMap(OperationOutcome.init).contains { $0.result == .refused }
            }
        }
    }

    @Test func `what operators said in the place of what is lost is obeyed`() throws {
        func ask(_ act: Operation.Act, _ number: UInt64, in store: InMemoryEventStore) throws {
            let operation = Operation(
                id: EventID(high: 0x0A5C, low: number),
                act: act,
                operatorName: "ana",
                host: "here",
                reason: "test"
            )
            _ = try store.append(AppendRequest(ofSystem: [operation.event], to: Operation.stream))
            try fixture.wait {
                try store.events(EventSelection(.stream(Operation.stream))).contains {
                    let outcome = OperationOutcome($0)
                    return outcome?.operation == operation.id && outcome?.result == .completed
                }
            }
        }
        try append(0..<10, from: 0, to: fixture.store)
        try run(fixture.store) { _ in
            try ask(.pause(group: "journal"), 1, in: fixture.store)
            try ask(.skip(group: "journal", position: Position(30)), 2, in: fixture.store)
        }
        let store = try otherStore(40, ofWhichSame: 10)
        try run(store) { _ in
            try ask(.resume(group: "journal"), 3, in: store)
            try ask(.replay(group: "journal", after: .start, rateLimit: nil), 4, in: store)
        }
        let observer = try GroupObserver(files: fixture.group("journal").files).openDatabase()
        let database = try #require(observer)
        let rows = try database.prepare("SELECT count(*) FROM journal")
        #expect(try rows.step() && rows.integer(at: 0) == 40)
    }
}
