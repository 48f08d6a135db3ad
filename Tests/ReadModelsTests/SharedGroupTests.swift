import Disk
import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Synchronization
import Testing

/// Groups whose segments several hosts share.
@Suite struct SharedGroupTests {
    private typealias JournalFixture = GroupFixture<JournalProjection>

    @Test func `hosts share the segments, and take over those of one that stops`() throws {
        let fixture = JournalFixture(JournalProjection())
        var random = RandomSequence(seed: 1)
        var streams = try fixture.append(300, to: 40, using: &random)
        let first = fixture.host(1)
        defer { first.stop() }
        for number in UInt64(1)...3 {
            try fixture.ask(.split(group: "journal", segment: nil), number)
            try fixture.wait { try fixture.result(of: number) == .completed }
        }
        try fixture.wait { try fixture.owners() == [1, 1, 1, 1] }
        #expect(try fixture.segments() == Segment.shares(4))
        do {
            let second = fixture.host(2)
            defer { second.stop() }
            try fixture.wait { try fixture.owners() == [1, 1, 2, 2] }
            streams += try fixture.append(500, to: 40, using: &random)
            try fixture.waitUntilDecided()
            try fixture.ask(.pause(group: "journal"), 4)
            try fixture.wait { try fixture.result(of: 4) == .completed }
            try fixture.ask(.resume(group: "journal"), 5)
            streams += try fixture.append(500, to: 40, using: &random)
            try fixture.waitUntilDecided()
        }
        try fixture.wait { try fixture.owners() == [1, 1, 1, 1] }
        streams += try fixture.append(200, to: 40, using: &random)
        for number in UInt64(6)...8 {
            try fixture.ask(.merge(group: "journal", segment: nil), number)
            try fixture.wait { try fixture.result(of: number) == .completed }
        }
        try fixture.waitUntilDecided()
        #expect(try fixture.segments() == [.whole])
        try fixture.checkJournal(of: streams)
    }

    @Test(arguments: UInt64(0)..<6)
    func `whatever hosts come and go, every event is handled once and in order`(
        _ seed: UInt64
    ) throws {
        let fixture = JournalFixture(JournalProjection())
        var random = RandomSequence(seed: seed)
        var streams: [String] = []
        var hosts = [Int32(1): fixture.host(1)]
        defer { for host in hosts.values { host.stop() } }
        var asked: UInt64 = 0
        for round in Int32(2)..<20 {
            let count = Int.random(in: 1...400, using: &random)
            streams += try fixture.append(count, to: 30, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                asked += 1
                try fixture.ask(.split(group: "journal", segment: nil), asked)
            case 2:
                asked += 1
                try fixture.ask(.merge(group: "journal", segment: nil), asked)
            case 3:
                // One inside another would keep rows that do not tell all that was handled.
                try fixture.waitUntilAnswered(asked)
                try fixture.waitUntilDecided()
                asked += 1
                let replay = Operation.Act.replay(group: "journal", after: .start, rateLimit: nil)
                try fixture.ask(replay, asked)
            case 4 where hosts.count < 3: hosts[round] = fixture.host(round)
            default:
                guard hosts.count > 1,
                    let leaving = hosts.keys.sorted().randomElement(using: &random)
                else { continue }
                hosts.removeValue(forKey: leaving)?.stop()
            }
        }
        try fixture.waitUntilAnswered(asked)
        try fixture.waitUntilDecided()
        try fixture.checkJournal(of: streams)
        try fixture.checkFlags()
    }

    @Test func `an owner without signs of life loses its segment, and its transaction`() throws {
        let fixture = JournalFixture(JournalProjection())
        var random = RandomSequence(seed: 7)
        let streams = try fixture.append(100, to: 10, using: &random)
        fixture.run("journal") { _ = try? $0.waitUntilDecided(Position(100)) }
        let hung = try fixture.group("journal").open()
        try fixture.wait { try hung.take(.whole, isStolen: false) }
        let stored = try #require(try hung.loadProgress())
        // It wakes up when others have gone on without it.
        let more = try fixture.append(100, to: 10, using: &random)
        let host = fixture.host(2, stealTimeout: .milliseconds(200))
        defer { host.stop() }
        try fixture.waitUntilDecided()
        #expect(throws: ClaimLost.self) { try hung.begin() }
        #expect(throws: ClaimLost.self) { try hung.loadProgress() }
        #expect(throws: ClaimLost.self) { try hung.transact { stored } }
        #expect(try fixture.owners() == [2])
        try fixture.checkJournal(of: streams + more)
        // What it held on to is free for others when it goes.
        hung.release(.whole)
        try fixture.wait { try fixture.owners() == [2] }
    }

    @Test func `a segment is not taken from an owner that shows signs of life`() throws {
        let fixture = JournalFixture(JournalProjection())
        _ = try fixture.append(10, from: 0)
        let owner = try fixture.group("journal").open()
        #expect(try owner.take(.whole, isStolen: false))
        let host = fixture.host(2, stealTimeout: .milliseconds(400))
        defer { host.stop() }
        for _ in 0..<100 {
            owner.heart.beat(handling: nil, at: fixture.clock.now())
            _ = fixture.store.wait(after: Position(.max), timeoutMilliseconds: 10)
        }
        try owner.begin()
        owner.rollback()
    }

