import Disk
import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Synchronization
import Testing

/// Counts events by type; fails on a payload that says so while it is told to.
private struct CountingProjection: Projection {
    let name = "counts"
    var table = "CREATE TABLE counts (type TEXT PRIMARY KEY, count INTEGER NOT NULL)"
    var tables: [String] { [table] }
    var eventTypes: [EventType]?
    let isIdempotent = false
    var failsAt: UInt64?
    var factor = 1

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        let upsert = try database.prepare(
            """
            INSERT INTO counts VALUES (?, \(factor))
            ON CONFLICT DO UPDATE SET count = count + \(factor)
            """
        )
        return Handler(upsert: upsert, failsAt: failsAt)
    }

    private final class Handler: ProjectionHandler {
        let upsert: SQLiteStatement
        let failsAt: UInt64?

        init(upsert: SQLiteStatement, failsAt: UInt64?) {
            self.upsert = upsert
            self.failsAt = failsAt
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            if event.position.number == failsAt { throw Poison() }
            try upsert.bind(text: event.eventType.text, at: 1)
            try upsert.run()
            return true
        }
    }
}

private struct Poison: Error {}

private typealias Fixture = GroupFixture<CountingProjection>

extension GroupFixture<CountingProjection> {
    fileprivate convenience init() { self.init(CountingProjection()) }

    fileprivate func counts(_ name: String) throws -> [String: Int64] {
        let database = try #require(try GroupObserver(files: group(name).files).openDatabase())
        let rows = try database.prepare("SELECT type, count FROM counts")
        var counts: [String: Int64] = [:]
        while try rows.step() { counts[rows.string(at: 0) ?? ""] = rows.integer(at: 1) }
        return counts
    }
}

@Test func `rows and token go on where they stopped`() throws {
    let fixture = Fixture()
    try fixture.append(3000, from: 0)
    for head in [UInt64(3000), 3600] {
        try fixture.run("counts") { host in
            let stuck = try host.waitUntilDecided(Position(head))
            #expect(stuck.isEmpty)
        }
        let progress = try #require(try fixture.observe("counts").progress)
        #expect(progress.token.position.number == head && progress.isAccountedFor)
        let total = try fixture.counts("counts").values.reduce(0, +)
        #expect(total == Int64(head))
        if head == 3000 { try fixture.append(600, from: 3000) }
    }
}

@Test func `a replay of one group leaves the other alone and uses today's definition`() throws {
    let fixture = Fixture()
    try fixture.append(900, from: 0)
    try fixture.run("one", "other") { host in
        _ = try host.waitUntilDecided(Position(900))
        fixture.projection.withLock { $0.factor = 10 }
        try fixture.ask(.replay(group: "one", after: .start, rateLimit: nil), 1)
        try fixture.wait { try fixture.result(of: 1) == .completed }
        _ = try host.waitUntilDecided(fixture.store.head())
    }
    #expect(try fixture.counts("one").values.reduce(0, +) == 9000)
    #expect(try fixture.counts("other").values.reduce(0, +) == 900)
    let progress = try #require(try fixture.observe("one").progress)
    #expect(progress.token.replay == nil && progress.isAccountedFor)
}

@Test func `a paused group stays where it is, also in the next host, until it is resumed`() throws {
    let fixture = Fixture()
    try fixture.run("counts") { _ in
        try fixture.ask(.pause(group: "counts"), 1)
        try fixture.wait { try fixture.result(of: 1) == .completed }
    }
    try fixture.append(10, from: 0)
    try fixture.run("counts") { host in
        let stuck = try host.waitUntilDecided(Position(12))
        #expect(stuck == ["counts"])
        try fixture.ask(.resume(group: "counts"), 2)
        try fixture.wait { try fixture.counts("counts").values.reduce(0, +) == 10 }
    }
}

@Test func `an event that cannot be handled is put aside with those behind it`() throws {
    let fixture = Fixture()
    fixture.projection.withLock { $0.failsAt = 700 }
    try fixture.append(1000, from: 0)
    try fixture.run("counts") { host in
        let stuck = try host.waitUntilDecided(Position(1000))
        #expect(stuck.isEmpty)
    }
    let progress = try #require(try fixture.observe("counts").progress)
    #expect(progress.accounting == Accounting(handled: 699, deadLettered: 301))
    #expect(progress.isAccountedFor)
    #expect(try fixture.counts("counts").values.reduce(0, +) == 699)
}

