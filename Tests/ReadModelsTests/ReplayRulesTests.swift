import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Synchronization
import Testing

/// Writes down what was called for each event.
private struct CallsProjection: Projection {
    let name = "calls"
    let tables = ["CREATE TABLE calls (position INTEGER, call TEXT NOT NULL)"]
    var eventTypes: [EventType]?
    /// It is not, which is what lets the tests see; it says so for the replays to be allowed.
    let isIdempotent = true
    var replayRules = ReplayRules(muted: [TestEvents.type(0)], replaced: [TestEvents.type(1)])
    var poison: Set<UInt64> = []

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        let insert = try database.prepare("INSERT INTO calls VALUES (?, ?)")
        return Handler(poison: poison, insert: insert)
    }

    private final class Handler: ProjectionHandler {
        let poison: Set<UInt64>
        let insert: SQLiteStatement

        init(poison: Set<UInt64>, insert: SQLiteStatement) {
            self.poison = poison
            self.insert = insert
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            try note(event, isReplay ? "replay" : "new")
        }

        func handleReplay(_ event: borrowing EventView) throws -> Bool {
            try note(event, "replaced")
        }

        private func note(_ event: borrowing EventView, _ call: String) throws -> Bool {
            if poison.contains(event.position.number) { throw Poison() }
            try insert.bind(.integer(Int64(event.position.number)), at: 1)
            try insert.bind(text: call, at: 2)
            try insert.run()
            return true
        }
    }
}

private struct Poison: Error {}

extension GroupFixture<CallsProjection> {
    /// Nine events of one stream, three of each type in turns, all decided.
    fileprivate convenience init(poison: Set<UInt64> = []) throws {
        var projection = CallsProjection()
        projection.poison = poison
        self.init(projection)
        try append(9, from: 0)
        try run("calls") { host in _ = try host.waitUntilDecided(Position(9)) }
    }

    fileprivate func replay(
        after start: UInt64 = 0,
        isShadow: Bool = false,
        _ selection: ReplaySelection = ReplaySelection()
    ) throws {
        try run("calls") { host in
            try ask(
                .replay(
                    group: "calls",
                    after: Position(start),
                    rateLimit: nil,
                    isShadow: isShadow,
                    selection: selection
                ),
                1
            )
            try wait { try result(of: 1) == .completed }
            _ = try host.waitUntilDecided(store.head())
        }
    }

    /// What was called for positions up to the ninth, in order.
    fileprivate func calls() throws -> [String] {
        let database = try #require(try GroupObserver(files: group("calls").files).openDatabase())
        let rows = try database.prepare("SELECT call FROM calls WHERE position <= 9 ORDER BY rowid")
        var calls: [String] = []
        while try rows.step() { calls.append(rows.string(at: 0) ?? "") }
        return calls
    }

    fileprivate func accounting() throws -> Accounting {
        let progress = try #require(try observe("calls").progress)
        #expect(progress.isAccountedFor)
        var accounting = progress.accounting
        // What operators said and the outcomes of that are filtered.
        accounting.filtered -= store.head().number - 9
        return accounting
    }
}

@Suite struct ReplayRulesTests {
    private typealias Fixture = GroupFixture<CallsProjection>

    @Test(arguments: [false, true])
    func `a replay mutes and replaces, and every event is in one number`(isShadow: Bool) throws {
        let fixture = try Fixture()
        #expect(try fixture.calls() == Array(repeating: "new", count: 9))
        #expect(try fixture.accounting() == Accounting(handled: 9))
        try fixture.replay(isShadow: isShadow)
        #expect(
            try fixture.calls() == [
                "replaced", "replay", "replaced", "replay", "replaced", "replay",
            ]
        )
        #expect(try fixture.accounting() == Accounting(handled: 6, filtered: 3))
    }

    @Test func `what comes after a replay is handled as always`() throws {
        let fixture = try Fixture()
        try fixture.replay()
        let head = fixture.store.head()
        try fixture.append(3, from: head.number)
        try fixture.run("calls") { host in _ = try host.waitUntilDecided(fixture.store.head()) }
        let database = try #require(
            try GroupObserver(files: fixture.group("calls").files).openDatabase()
        )
        let rows = try database.prepare("SELECT call FROM calls WHERE position > \(head)")
        var calls: [String] = []
        while try rows.step() { calls.append(rows.string(at: 0) ?? "") }
        #expect(calls == ["new", "new", "new"])
    }

    @Test func `a partial replay keeps to the rules and counts nothing anew`() throws {
        let fixture = try Fixture()
        try fixture.replay(after: 3, ReplaySelection(end: Position(6)))
        #expect(
            try fixture.calls() == Array(repeating: "new", count: 9) + ["replaced", "replay"]
        )
        #expect(try fixture.accounting() == Accounting(handled: 9))
    }

    @Test func `a letter of a replay that is muted is filtered when it is tried again`() throws {
        // The second event fails, and those behind it wait, of all types.
        let fixture = try Fixture(poison: [2])
        try fixture.replay()
        #expect(try fixture.accounting() == Accounting(filtered: 1, deadLettered: 8))
        fixture.projection.withLock { $0.poison = [] }
        try fixture.run("calls") { host in
            try fixture.ask(
                .retry(group: "calls", letters: .all, rateLimit: nil, stopsAtFailure: true),
                2
            )
            try fixture.wait { try fixture.result(of: 2) == .completed }
            _ = try host.waitUntilDecided(fixture.store.head())
        }
        #expect(
            try fixture.calls() == [
                "replaced", "replay", "replaced", "replay", "replaced", "replay",
            ]
        )
        #expect(try fixture.accounting() == Accounting(handled: 6, filtered: 3))
    }

    @Test func `rules for all other types go for those that are not named`() throws {
        let fixture = try Fixture()
        fixture.projection.withLock {
            $0.replayRules = ReplayRules(replaced: [TestEvents.type(2)], others: .muted)
        }
        try fixture.replay()
        #expect(try fixture.calls() == Array(repeating: "replaced", count: 3))
        #expect(try fixture.accounting() == Accounting(handled: 3, filtered: 6))
    }

    @Test func `projections of one group that differ make a type replaced`() throws {
        var other = CallsProjection()
        other.replayRules = ReplayRules()
        other.eventTypes = [TestEvents.type(0)]
        let projections = [CallsProjection(eventTypes: [TestEvents.type(0)]), other]
        let directory = TemporaryDirectory()
        let group = ReadModelGroup(name: "both", directory: directory.path) { [projections] in
            projections
        }
        let types = (0..<3).map(TestEvents.type)
        #expect(group.replayPolicies(for: types) == [types[0]: .replaced])
    }
}
