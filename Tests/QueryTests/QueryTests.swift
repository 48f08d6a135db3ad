import Disk
import EventLog
import EventModel
import EventStorage
import Operations
import OperationsModel
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Synchronization
import Testing

@Test func `goes through more events than it holds, in both directions`() throws {
    let fixture = try Fixture()
    for batch in 0..<18 as Range<UInt64> {
        let request = TestEvents.request(4000, to: "cart-\(batch)", from: batch * 4000)
        _ = try fixture.store.append(request)
    }
    _ = try fixture.store.append(
        AppendRequest(
            [PendingEvent(id: EventID(high: 9, low: 9), type: EventType("Last"), payload: [])],
            to: StreamName("cart-0")
        )
    )
    #expect(try fixture.number("SELECT count(*) FROM events") == 72_001)
    #expect(
        try fixture.positions("SELECT position FROM events WHERE type = 'Last'") == [72_001]
    )
    // A time is looked for in every event.
    let late = "SELECT position FROM events WHERE time >= '2020-01-01' ORDER BY position"
    #expect(try fixture.positions(late) == [72_001])
    let early = "SELECT position FROM events WHERE time < '1970-01-01T00:00:00.000002Z'"
    // The text of the epoch itself has no decimals and comes after those that have.
    #expect(try fixture.positions(early + " ORDER BY position DESC") == [2])
    let sums = try fixture.rows("SELECT count(*), sum(position) FROM events ORDER BY position DESC")
    #expect(sums == [[.integer(72_001), .integer(72_001 * 72_002 / 2)]])
    let stream = "SELECT position FROM events WHERE stream = 'cart-0' ORDER BY position DESC"
    #expect(try fixture.positions(stream) == [72_001] + (1...4000).reversed())
}

@Test func `sees the log as it stood at the beginning`() throws {
    let fixture = try Fixture()
    _ = try fixture.store.append(TestEvents.request(30, to: "cart-1"))
    var rowCount = 0
    _ = try QueryConnection(fixture.operations).run("SELECT * FROM events") { _, _ in
        rowCount += 1
        let request = TestEvents.request(1, to: "cart-1", from: UInt64(100 + rowCount))
        return (try? fixture.store.append(request)) != nil
    }
    #expect(rowCount == 30)
    #expect(try fixture.number("SELECT count(*) FROM events") == 60)
}

@Test func `lists streams, processors and operations`() throws {
    let fixture = try Fixture(groups: ["counts", "never"])
    _ = try fixture.store.append(TestEvents.request(3, to: "cart-1"))
    _ = try fixture.store.append(TestEvents.request(2, to: "order-1", from: 10))
    try fixture.run("counts")
    _ = try fixture.operations.request(OperationRequest(.pause(group: "counts"), reason: "it's"))
    let streams = "SELECT stream, events FROM streams WHERE"
    #expect(try fixture.rows(streams + " category = 'cart'") == [[.text("cart-1"), .integer(3)]])
    #expect(try fixture.rows(streams + " stream = 'order-1'") == [[.text("order-1"), .integer(2)]])
    #expect(try fixture.rows(streams + " stream = 'order-1' AND category = 'cart'").isEmpty)
    #expect(try fixture.rows(streams + " firstTime > lastTime").isEmpty)
    #expect(
        try fixture.rows("SELECT \"group\", state, position, tables FROM processors") == [
            [
                .text("counts"), .text("noHost"), .integer(5),
                .text(#"["counts","events"]"#),
            ],
            [.text("never"), .text("noHost"), .integer(0), .text(#"["counts","events"]"#)],
        ]
    )
    #expect(
        try fixture.rows("SELECT name, target, reason, outcome, outcomeTime FROM operations") == [
            [.text("pause"), .text("counts"), .text("it's"), .text("pending"), .null]
        ]
    )
    let joined = """
        SELECT e.position FROM streams s JOIN events e ON e.stream = s.stream
        WHERE s.category = 'order' ORDER BY 1
        """
    #expect(try fixture.positions(joined) == [4, 5])
}

@Test func `joins events with the tables of a group`() throws {
    let fixture = try Fixture(groups: ["counts", "My \"own\" group"])
    _ = try fixture.store.append(TestEvents.request(100, to: "cart-1"))
    try fixture.run("counts", "My \"own\" group")
    let joined = """
        SELECT e.type, count(*), max(c.count), max(o.count) FROM events e
        JOIN counts.counts c ON c.type = e.type
        JOIN "My ""own"" group".counts o ON o.type = e.type
        GROUP BY e.type ORDER BY e.type
        """
    #expect(
        try fixture.rows(joined) == [
            [.text("Tested0"), .integer(34), .integer(34), .integer(34)],
            [.text("Tested1"), .integer(33), .integer(33), .integer(33)],
            [.text("Tested2"), .integer(33), .integer(33), .integer(33)],
        ]
    )
    #expect(try fixture.number("SELECT position FROM counts.recount_progress") == 100)
    #expect(try fixture.rows("SELECT * FROM counts.events").isEmpty)
}

