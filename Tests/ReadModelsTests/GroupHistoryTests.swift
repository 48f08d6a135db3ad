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
        let store = InMemoryEventStore(identity: identity, now: fixture.clock.now)
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
        // What is not known to be the same is none; marks are about a thousand positions apart.
        #expect(replayCount <= min(sameCount, 3500))
        #expect(min(sameCount, 3500) - replayCount <= Int(HistoryMark.interval))
        #expect(!flags.dropFirst(replayCount).contains(true))
    }

    @Test(arguments: [0, 900] as [UInt64])
    func `a rewind to the common ancestor ends, and every event is accounted for once`(
        before: UInt64
    ) throws {
        let fixture = GroupFixture(MailProjection(mails: Mails()))
        try append(0..<3500, from: 0, to: fixture.store)
        let group = fixture.group("mails")
        func run(_ store: InMemoryEventStore, _ body: (ProcessorHost) throws -> Void) throws {
            let host = ProcessorHost([group], store: store, process: 1, now: fixture.clock.now)
            defer { host.stop() }
            try body(host)
        }
        try run(fixture.store) { host in
            let behind = try host.waitUntilDecided(Position(3500))
            #expect(behind.isEmpty)
        }
        let store = try otherStore(5000, ofWhichSame: 3100)
        let observer = GroupObserver(files: group.files)
        let stored = try #require(try observer.observe().progress)
        let marks = stored.segments.compactMap(\.mark)
        let broken = try #require(try HistoryBreak(marks, earlier: observer.marks, in: store))
        #expect(broken.ancestor > Position(1000) && broken.ancestor <= Position(3100))
        let operation = Operation(
            id: EventID(high: 0x0A5C, low: 99),
            act: .replay(
                group: "mails",
                after: Position(broken.ancestor.number - before),
                rateLimit: nil
            ),
            operatorName: "ana",
            host: "here",
            reason: "restored"
        )
        try run(store) { host in
            let stuck = try host.waitUntilDecided(store.head())
            #expect(stuck == ["mails"])
            _ = try store.append(AppendRequest(ofSystem: [operation.event], to: Operation.stream))
            try fixture.wait {
                try store.events(EventSelection(.stream(Operation.stream)))
                    .compactMap(OperationOutcome.init)
                    .contains { $0.operation == operation.id && $0.result == .completed }
            }
            try fixture.wait {
                try fixture.observe("mails").progress?.token.position == store.head()
            }
        }
        let progress = try #require(try observer.observe().progress)
        #expect(progress.isAccountedFor && progress.token.position == store.head())
        let database = try #require(try observer.openDatabase())
        let rows = try database.prepare("SELECT isReplay, count(*) FROM seen GROUP BY 1 ORDER BY 1")
        var counts: [Int64: Int64] = [:]
        while try rows.step() { counts[rows.integer(at: 0)] = rows.integer(at: 1) }
        // What is behind the ancestor is new to the group, also what it had the number of before.
        let lost = 3500 + 5000 - Int64(broken.ancestor.number)
        #expect(counts == (before == 0 ? [0: lost] : [0: lost, 1: Int64(before)]))
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
}
