import EventLog
import EventModel
import EventStorage
import Glibc
import Operations
import OperationsModel
import RecountTesting
import SQLiteDatabase
import Synchronization
import Testing

private let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "

/// A store with a group that no statement may change.
private let guarded = Result {
    let fixture = try Fixture(groups: ["counts"])
    _ = try fixture.store.append(TestEvents.request(5, to: "cart-1"))
    try fixture.run("counts")
    return fixture
}

@Test(arguments: [
    "DELETE FROM events", "INSERT INTO events (position) VALUES (1)", "DROP TABLE events",
    "DELETE FROM counts.counts", "UPDATE counts.recount_progress SET position = 0",
    "WITH x AS (SELECT 1) DELETE FROM counts.counts", "DROP TABLE counts.counts",
    "CREATE TABLE counts.more (a)", "CREATE TEMP TABLE more (a)", "VACUUM counts",
    "VACUUM INTO '/tmp/recount-out'", "ATTACH '/etc/passwd' AS p", "DETACH counts",
    "PRAGMA query_only = 0", "PRAGMA counts.journal_mode = DELETE", "BEGIN",
    "SELECT * FROM pragma_database_list", "SELECT load_extension('/tmp/x.so')",
    "SELECT readfile('/etc/passwd')", "SELECT 1; DELETE FROM counts.counts", "SELECT 1; SELECT 2",
    "", "-- nothing", "SELECT \"no such column\"", "SELECT zeroblob(1000000000)",
    "UPDATE counts.sqlite_schema SET sql = ''", "REINDEX counts.counts", "ANALYZE counts",
])
func `refuses hostile statements and changes nothing`(_ sql: String) throws {
    let fixture = try guarded.get()
    let error = #expect(throws: OperationsError.self) { try fixture.rows(sql) }
    #expect(error?.code == .refused || error?.code == .invalid)
    #expect(try fixture.number("SELECT sum(count) FROM counts.counts") == 5)
    #expect(try fixture.number("SELECT count(*) FROM events") == 5)
}

@Test func `tells where SQL is wrong`() throws {
    let fixture = try Fixture()
    let error = #expect(throws: OperationsError.self) {
        try fixture.rows("SELECT 'ä',\n  'ü', nonsense\nFROM events")
    }
    #expect(error?.code == .invalid)
    #expect(error?.message == "line 2, column 8: no such column: nonsense")
}

@Test(arguments: [
    endless + "SELECT max(i) FROM n",
    "SELECT count(*) FROM events a, events b, events c, events d WHERE a.data < b.data",
    endless + "SELECT count(*) FROM n JOIN events e ON e.type = 'x' || n.i",
])
func `ends a query whose time is up`(_ sql: String) throws {
    let fixture = try Fixture()
    _ = try fixture.store.append(TestEvents.request(4000, to: "cart-1"))
    let clock = ContinuousClock()
    let start = clock.now
    let error = #expect(throws: OperationsError.self) {
        try fixture.rows(sql, limits: QueryLimits(timeMilliseconds: 100))
    }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("longer than 100 ms") == true)
    #expect(error?.message.contains("--time-limit") == true)
    #expect(start.duration(to: clock.now) < .seconds(30))
}

@Test func `is interrupted from another thread`() async throws {
    let fixture = try Fixture()
    let connection = QueryConnection(fixture.operations, limits: QueryLimits(timeMilliseconds: nil))
    let interrupter = connection.interrupter
    let isRunning = Atomic<Bool>(false)
    let thread = WorkerThread {
        while !isRunning.load(ordering: .acquiring) { sched_yield() }
        interrupter.interrupt()
    }
    let error = #expect(throws: OperationsError.self) {
        try connection.run(endless + "SELECT i FROM n") { _, _ in
            isRunning.store(true, ordering: .releasing)
            return true
        }
    }
    thread.join()
    #expect(error == OperationsError(.refused, "the query was interrupted"))
    #expect(try connection.run("SELECT 1") { _, _ in true }.rowCount == 1)
}

@Test func `gives no more rows than wanted`() throws {
    let fixture = try Fixture()
    _ = try fixture.store.append(TestEvents.request(10, to: "cart-1"))
    func result(_ limit: Int?, stopAfter count: Int = .max) throws -> QueryResult {
        let limits = QueryLimits(rowCount: limit)
        var shown = 0
        return try QueryConnection(fixture.operations, limits: limits)
            .run("SELECT position AS p FROM events") { _, _ in
                shown += 1
                return shown < count
            }
    }
    #expect(try result(3).isCut && result(3).rowCount == 3)
    #expect(try !result(10).isCut && result(10).rowCount == 10)
    #expect(try result(nil).rowCount == 10)
    #expect(try result(nil, stopAfter: 4).rowCount == 4)
    let nothing = try QueryConnection(fixture.operations)
        .run("SELECT 1 AS a, 2 AS b WHERE 0") { _, _ in true }
    #expect(nothing.columns == ["a", "b"] && nothing.rowCount == 0 && !nothing.isCut)
}