@Test func `a definition that cannot be used fails the replay and leaves the tables`() throws {
    let fixture = Fixture()
    try fixture.append(30, from: 0)
    try fixture.run("counts") { host in
        _ = try host.waitUntilDecided(Position(30))
        fixture.projection.withLock { $0.table = "CREATE TABLE counts (" }
        try fixture.ask(.replay(group: "counts", after: .start, rateLimit: nil), 1)
        try fixture.wait { try fixture.result(of: 1) == .failed }
        #expect(try fixture.counts("counts").values.reduce(0, +) == 30)
        fixture.projection.withLock { $0.table = CountingProjection().table }
        try fixture.append(10, from: 30)
        try fixture.wait { try fixture.counts("counts").values.reduce(0, +) == 40 }
    }
}

@Test func `a group is run by one host at a time`() throws {
    let fixture = Fixture()
    try fixture.append(10, from: 0)
    try fixture.run("counts") { first in
        _ = try first.waitUntilDecided(Position(10))
        #expect(try fixture.observe("counts").signs?.process == 1)
        try fixture.run("counts") { second in
            try fixture.wait { second.statuses["counts"]?.failure != nil }
        }
    }
    #expect(try fixture.observe("counts").signs == nil)
}

@Test func `a group whose files were deleted comes back paused as its operators left it`() throws {
    let fixture = Fixture()
    try fixture.run("counts") { _ in
        try fixture.ask(.pause(group: "counts"), 1)
        try fixture.wait { try fixture.result(of: 1) == .completed }
    }
    let again = Fixture()
    for event in try fixture.store.events(EventSelection()) {
        _ = try again.store.append(AppendRequest(ofSystem: [event.pending], to: event.stream))
    }
    try again.run("counts") { _ in
        try again.wait { try again.observe("counts").progress?.pauseReason == "test" }
    }
}

@Test func `a group's name cannot leave the directory`() {
    let files = GroupFiles(group: "../a b", directory: "/store/groups")
    #expect(files.database == "/store/groups/%2e%2e%2fa%20b.sqlite")
}

@Test func `a group of one type accounts for the events of all others too`() throws {
    let fixture = Fixture()
    fixture.projection.withLock {
        $0.eventTypes = [TestEvents.type(1)]
        $0.failsAt = 2
    }
    // Every third event is of the type, the first of them at position 2.
    try fixture.append(4000, from: 0)
    try fixture.append(501, from: 4000)
    try fixture.ask(.pause(group: "other"), 1)
    try fixture.run("counts") { host in
        _ = try host.waitUntilDecided(Position(4502))
        let progress = try #require(try fixture.observe("counts").progress)
        #expect(progress.token.position == Position(4502))
        #expect(progress.isAccountedFor)
        #expect(progress.accounting.deadLettered == 1500)
        #expect(progress.accounting.filtered == 3002)
    }
    fixture.projection.withLock { $0.failsAt = nil }
    try fixture.run("typed") { host in
        _ = try host.waitUntilDecided(Position(4502))
        #expect(try fixture.counts("typed") == ["Tested1": 1500])
        let accounting = try #require(try fixture.observe("typed").progress).accounting
        #expect(accounting == Accounting(handled: 1500, filtered: 3002))
    }
    try fixture.append(2, from: 4502)
    try fixture.run("typed") { host in
        _ = try host.waitUntilDecided(Position(4504))
        #expect(try #require(try fixture.observe("typed").progress).isAccountedFor)
    }
}

/// A group that cannot be opened, and counts how often that was tried.
private final class UnopenableGroup: ProcessingGroup {
    let name = "unopenable"
    let projections: [String] = []
    let tables: [String] = []
    let handledTypes: [EventType]? = nil
    let isIdempotent = false
    let attemptCount = Mutex(0)

    func openDraft(_ shadow: TrackingToken.Replay) throws -> any GroupStorage { try open() }

    func open() throws -> any GroupStorage {
        attemptCount.withLock { $0 += 1 }
        throw Poison()
    }
}

