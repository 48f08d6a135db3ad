import DomainModel
import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

private let model = """
    recount: 1
    projections:
      notes:
        tables:
          - CREATE TABLE notes (stream TEXT, sequence INTEGER, text TEXT NOT NULL)
          - CREATE TABLE counts (type TEXT PRIMARY KEY, events INTEGER NOT NULL)
        on:
          Noted, Noticed:
            - INSERT INTO notes
              VALUES (:stream, :sequence, :data ->> 'text')
            - UPDATE notes SET text = upper(text) WHERE sequence = :sequence
          "*":
            - INSERT INTO counts VALUES (:type, 1)
              ON CONFLICT DO UPDATE SET events = events + 1
    upcasters:
      - { event: Noted, from: 1, to: 2, data: "json_object('text', :data ->> 'note')" }
    """

/// A database with the tables of a projection, and what handles events on it.
private final class Rows {
    private let store = InMemoryEventStore(now: TestClock().now)
    private let database: SQLiteConnection
    let handler: any ProjectionHandler

    init(_ text: String = model) throws {
        let model = try DomainModel(parsing: text, file: "recount.yaml")
        let projection = try #require(model.projections.first)
        database = try SQLiteConnection(path: "", mode: .inMemory)
        for table in projection.tables { try database.execute(table) }
        handler = try projection.makeRuledHandler(in: database)
    }

    /// Appends an event and shows it to the projection.
    func handle(
        _ type: String,
        revision: UInt32 = 1,
        isReplay: Bool = false,
        _ payload: String
    ) throws -> Bool {
        let head = store.head()
        let event = PendingEvent(
            id: EventID(high: 1, low: head.number),
            type: EventType(type),
            revision: revision,
            payload: Array(payload.utf8)
        )
        _ = try store.append(AppendRequest([event], to: StreamName("note-1")))
        var result = Result<Bool, any Error>.success(false)
        try store.read(EventSelection(after: head)) { event in
            do {
                result = .success(try handler.handle(event, isReplay: isReplay))
            } catch {
                result = .failure(error)
            }
            return .more
        }
        return try result.get()
    }

    func rows(_ query: String) throws -> [[SQLiteValue]] {
        let statement = try database.prepare(query)
        var rows: [[SQLiteValue]] = []
        while try statement.step() {
            rows.append((0..<statement.columnCount).map { statement.value(at: $0) })
        }
        return rows
    }
}

@Test func `statements run in their order for the types they are for`() throws {
    let rows = try Rows()
    #expect(try rows.handle("Noticed", #"{"text":"a"}"#))
    #expect(try rows.handle("Unknown", "no json"))
    #expect(try rows.rows("SELECT * FROM notes") == [[.text("note-1"), .integer(0), .text("A")]])
    #expect(
        try rows.rows("SELECT * FROM counts ORDER BY type") == [
            [.text("Noticed"), .integer(1)], [.text("Unknown"), .integer(1)],
        ]
    )
}

