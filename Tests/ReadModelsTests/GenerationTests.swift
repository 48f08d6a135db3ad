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

extension GroupFixture<JournalProjection> {
    /// A group that has decided so many events.
    fileprivate convenience init(caughtUp count: Int) throws {
        self.init(JournalProjection())
        try append(count, from: 0)
        try run("journal") { host in _ = try host.waitUntilDecided(Position(UInt64(count))) }
    }

    /// Everything in the rows in use, told by whether they were handled in a replay.
    fileprivate func rows() throws -> [String] {
        let database = try #require(try GroupObserver(files: group("journal").files).openDatabase())
        let rows = try database.prepare("SELECT * FROM journal ORDER BY number")
        var texts: [String] = []
        while try rows.step() {
            texts.append((0..<4).map { rows.string(at: $0) ?? "" }.joined(separator: " "))
        }
        return texts
    }

    fileprivate var files: [String] {
        ((try? RealDisk().names(in: directory.path)) ?? [])
            .filter { $0.hasSuffix(".sqlite") || $0.hasSuffix(".draft") }.sorted()
    }

    fileprivate func replay(_ number: UInt64, isShadow: Bool = false, rateLimit: Int? = nil) throws
    {
        try ask(
            .replay(group: "journal", after: .start, rateLimit: rateLimit, isShadow: isShadow),
            number
        )
    }

    fileprivate func undo(_ undone: UInt64, _ number: UInt64) throws {
        let operation = EventID(high: 0x0A5C, low: undone)
        try ask(.undo(group: "journal", operation: operation), number)
    }
}

@Suite struct GenerationTests {
    @Test func `what a replay replaced comes back unchanged, and goes on from there`() throws {
        for isShadow in [false, true] {
            let fixture = try Fixture(caughtUp: 50)
            let before = try fixture.rows()
            try fixture.run("journal") { host in
                try fixture.replay(1, isShadow: isShadow)
                try fixture.wait { try fixture.result(of: 1) == .completed }
                _ = try host.waitUntilDecided(fixture.store.head())
                let replayed = try fixture.rows()
                #expect(replayed.count == 50 && replayed.allSatisfy { $0.hasSuffix("1") })
                try fixture.append(3, from: 50)
                _ = try host.waitUntilDecided(fixture.store.head())
                #expect(try fixture.rows().dropFirst(50).allSatisfy { $0.hasSuffix("0") })
                let kept = try fixture.observe("journal").kept
                #expect(kept?.operation == EventID(high: 0x0A5C, low: 1))
                #expect(fixture.files == ["journal.1.sqlite", "journal.sqlite"])

                try fixture.undo(1, 2)
                try fixture.wait { try fixture.result(of: 2) == .completed }
                _ = try host.waitUntilDecided(fixture.store.head())
            }
            #expect(try Array(fixture.rows().prefix(50)) == before)
            // What came after the replay is handled by the rows that came back, as new.
            #expect(try fixture.rows().count == 53)
            #expect(try fixture.rows().allSatisfy { $0.hasSuffix("0") })
            #expect(fixture.files == ["journal.sqlite"])
            #expect(try fixture.accounting().handled == 53)
        }
    }

    @Test func `a replay under way is undone too, and told to have failed`() throws {
        let fixture = try Fixture(caughtUp: 500)
        let before = try fixture.rows()
        try fixture.run("journal") { _ in
            try fixture.replay(1, rateLimit: 100)
            try fixture.wait { try fixture.observe("journal").progress?.token.replay != nil }
            try fixture.undo(1, 2)
            try fixture.wait { try fixture.result(of: 2) == .completed }
        }
        #expect(try fixture.result(of: 1) == .failed)
        #expect(try fixture.rows() == before)
    }

    @Test func `readers see the rows in use until the new ones have caught up`() throws {
        let fixture = try Fixture(caughtUp: 3000)
        let before = try fixture.rows()
        try fixture.run("journal") { host in
            try fixture.replay(1, isShadow: true, rateLimit: 1)
            try fixture.wait { try fixture.result(of: 1) == .started }
            // The group goes on meanwhile.
            try fixture.append(20, from: 3000)
            let head = fixture.store.head()
            try fixture.wait { host.statuses["journal"]?.position == head }
            let rows = try fixture.rows()
            #expect(rows.count == 3020 && Array(rows.prefix(3000)) == before)
            #expect(fixture.files == ["journal.1.draft", "journal.sqlite"])
            #expect(try fixture.observe("journal").progress?.shadow != nil)

            // No other replay begins meanwhile, and this one can be ended.
            try fixture.replay(2)
            try fixture.wait { try fixture.result(of: 2) == .refused }
            try fixture.undo(1, 3)
            try fixture.wait { try fixture.result(of: 3) == .completed }
        }
        #expect(try fixture.result(of: 1) == .failed)
        #expect(fixture.files == ["journal.sqlite"])
        #expect(try fixture.rows().count == 3020)
    }