@Test func `a group that cannot run is not tried again with every event`() throws {
    let fixture = Fixture()
    let group = UnopenableGroup()
    let host = ProcessorHost([group], store: fixture.store, process: 1, now: fixture.clock.now)
    defer { host.stop() }
    try fixture.wait { group.attemptCount.withLock { $0 } == 1 }
    for _ in 0..<100 {
        fixture.store.wakeWaiters()
        _ = fixture.store.wait(after: Position(.max), timeoutMilliseconds: 1)
    }
    #expect(group.attemptCount.withLock { $0 } < 10)
}

@Test func `a group whose files are removed while it runs makes them anew`() throws {
    let fixture = Fixture()
    try fixture.append(30, from: 0)
    let observer = GroupObserver(files: fixture.group("counts").files)
    try fixture.run("counts") { host in
        _ = try host.waitUntilDecided(Position(30))
        #expect(try observer.observe().progress?.token.position == Position(30))
        let disk = RealDisk()
        for name in try disk.names(in: fixture.directory.path) {
            try disk.remove(fixture.directory.path + "/" + name)
        }
        try fixture.append(10, from: 30)
        try fixture.wait { try observer.observe().progress?.token.position == Position(40) }
        #expect(try fixture.counts("counts").values.reduce(0, +) == 40)
    }
}

@Test func `a group makes the directory that was removed`() throws {
    let fixture = Fixture()
    let group = ReadModelGroup(name: "counts", directory: fixture.directory.path + "/groups") {
        [CountingProjection()]
    }
    try fixture.append(30, from: 0)
    let host = ProcessorHost([group], store: fixture.store, process: 1, now: fixture.clock.now)
    defer { host.stop() }
    #expect(try host.waitUntilDecided(Position(30)).isEmpty)
}

@Test func `two owners of one group do not both handle an event`() throws {
    let fixture = Fixture()
    let group = fixture.group("counts")
    let first = try group.open()
    #expect(try first.take(.whole, isStolen: false) && first.loadProgress() == nil)
    try first.begin()
    try first.reset()
    try first.commit(GroupProgress())
    try RealDisk().remove(group.files.claim())
    let second = try group.open()
    #expect(try second.take(.whole, isStolen: false))
    try second.begin()
    try second.commit(GroupProgress(token: TrackingToken(position: Position(1))))
    #expect(throws: ClaimLost.self) { try first.begin() }
    #expect(throws: ClaimLost.self) { try first.checkUnchanged() }
    try second.begin()
    second.rollback()
}

@Test func `stored progress that cannot be is an error`() throws {
    let fixture = Fixture()
    try fixture.append(3, from: 0)
    try fixture.run("counts") { _ = try $0.waitUntilDecided(Position(3)) }
    let files = fixture.group("counts").files
    for damage in [
        "handled = 9223372036854775807, filtered = 9223372036854775807",
        "position = -1",
        """
        reset_position = 2, start_position = 3, position = 3, start_time = 0,
        operation = '00000000-0000-0000-0000-000000000001'
        """,
    ] {
        let database = try SQLiteConnection(path: files.database, mode: .readWriteCreate)
        try database.execute("UPDATE recount_progress SET \(damage)")
        #expect(throws: SQLiteError.self) { try fixture.observe("counts") }
        try database.execute(
            """
            UPDATE recount_progress SET handled = 3, filtered = 0, position = 3,
                reset_position = NULL, start_position = NULL, operation = NULL
            """
        )
    }
}

@Test func `a replay in the middle of another ends the other`() throws {
    let fixture = Fixture()
    try fixture.append(900, from: 0)
    try fixture.run("counts") { host in
        _ = try host.waitUntilDecided(Position(900))
        try fixture.ask(.replay(group: "counts", after: .start, rateLimit: 100), 1)
        try fixture.wait {
            let token = try fixture.observe("counts").progress?.token
            return token?.replay != nil && token?.position != .start
        }
        try fixture.ask(.replay(group: "counts", after: .start, rateLimit: nil), 2)
        try fixture.wait { try fixture.result(of: 2) == .completed }
    }
    #expect(try fixture.result(of: 1) == .failed)
    #expect(try fixture.counts("counts").values.reduce(0, +) == 900)
}
