import Disk
import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Synchronization
import Testing

private typealias Fixture = GroupFixture<JournalProjection>

/// The sequences of each stream before its first event that cannot be handled.
private func before(_ poison: Set<UInt64>, of streams: [String]) -> [String: [Int64]] {
    var handled: [String: [Int64]] = [:]
    var blocked: Set<String> = []
    for (index, stream) in streams.enumerated() {
        if poison.contains(UInt64(index + 1)) { blocked.insert(stream) }
        guard !blocked.contains(stream) else { continue }
        handled[stream, default: []].append(Int64(handled[stream]?.count ?? 0))
    }
    return handled
}

@Suite struct DeadLetterTests {
    @Test(arguments: 0..<12)
    func `poison at random places blocks no other sequence and loses nothing`(_ seed: UInt64) throws
    {
        var random = RandomSequence(seed: seed)
        let count = 300
        let poison = Set((0..<8).map { _ in UInt64.random(in: 1...UInt64(count), using: &random) })
        var projection = JournalProjection()
        for position in poison {
            if Bool.random(using: &random) {
                projection.poison.insert(position)
            } else {
                projection.latePoison.insert(position)
            }
        }
        let fixture = Fixture(projection)
        let streams = try fixture.append(count, to: 12, using: &random)
        let handled = before(poison, of: streams)
        try fixture.run("journal") { host in
            let stuck = try host.waitUntilDecided(Position(UInt64(count)))
            #expect(stuck.isEmpty)
        }
        #expect(try fixture.journal() == handled)
        let handledCount = UInt64(handled.values.reduce(0) { $0 + $1.count })
        let expected = Accounting(
            handled: handledCount,
            deadLettered: UInt64(count) - handledCount
        )
        #expect(try fixture.accounting() == expected)
        #expect(try fixture.letters().reduce(0) { $0 + $1.count } == count - Int(handledCount))

        fixture.projection.withLock { $0 = JournalProjection() }
        try fixture.run("journal") { host in
            try fixture.ask(
                .retry(group: "journal", letters: .all, rateLimit: nil, stopsAtFailure: true),
                1
            )
            try fixture.wait { try fixture.result(of: 1) == .completed }
            _ = try host.waitUntilDecided(fixture.store.head())
        }
        #expect(try fixture.letters().isEmpty)
        #expect(try fixture.journal() == before([], of: streams))
        let events = UInt64(count)
        let system = fixture.store.head().number - events
        #expect(try fixture.accounting() == Accounting(handled: events, filtered: system))
    }

    @Test func `a letter is tried again later and later, then it waits for an operator`() throws {
        var projection = JournalProjection()
        projection.poison = [3]
        let fixture = Fixture(projection)
        try fixture.append(5, from: 0)
        func attempts() throws -> Int { try fixture.letters().first?.first.failure?.attempts ?? 0 }
        try fixture.run("journal") { host in
            _ = try host.waitUntilDecided(Position(5))
            #expect(try attempts() == 1)
            for (number, seconds) in [1.0, 10, 60].enumerated() {
                let next = try #require(try fixture.letters().first?.first.failure?.nextAttempt)
                #expect(next.seconds(since: fixture.clock.now()) > seconds - 1)
                fixture.clock.advance(bySeconds: seconds + 1)
                fixture.store.wakeWaiters()
                try fixture.wait { try attempts() == number + 2 }
            }
            #expect(try fixture.letters().first?.first.failure?.nextAttempt == nil)
            // What comes later of the same stream waits too, what comes of another does not.
            _ = try fixture.store.append(TestEvents.request(1, to: "cart-1", from: 5))
            _ = try fixture.store.append(TestEvents.request(1, to: "cart-2", from: 6))
            _ = try host.waitUntilDecided(Position(7))
        }
        #expect(try fixture.journal() == ["cart-1": [0, 1], "cart-2": [0]])
        #expect(try fixture.letters().map(\.count) == [4])
        #expect(try fixture.letters().first?.first.failure?.cause == "poison")
    }

    @Test func `a letter whose cause has gone is handled without being asked`() throws {
        var projection = JournalProjection()
        projection.poison = [2]
        let fixture = Fixture(projection)
        try fixture.append(4, from: 0)
        try fixture.run("journal") { host in
            _ = try host.waitUntilDecided(Position(4))
        }
        fixture.projection.withLock { $0.poison = [] }
        fixture.clock.advance(bySeconds: 2)
        try fixture.run("journal") { _ in
            try fixture.wait { try fixture.letters().isEmpty }
        }
        #expect(try fixture.journal() == ["cart-1": [0, 1, 2, 3]])
        #expect(try fixture.accounting() == Accounting(handled: 4))
    }