@Test func `a projection sees events in their current form`() throws {
    let rows = try Rows()
    _ = try rows.handle("Noted", #"{"note":"old"}"#)
    _ = try rows.handle("Noted", revision: 2, #"{"text":"new"}"#)
    #expect(try rows.rows("SELECT text FROM notes") == [[.text("OLD")], [.text("NEW")]])
}

@Test func `types without a handler are left to others`() throws {
    let rows = try Rows(model.replacing("\"*\"", with: "Other"))
    #expect(try !rows.handle("Unknown", "{}"))
    #expect(try rows.handle("Other", "{}"))
}

@Test func `a statement that fails names its line, and the next event is handled`() throws {
    let rows = try Rows()
    do {
        _ = try rows.handle("Noticed", "{}")
        Issue.record("a row without text was inserted")
    } catch {
        let expected = "recount.yaml:9:11: NOT NULL constraint failed: notes.text"
        #expect("\(error)" == expected)
    }
    #expect(try rows.handle("Noticed", #"{"text":"b"}"#))
}

@Test func `places are right in a file with other line ends`() {
    let text =
        "recount: 1\r\naggregates:\r\n  a:\r\n    on:\r\n      A: >\r\n        json_set(:state,\r\n"
        + "          '$.x', dta)\r\n"
    let error = #expect(throws: ModelError.self) {
        try DomainModel(parsing: text, file: "m.yaml")
    }
    #expect(error?.problems.first.map { [$0.line, $0.column] } == [7, 18])
}

private let replayedModel = """
    recount: 1
    projections:
      notes:
        tables: [ "CREATE TABLE notes (type TEXT, how TEXT)" ]
        on:
          Noted, Noticed, Read: [ "INSERT INTO notes VALUES (:type, 'new')" ]
          "*": [ "INSERT INTO notes VALUES (:type, 'any')" ]
        replay:
          on:
            "*": [ "INSERT INTO notes VALUES (:type, 'again')" ]
            Noted: none
            Read: [ "INSERT INTO notes VALUES (:type, 'reread')" ]
    upcasters:
      - { event: Written, from: 1, type: Noted, to: 2, data: ":data" }
    """

@Test func `replays have statements of their own, or none, for types and for all others`() throws {
    let rows = try Rows(replayedModel)
    for type in ["Noted", "Read", "Other"] { #expect(try rows.handle(type, revision: 2, "{}")) }
    #expect(try rows.rows("SELECT count(*) FROM notes") == [[.integer(5)]])
    #expect(try !rows.handle("Noted", revision: 2, isReplay: true, "{}"))
    #expect(try rows.handle("Read", isReplay: true, "{}"))
    #expect(try rows.handle("Other", isReplay: true, "{}"))
    #expect(
        try rows.rows("SELECT * FROM notes WHERE how LIKE '%re%' OR how = 'again'") == [
            [.text("Read"), .text("reread")], [.text("Other"), .text("again")],
        ]
    )
}

@Test func `what a stored event has become decides what its replay does`() throws {
    let rows = try Rows(replayedModel)
    #expect(try rows.handle("Written", "{}"))
    #expect(try !rows.handle("Written", isReplay: true, "{}"))
    let model = try DomainModel(parsing: replayedModel, file: "recount.yaml")
    let rules = try #require(model.projections.first).replayRules
    #expect(rules.policy(for: "Written") == .replaced && rules.policy(for: "Other") == .replaced)
}

@Test func `rules follow types through upcasters`() throws {
    let text = """
        recount: 1
        projections:
          notes:
            tables: [ "CREATE TABLE notes (type TEXT)" ]
            on: { "Noted, Sent, Read": [ "INSERT INTO notes VALUES (:type)" ] }
            replay: { on: { "Noted, Read": none } }
        upcasters:
          - { event: Written, from: 1, type: Noted, to: 2, data: ":data" }
          - { event: Posted, from: 1, type: Noted, to: 2, data: ":data" }
          - { event: Posted, from: 2, type: Sent, to: 2, data: ":data" }
        """
    let model = try DomainModel(parsing: text, file: "recount.yaml")
    let rules = try #require(model.projections.first).replayRules
    let types: [EventType] = ["Noted", "Read", "Written", "Posted", "Sent"]
    #expect(
        types.map { rules.policy(for: $0) } == [.muted, .muted, .muted, .replaced, .handled]
    )
}

@Test func `a model is told of the beginning and the end of a replay`() throws {
    let text = """
        recount: 1
        projections:
          notes:
            tables: [ "CREATE TABLE notes (text TEXT)" ]
            on: { Noted: [ "INSERT INTO notes VALUES (:type)" ] }
            replay:
              begin:
                - INSERT INTO notes VALUES ('begin ' || :operation || ' ' || :operator || ' ' || :host)
                - INSERT INTO notes VALUES (:isPartial || :isShadow)
              end: [ "INSERT INTO notes VALUES ('end ' || :reason || ' ' || :startTime)" ]
        """
    let rows = try Rows(text)
    let id = EventID(high: 1, low: 2)
    let author = OperationAuthor(operatorName: "ana", host: "here", reason: "why")
    let context = ReplayContext(operation: id, author: author, startTime: .epoch, isPartial: true)
    try rows.handler.replayBegins(context)
    try rows.handler.replayEnds(context)
    #expect(
        try rows.rows("SELECT text FROM notes") == [
            [.text("begin \(id) ana here")], [.text("10")],
            [.text("end why \(Timestamp.epoch)")],
        ]
    )
}