@Test func `means the log by events also where a group has a table of that name`() throws {
    let fixture = try Fixture(groups: ["counts"])
    try VariedEvents.fill(fixture, count: 100)
    try fixture.run("counts")
    let head = try fixture.store.head().number
    #expect(try fixture.number("SELECT count(*) FROM events") == head)
    let last = "SELECT position FROM events WHERE stream = 'cart-1' ORDER BY position DESC"
    let plan = try fixture.rows("EXPLAIN QUERY PLAN " + last)
    #expect(plan.count == 1, "the order is the log's own: \(plan)")
    #expect(
        try fixture.positions(last).first
            == fixture.store.stream(StreamName("cart-1"))?
            .lastPosition.number
    )
}

@Test func `says that a group has no database yet`() throws {
    let fixture = try Fixture(groups: ["counts", "never"])
    try VariedEvents.fill(fixture, count: 10)
    try fixture.run("counts")
    for sql in ["SELECT * FROM never.counts", "SELECT * FROM \"NEVER\".counts"] {
        let error = #expect(throws: OperationsError.self) { try fixture.rows(sql) }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("never has no database yet") == true)
    }
    let error = #expect(throws: OperationsError.self) { try fixture.rows("SELECT * FROM nix.x") }
    #expect(error?.code == .invalid && error?.message.contains("no such table: nix.x") == true)
    #expect(throws: OperationsError.self) { try fixture.operations.tables(of: "never") }
}

@Test func `reads more groups than fit, those that a query names`() throws {
    let names = (0..<13).map { "group\($0)" }
    let fixture = try Fixture(groups: names)
    try VariedEvents.fill(fixture, count: 10)
    for name in names { try fixture.run(name) }
    #expect(try fixture.rows("SELECT count(*) FROM Group12 . counts, [group3].counts").count == 1)
    #expect(try fixture.number("SELECT count(*) FROM events") >= 10)
    let all = names.map { "SELECT count(*) FROM \($0).counts" }.joined(separator: " UNION ALL ")
    let error = #expect(throws: OperationsError.self) { try fixture.rows(all) }
    #expect(error?.code == .invalid && error?.message.contains("13 groups") == true)
}

@Test func `lists the tables of a group and their rows by primary key`() throws {
    let fixture = try Fixture(groups: ["counts"])
    _ = try fixture.store.append(TestEvents.request(200, to: "cart-1"))
    try fixture.run("counts")
    #expect(
        try fixture.operations.tables(of: "counts").map { "\($0.name) \($0.rowCount)" }
            == ["counts 3", "events 0", "frequent 3"]
    )
    var rows: [[SQLiteValue]] = []
    let result = try fixture.operations.rows(of: "COUNTS", in: "counts", limit: 2) { _, values in
        rows.append(values)
        return true
    }
    #expect(result.columns == ["type", "count"] && result.rowCount == 2 && result.isCut)
    #expect(rows == [[.text("Tested0"), .integer(67)], [.text("Tested1"), .integer(67)]])
    let view = try fixture.operations.rows(of: "frequent", in: "counts") { _, _ in true }
    #expect(view.rowCount == 3 && !view.isCut)
    let own = try fixture.operations.rows(of: "recount_progress", in: "counts") { _, _ in true }
    #expect(own.rowCount == 1)
    let empty = try fixture.operations.rows(of: "events", in: "counts") { _, _ in true }
    #expect(empty.columns == ["note"] && empty.rowCount == 0 && !empty.isCut)
    for name in ["nix", "counts\"; DROP TABLE counts; --"] {
        let error = #expect(throws: OperationsError.self) {
            try fixture.operations.rows(of: name, in: "counts") { _, _ in true }
        }
        #expect(error?.code == .notFound)
    }
}

@Test func `a group that cannot be read fails only what reads it`() throws {
    let fixture = try Fixture(groups: ["broken", "counts", "main"])
    _ = try fixture.store.append(TestEvents.request(3, to: "cart-1"))
    try fixture.run("counts", "main")
    let path = fixture.operations.domain.groups[0].files.database
    let noise = [UInt8](repeating: 0x5A, count: 8192)
    try RealDisk().create(path, size: 0).write(noise.span.bytes, at: 0)
    #expect(try fixture.number("SELECT count(*) FROM events") == 3)
    #expect(try fixture.number("SELECT sum(count) FROM counts.counts") == 3)
    for (sql, reason) in [
        ("SELECT * FROM broken.counts", "broken cannot be read"),
        ("SELECT * FROM main.counts", "its name is taken"),
    ] {
        let error = #expect(throws: OperationsError.self) { try fixture.rows(sql) }
        #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
    }
    let shown = try fixture.operations.rows(of: "counts", in: "main") { _, _ in true }
    #expect(shown.rowCount == 3)
}

@Test func `a group whose database is damaged is failing and the others are shown`() throws {
    let fixture = try Fixture(groups: ["one", "other"])
    _ = try fixture.store.append(TestEvents.request(3, to: "cart-1"))
    try fixture.run("one", "other")
    let path = fixture.operations.domain.groups[0].files.database
    let file = try RealDisk().open(path, writable: true)
    try file.write([UInt8](repeating: 7, count: 4096).span.bytes, at: 0)
    let statuses = try fixture.operations.processors()
    #expect(statuses.map(\.group) == ["one", "other"])
    #expect(statuses[0].state == .failing && statuses[0].failure != nil)
    #expect(statuses[1].state == .noHost && statuses[1].position == Position(3))
}