    @Test func `a process with a handler that does not come back says so`() throws {
        let fixture = GroupFixture(GatedProjection())
        _ = try fixture.append(20, from: 0)
        let gate = fixture.projection.withLock { $0.gate }
        let host = ProcessorHost(
            [fixture.group("gated")],
            store: fixture.store,
            process: 1,
            now: fixture.clock.now
        )
        defer {
            gate.open()
            host.stop()
        }
        try fixture.wait {
            try fixture.observe("gated").owners[.whole]?.handling?.position == Position(7)
        }
        gate.open()
        #expect(try host.waitUntilDecided(Position(20)).isEmpty)
        try fixture.wait { try fixture.observe("gated").owners[.whole]?.handling == nil }
    }

    @Test func `what was said anew of sequences waits until the segments are at one place`() throws
    {
        let fixture = JournalFixture(JournalProjection())
        var random = RandomSequence(seed: 3)
        let streams = try fixture.append(200, to: 20, using: &random)
        do {
            let host = fixture.host(1)
            defer { host.stop() }
            try fixture.ask(.split(group: "journal", segment: nil), 1)
            try fixture.wait { try fixture.result(of: 1) == .completed }
            try fixture.waitUntilDecided()
        }
        fixture.projection.withLock { $0.sequencing = .oneAtATime }
        let more = try fixture.append(200, to: 20, using: &random)
        let host = fixture.host(1)
        defer { host.stop() }
        try fixture.waitUntilDecided()
        try fixture.checkJournal(of: streams + more)
        #expect(try fixture.observe("journal").progress?.sequencing == .oneAtATime)
    }
}

extension GroupFixture<JournalProjection> {
    fileprivate func host(
        _ process: Int32,
        stealTimeout: Duration = .seconds(10)
    ) -> ProcessorHost {
        ProcessorHost(
            [group("journal")],
            store: store,
            process: process,
            stealTimeout: stealTimeout,
            now: clock.now
        )
    }

    fileprivate func segments() throws -> [Segment] {
        try observe("journal").progress?.segments.map(\.segment) ?? []
    }

    /// The processes that run the segments, in the order of their numbers.
    fileprivate func owners() throws -> [Int32] {
        try observe("journal").owners.values.map(\.process).sorted()
    }

    /// Waits until so many operations have come to their end.
    fileprivate func waitUntilAnswered(_ count: UInt64) throws {
        guard count > 0 else { return }
        try wait {
            try (1...count).allSatisfy { number in
                let result = try result(of: number)
                return result != nil && result != .started
            }
        }
    }

    /// Waits until every segment is at the head.
    fileprivate func waitUntilDecided() throws {
        try wait {
            guard let progress = try observe("journal").progress else { return false }
            return progress.replay == nil && progress.token.position == store.head()
        }
    }

    /// Checks that every event is in the journal once, each stream's in their order, and in the
    /// accounting once.
    fileprivate func checkJournal(of streams: [String]) throws {
        let observation = try observe("journal")
        let progress = try #require(observation.progress)
        #expect(progress.isAccountedFor && progress.accounting.deadLettered == 0)
        let system = try store.events(EventSelection(.stream(Operation.stream))).count
        let counts = Accounting(handled: UInt64(streams.count), filtered: UInt64(system))
        if progress.segments.count == 1 { #expect(progress.accounting == counts) }
        let database = try SQLiteConnection(path: group("journal").files.database, mode: .readOnly)
        let rows = try database.prepare("SELECT stream, sequence FROM journal ORDER BY number")
        var next: [String: Int64] = [:]
        var count = 0
        while try rows.step() {
            let stream = rows.string(at: 0) ?? ""
            #expect(rows.integer(at: 1) == next[stream, default: 0])
            next[stream, default: 0] += 1
            count += 1
        }
        #expect(count == streams.count)
    }

    /// Checks that what was handled before the last replay is a replay, and nothing else.
    fileprivate func checkFlags() throws {
        let inUse = group("journal").files.database
        let names = try RealDisk().names(in: directory.path)
        let kept = names.map { "\(directory.path)/\($0)" }.first {
            $0.hasSuffix(".sqlite") && $0 != inUse
        }
        let known = try Set(kept.map(rows)?.map(\.name) ?? [])
        for row in try rows(inUse) {
            #expect(row.isReplay == known.contains(row.name), "\(row.name)")
        }
    }

    private func rows(_ path: String) throws -> [(name: String, isReplay: Bool)] {
        let database = try SQLiteConnection(path: path, mode: .readOnly)
        let rows = try database.prepare("SELECT stream, sequence, isReplay FROM journal")
        var found: [(String, Bool)] = []
        while try rows.step() {
            let name = "\(rows.string(at: 0) ?? "") \(rows.integer(at: 1))"
            found.append((name, rows.integer(at: 2) == 1))
        }
        return found
    }
}
