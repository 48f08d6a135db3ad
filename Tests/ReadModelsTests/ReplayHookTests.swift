import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Synchronization
import Testing

/// Writes down what it is told, in order.
private struct HookProjection: Projection {
    let name = "hooks"
    let tables = ["CREATE TABLE told (number INTEGER PRIMARY KEY, what TEXT NOT NULL)"]
    let eventTypes: [EventType]? = nil
    /// It is not, which is what lets the tests see; it says so for the replays to be allowed.
    let isIdempotent = true
    var failsToBegin = false
    var failsToEnd = false

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        let insert = try database.prepare("INSERT INTO told (what) VALUES (?)")
        return Handler(projection: self, insert: insert)
    }

    private final class Handler: ProjectionHandler {
        let projection: HookProjection
        let insert: SQLiteStatement

        init(projection: HookProjection, insert: SQLiteStatement) {
            self.projection = projection
            self.insert = insert
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            try note(isReplay ? "again \(event.position)" : "\(event.position)")
            return true
        }

        func replayBegins(_ replay: ReplayContext) throws {
            try note("begin \(Handler.text(replay))")
            if projection.failsToBegin { throw HookFailure() }
        }

        func replayEnds(_ replay: ReplayContext) throws {
            try note("end \(Handler.text(replay))")
            if projection.failsToEnd { throw HookFailure() }
        }

        private static func text(_ replay: ReplayContext) -> String {
            let author = replay.author
            let kind = replay.isShadow ? "shadow" : replay.isPartial ? "part" : "all"
            return "\(kind) \(replay.operation.low) \(author.operatorName) \(author.host) "
                + author.reason
        }

        private func note(_ what: String) throws {
            try insert.bind(text: what, at: 1)
            try insert.run()
        }
    }
}

private struct HookFailure: Error, CustomStringConvertible {
    let description = "no hook today"
}

extension GroupFixture<HookProjection> {
    /// Four events of one stream, all decided.
    fileprivate convenience init(segments count: Int) throws {
        self.init(HookProjection())
        for number in 0..<4 {
            _ = try store.append(TestEvents.request(1, to: "cart-\(number)", from: UInt64(number)))
        }
        try run("hooks") { host in
            _ = try host.waitUntilDecided(Position(4))
            for number in 1..<count {
                try ask(.split(group: "hooks", segment: nil), 100 + UInt64(number))
                try wait { try result(of: 100 + UInt64(number)) == .completed }
            }
        }
    }

    fileprivate func ask(
        replay number: UInt64 = 1,
        after start: UInt64 = 0,
        isShadow: Bool = false
    ) throws {
        let start = Position(start)
        try ask(
            .replay(group: "hooks", after: start, rateLimit: nil, isShadow: isShadow),
            number
        )
    }

    /// What was told of positions up to the fourth and of replays, in order.
    fileprivate func told() throws -> [String] {
        let database = try #require(try GroupObserver(files: group("hooks").files).openDatabase())
        let rows = try database.prepare("SELECT what FROM told ORDER BY number")
        var told: [String] = []
        while try rows.step() { told.append(rows.string(at: 0) ?? "") }
        return told
    }

    /// Lets the group decide everything there is.
    fileprivate func catchUp(_ host: ProcessorHost) throws {
        _ = try host.waitUntilDecided(store.head())
    }
}

private let again = ["again 1", "again 2", "again 3", "again 4"]

@Suite struct ReplayHookTests {
    private typealias Fixture = GroupFixture<HookProjection>

    @Test(arguments: [1, 3])
    func `a replay is begun before its first event and ended after its last`(segments: Int) throws {
        let fixture = try Fixture(segments: segments)
        let before = fixture.store.head()
        try fixture.run("hooks") { host in
            try fixture.ask()
            try fixture.wait { try fixture.result(of: 1) == .completed }
            try fixture.append(1, from: 10)
            try fixture.catchUp(host)
        }
        let told = try fixture.told()
        #expect(told.first == "begin all 1 ana here test")
        #expect(Set(told[1...4]) == Set(again))
        let end = try #require(told.firstIndex(of: "end all 1 ana here test"))
        #expect(end == 5)
        #expect(told[(end + 1)...].allSatisfy { UInt64($0) ?? 0 > before.number })
        #expect(told.count { $0.hasPrefix("end") || $0.hasPrefix("begin") } == 2)
        #expect(try #require(try fixture.observe("hooks").progress).isAccountedFor)
    }

    @Test func `new rows beside those in use are begun and ended too`() throws {
        let fixture = try Fixture(segments: 1)
        try fixture.run("hooks") { host in
            try fixture.ask(isShadow: true)
            try fixture.wait { try fixture.result(of: 1) == .completed }
            try fixture.catchUp(host)
        }
        let told = try fixture.told()
        #expect(Array(told[..<5]) == ["begin shadow 1 ana here test"] + again)
        #expect(told.count { $0 == "end shadow 1 ana here test" } == 1)
        let end = try #require(told.firstIndex(of: "end shadow 1 ana here test"))
        #expect(told[..<end].dropFirst().allSatisfy { $0.hasPrefix("again") })
        #expect(told[(end + 1)...].allSatisfy { !$0.hasPrefix("again") })
    }