    @Test func `a retry stops at the first sequence that fails again, if it is to`() throws {
        for (number, stops) in [true, false].enumerated() {
            var projection = JournalProjection()
            projection.poison = [1, 2, 3, 4]
            let fixture = Fixture(projection)
            for stream in 1...4 {
                _ = try fixture.store.append(
                    TestEvents.request(1, to: "cart-\(stream)", from: UInt64(stream))
                )
            }
            try fixture.run("journal") { host in _ = try host.waitUntilDecided(Position(4)) }
            fixture.projection.withLock { $0.poison = [2] }
            try fixture.run("journal") { _ in
                try fixture.ask(
                    .retry(group: "journal", letters: .all, rateLimit: nil, stopsAtFailure: stops),
                    UInt64(number)
                )
                try fixture.wait { try fixture.result(of: UInt64(number)) == .failed }
            }
            let left = try fixture.letters().map(\.first.sequenceKey)
            #expect(left == (stops ? ["cart-2", "cart-3", "cart-4"] : ["cart-2"]))
        }
    }

    @Test func `a discarded letter is skipped, and those behind it are handled`() throws {
        var projection = JournalProjection()
        projection.poison = [2]
        let fixture = Fixture(projection)
        try fixture.append(4, from: 0)
        try fixture.run("journal") { host in
            _ = try host.waitUntilDecided(Position(4))
            try fixture.ask(.discard(group: "journal", letters: .position(Position(2))), 1)
            try fixture.wait { try fixture.letters().isEmpty }
            try fixture.ask(.discard(group: "journal", letters: .all), 2)
            try fixture.wait { try fixture.result(of: 2) == .refused }
            _ = try host.waitUntilDecided(fixture.store.head())
        }
        #expect(try fixture.result(of: 1) == .completed)
        #expect(try fixture.journal() == ["cart-1": [0, 2, 3]])
        let system = fixture.store.head().number - 4
        let expected = Accounting(handled: 3, filtered: system, skipped: 1)
        #expect(try fixture.accounting() == expected)
    }

    @Test func `a skipped event is not handled, also not in a replay`() throws {
        var projection = JournalProjection()
        projection.poison = [2]
        let fixture = Fixture(projection)
        try fixture.append(4, from: 0)
        try fixture.run("journal") { host in
            _ = try host.waitUntilDecided(Position(4))
            try fixture.ask(.skip(group: "journal", position: Position(2)), 1)
            try fixture.wait { try fixture.letters().isEmpty }
            try fixture.ask(.replay(group: "journal", after: .start, rateLimit: nil), 2)
            try fixture.wait { try fixture.result(of: 2) == .completed }
            _ = try host.waitUntilDecided(fixture.store.head())
        }
        #expect(try fixture.journal() == ["cart-1": [0, 2, 3]])
        #expect(try fixture.accounting().skipped == 1)
    }

    /// Events of two streams in turns, of which the second fails; which ones wait for it.
    @Test(arguments: [
        (SequencingPolicy.perStream, [2, 4, 6, 8]), (.oneAtATime, [2, 3, 4, 5, 6, 7, 8]),
        (.concurrent, [2]), (.tag("shop"), [2, 3, 6, 7]), (.metadata("customer"), [2, 5, 8]),
        (.tag("nobody"), [2]), (.metadata("nobody"), [2]),
    ])
    func `what waits for an event that failed is its sequence`(
        _ policy: SequencingPolicy,
        _ held: [UInt64]
    ) throws {
        var projection = JournalProjection()
        projection.poison = [2]
        projection.sequencing = policy
        let fixture = Fixture(projection)
        for number in UInt64(1)...8 {
            var event = TestEvents.event(number)
            event.tags = [EventTag(key: "shop", value: "\(number / 2 % 2)")]
            event.metadata = Array(#"{"customer":"\#(number % 3)"}"#.utf8)
            let stream = StreamName("cart-\(number % 2)")
            _ = try fixture.store.append(AppendRequest([event], to: stream))
        }
        try fixture.run("journal") { host in _ = try host.waitUntilDecided(Position(8)) }
        let database = try #require(
            try GroupObserver(files: fixture.group("journal").files).openDatabase()
        )
        let rows = try database.prepare("SELECT position FROM recount_letters ORDER BY position")
        var letters: [UInt64] = []
        while try rows.step() { letters.append(UInt64(rows.integer(at: 0))) }
        #expect(letters == held)
    }