    @Test func `new rows go on where their host left them`() throws {
        let fixture = try Fixture(caughtUp: 3000)
        try fixture.run("journal") { _ in
            try fixture.replay(1, isShadow: true, rateLimit: 1000)
            try fixture.wait {
                (try fixture.observe("journal").signs?.shadowPosition?.number ?? 0) > 0
            }
        }
        let draft = try GroupObserver.position(ofDraft: fixture.directory.path + "/journal.1.draft")
        #expect((1..<3000).contains(draft))
        fixture.clock.advance(bySeconds: 100)
        try fixture.run("journal") { _ in
            fixture.clock.advance(bySeconds: 100)
            try fixture.wait {
                fixture.clock.advance(bySeconds: 1)
                return try ![nil, .started].contains(fixture.result(of: 1))
            }
        }
        let told = try fixture.outcomes(of: 1)
        #expect(told.map(\.result) == [.started, .completed], "\(told)")
        #expect(try fixture.rows().count == 3000)
        #expect(try fixture.rows().allSatisfy { $0.hasSuffix("1") })
    }

    @Test func `new rows wait while their group is paused`() throws {
        let fixture = try Fixture(caughtUp: 3000)
        try fixture.run("journal") { _ in
            try fixture.replay(1, isShadow: true, rateLimit: 1000)
            func made() throws -> UInt64 {
                try fixture.observe("journal").signs?.shadowPosition?.number ?? 0
            }
            try fixture.wait { try made() > 0 }
            try fixture.ask(.pause(group: "journal"), 2)
            try fixture.wait { try fixture.result(of: 2) == .completed }
            // What was under way ends; after that time passes and nothing is made.
            var last = try made()
            try fixture.wait {
                defer { last = (try? made()) ?? 0 }
                fixture.clock.advance(bySeconds: 1)
                return try made() == last
            }
            #expect(try fixture.result(of: 1) == .started)
            try fixture.ask(.resume(group: "journal"), 3)
            try fixture.wait {
                fixture.clock.advance(bySeconds: 1)
                return try ![nil, .started].contains(fixture.result(of: 1))
            }
        }
        let told = try fixture.outcomes(of: 1)
        #expect(told.map(\.result) == [.started, .completed], "\(told)")
    }

    @Test func `new rows with more dead letters than those in use are given up`() throws {
        let fixture = try Fixture(caughtUp: 40)
        let before = try fixture.rows()
        fixture.projection.withLock { $0.poison = [7] }
        try fixture.run("journal") { _ in
            try fixture.replay(1, isShadow: true)
            try fixture.wait { try fixture.result(of: 1) == .failed }
        }
        #expect(try fixture.rows() == before)
        try fixture.wait { fixture.files == ["journal.sqlite"] }
    }

    @Test func `a definition that cannot be used fails a shadow and changes nothing`() throws {
        let fixture = try Fixture(caughtUp: 40)
        let before = try fixture.rows()
        fixture.projection.withLock { $0.isUsable = false }
        try fixture.run("journal") { _ in
            try fixture.replay(1, isShadow: true)
            try fixture.wait { try fixture.result(of: 1) == .failed }
        }
        #expect(try fixture.rows() == before)
    }

    @Test func `rows that are kept go when they are let go, and cannot come back then`() throws {
        let fixture = try Fixture(caughtUp: 40)
        try fixture.run("journal") { _ in
            try fixture.ask(.letGo(group: "journal"), 1)
            try fixture.wait { try fixture.result(of: 1) == .refused }
            try fixture.replay(2)
            try fixture.wait { try fixture.result(of: 2) == .completed }
            try fixture.undo(1, 3)
            try fixture.wait { try fixture.result(of: 3) == .refused }
            try fixture.ask(.letGo(group: "journal"), 4)
            try fixture.wait { try fixture.result(of: 4) == .completed }
            try fixture.undo(2, 5)
            try fixture.wait { try fixture.result(of: 5) == .refused }
        }
        #expect(fixture.files == ["journal.1.sqlite"])
        #expect(try fixture.rows().count == 40)
    }

    @Test func `only the rows before the last replay are kept`() throws {
        let fixture = try Fixture(caughtUp: 40)
        try fixture.run("journal") { _ in
            for number in UInt64(1)...4 {
                try fixture.replay(number, isShadow: number % 2 == 0)
                try fixture.wait { try fixture.result(of: number) == .completed }
            }
            try fixture.wait { fixture.files == ["journal.3.sqlite", "journal.4.sqlite"] }
        }
        #expect(try fixture.rows().count == 40)
    }

    @Test func `who reads the rows sees new ones at the next look`() throws {
        let fixture = try Fixture(caughtUp: 40)
        let observer = GroupObserver(files: fixture.group("journal").files)
        let before = try #require(try observer.openDatabase())
        try fixture.run("journal") { _ in
            try fixture.replay(1)
            try fixture.wait { try fixture.result(of: 1) == .completed }
            let replayed = try #require(try observer.openDatabase())
            #expect(replayed !== before)
            // What is open goes on showing what it showed.
            let row = try before.prepare("SELECT count(*) FROM journal WHERE isReplay = 0")
            #expect(try row.step() && row.integer(at: 0) == 40)
            row.reset()
            try fixture.undo(1, 2)
            try fixture.wait { try fixture.result(of: 2) == .completed }
        }
        #expect(try observer.openDatabase() !== before)
    }
}

extension GroupObserver {
    /// How far a draft is.
    fileprivate static func position(ofDraft path: String) throws -> Int64 {
        let database = try SQLiteConnection(path: path, mode: .readOnly)
        let row = try database.prepare("SELECT position FROM recount_progress")
        return try row.step() ? row.integer(at: 0) : -1
    }
}