    @Test func `a partial replay is told on the rows that there are`() throws {
        let fixture = try Fixture(segments: 1)
        try fixture.run("hooks") { host in
            try fixture.ask(after: 2)
            try fixture.wait { try fixture.result(of: 1) == .completed }
            try fixture.catchUp(host)
        }
        let told = try fixture.told().filter { Int($0) == nil || Int($0) ?? 9 <= 4 }
        #expect(Array(told[..<5]) == ["1", "2", "3", "4", "begin part 1 ana here test"])
        #expect(Array(told[5..<7]) == ["again 3", "again 4"])
        #expect(told.count { $0.hasPrefix("end part 1") } == 1)
    }

    @Test(arguments: [false, true])
    func `a replay that cannot be begun changes nothing`(isShadow: Bool) throws {
        let fixture = try Fixture(segments: 1)
        fixture.projection.withLock { $0.failsToBegin = true }
        try fixture.run("hooks") { host in
            try fixture.ask(isShadow: isShadow)
            try fixture.wait { try fixture.result(of: 1) == .failed }
            try fixture.catchUp(host)
        }
        let message = try #require(try fixture.outcomes(of: 1).last?.message)
        #expect(message.contains("no hook today"), "\(message)")
        #expect(try fixture.told().prefix(4) == ["1", "2", "3", "4"])
        #expect(try fixture.told().allSatisfy { Int($0) != nil })
        let progress = try #require(try fixture.observe("hooks").progress)
        #expect(progress.replay == nil && progress.shadow == nil)
        #expect(try fixture.observe("hooks").kept == nil)
    }

    @Test func `a replay that cannot be ended keeps the group, and ends once when it can`() throws {
        let fixture = try Fixture(segments: 1)
        fixture.projection.withLock { $0.failsToEnd = true }
        try fixture.run("hooks") { host in
            try fixture.ask()
            try fixture.wait { host.statuses["hooks"]?.failure?.contains("no hook") == true }
            try fixture.append(1, from: 10)
        }
        #expect(try fixture.observe("hooks").failure?.contains("no hook today") == true)
        #expect(try fixture.told() == ["begin all 1 ana here test"] + again)
        #expect(try fixture.observe("hooks").progress?.replay != nil)
        #expect(try fixture.result(of: 1) == .started)
        // Another process finds the replay where it was left.
        fixture.projection.withLock { $0.failsToEnd = false }
        try fixture.run("hooks") { host in try fixture.catchUp(host) }
        #expect(try fixture.result(of: 1) == .completed)
        let told = try fixture.told()
        let end = try #require(told.firstIndex(of: "end all 1 ana here test"))
        #expect(Array(told[..<end]) == ["begin all 1 ana here test"] + again)
        #expect(told.count { $0.hasPrefix("end") } == 1 && told.count > end + 1)
        #expect(try fixture.observe("hooks").failure == nil)
    }

    @Test func `a mended projection ends the replay in the process that failed to`() throws {
        let fixture = try Fixture(segments: 1)
        fixture.projection.withLock { $0.failsToEnd = true }
        try fixture.run("hooks") { host in
            try fixture.ask()
            try fixture.wait { host.statuses["hooks"]?.failure?.contains("no hook") == true }
            fixture.projection.withLock { $0.failsToEnd = false }
            fixture.clock.advance(bySeconds: 60)
            try fixture.wait { try fixture.result(of: 1) == .completed }
            try fixture.wait { host.statuses["hooks"]?.failure == nil }
            try fixture.catchUp(host)
        }
        #expect(try fixture.told().count { $0.hasPrefix("end") } == 1)
        #expect(try fixture.observe("hooks").failure == nil)
    }

    @Test func `new rows that cannot be ended are given up`() throws {
        let fixture = try Fixture(segments: 1)
        fixture.projection.withLock { $0.failsToEnd = true }
        try fixture.run("hooks") { host in
            try fixture.ask(isShadow: true)
            try fixture.wait { try fixture.result(of: 1) == .failed }
            try fixture.catchUp(host)
        }
        #expect(try fixture.outcomes(of: 1).last?.message.contains("no hook today") == true)
        #expect(try fixture.told().allSatisfy { Int($0) != nil })
    }

    @Test func `a replay in the middle of another is begun again, and only it ends`() throws {
        let fixture = try Fixture(segments: 1)
        fixture.projection.withLock { $0.failsToEnd = true }
        try fixture.run("hooks") { host in
            try fixture.ask()
            try fixture.wait { host.statuses["hooks"]?.failure?.contains("no hook") == true }
            fixture.projection.withLock { $0.failsToEnd = false }
            try fixture.ask(replay: 2)
            try fixture.wait { try fixture.result(of: 2) == .completed }
            try fixture.catchUp(host)
        }
        #expect(try fixture.result(of: 1) == .failed)
        let told = try fixture.told().filter { $0.hasPrefix("begin") || $0.hasPrefix("end") }
        #expect(told == ["begin all 2 ana here test", "end all 2 ana here test"])
    }
}