    @Test func `what is skipped stays skipped beside the rows in use, and without any`() throws {
        var projection = JournalProjection()
        projection.poison = [2]
        let fixture = Fixture(projection)
        try fixture.append(600, from: 0)
        let skipped = Position(2)
        try fixture.run("journal") { host in
            _ = try host.waitUntilDecided(Position(600))
            try fixture.ask(.skip(group: "journal", position: skipped), 1)
            try fixture.wait { try fixture.letters().isEmpty }
            let shadow = Operation.Act.replay(
                group: "journal",
                after: .start,
                rateLimit: 1,
                isShadow: true
            )
            try fixture.ask(shadow, 2)
            try fixture.ask(.skip(group: "journal", position: Position(3)), 3)
            try fixture.wait { try fixture.result(of: 3) == .refused }
            try fixture.wait {
                fixture.clock.advance(bySeconds: 10)
                return try ![nil, .started].contains(fixture.result(of: 2))
            }
            #expect(try fixture.result(of: 2) == .completed)
        }
        #expect(try fixture.journal()["cart-1"]?.contains(1) == false)
        #expect(try fixture.accounting().skipped == 1)
        try RealDisk().removeTree(fixture.directory.path)
        try fixture.run("journal") { host in _ = try host.waitUntilDecided(fixture.store.head()) }
        #expect(try fixture.journal()["cart-1"]?.contains(1) == false)
        #expect(try fixture.accounting().skipped == 1)
    }

    @Test func `a retry that a replay ends is told to have ended`() throws {
        for isShadow in [false, true] {
            var projection = JournalProjection()
            projection.poison = [1]
            let fixture = Fixture(projection)
            try fixture.append(50, from: 0)
            try fixture.run("journal") { host in
                _ = try host.waitUntilDecided(Position(50))
                fixture.projection.withLock { $0.poison = [] }
                try fixture.ask(
                    .retry(group: "journal", letters: .all, rateLimit: 1, stopsAtFailure: true),
                    1
                )
                try fixture.wait { try fixture.result(of: 1) == .started }
                let replay = Operation.Act.replay(
                    group: "journal",
                    after: .start,
                    rateLimit: nil,
                    isShadow: isShadow
                )
                try fixture.ask(replay, 2)
                try fixture.wait { try fixture.result(of: 2) == .completed }
            }
            #expect(try fixture.result(of: 1) == .failed, "\(isShadow)")
            #expect(try fixture.journal() == ["cart-1": Array(0..<50)])
        }
    }

    @Test func `a replay from the start clears the letters and makes its own`() throws {
        var projection = JournalProjection()
        projection.poison = [2]
        let fixture = Fixture(projection)
        try fixture.append(4, from: 0)
        try fixture.run("journal") { host in
            _ = try host.waitUntilDecided(Position(4))
            fixture.projection.withLock { $0.poison = [4] }
            try fixture.ask(.replay(group: "journal", after: .start, rateLimit: nil), 1)
            try fixture.wait { try fixture.result(of: 1) == .completed }
        }
        #expect(try fixture.journal() == ["cart-1": [0, 1, 2]])
        let letters = try fixture.letters()
        #expect(letters.map(\.first.position) == [Position(4)])
        #expect(letters.first?.first.isReplay == true)
    }

    @Test func `a definition that cannot be used stops the group and puts nothing aside`() throws {
        let fixture = GroupFixture(BrokenProjection())
        try fixture.append(4, from: 0)
        try fixture.run("broken") { host in
            let stuck = try host.waitUntilDecided(Position(4))
            #expect(stuck == ["broken"])
        }
        let observation = try fixture.observe("broken")
        #expect(observation.progress?.token.position == .start)
        #expect(observation.failure?.contains("no such table: nowhere") == true)
        let observer = GroupObserver(files: fixture.group("broken").files)
        #expect(try observer.letters(limit: 1).map(\.first.failure?.cause) == [])
    }
}

/// Writes into a table that it does not make.
private struct BrokenProjection: Projection {
    let name = "broken"
    let tables = ["CREATE TABLE here (id INTEGER)"]
    let eventTypes: [EventType]? = nil
    let isIdempotent = false

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        _ = try database.prepare("INSERT INTO nowhere VALUES (1)")
        return Handler()
    }

    private final class Handler: ProjectionHandler {
        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool { true }
    }
}
