import Aggregates
import DomainModel
import EventLog
import EventModel
import EventStorage
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

private let modelText = """
    recount: 1
    aggregates:
      note:
        on:
          Noted: json_set(:state, '$.text', :data ->> 'text')
    projections:
      notes:
        tables: [ "CREATE TABLE notes (text TEXT)" ]
        on:
          Noted:
            - INSERT INTO notes VALUES (:data ->> 'text')
    upcasters:
      - { event: Noted, from: 1, to: 2, data: "json_object('text', :data ->> 'text')" }
    """

/// One event of a stream whose rules, projection and upcaster all look into the payload.
private struct Note {
    let store = InMemoryEventStore(now: TestClock().now)
    let model: DomainModel
    let stream = StreamName("note-1")

    init(_ payload: [UInt8], revision: UInt32 = 2, contentType: String? = nil) throws {
        model = try DomainModel(parsing: modelText, file: "recount.yaml")
        var event = PendingEvent(
            id: EventID(high: 1, low: 1),
            type: "Noted",
            revision: revision,
            payload: payload
        )
        if let contentType { event.contentType = contentType }
        _ = try store.append(AppendRequest([event], to: stream))
    }

    func state() throws -> String? {
        try StateReader(store: store, folds: Folds(model.folds)).state(of: stream).json
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The rows of the projection after it has handled the event.
    func rows() throws -> [[SQLiteValue]] {
        let projection = try #require(model.projections.first)
        let database = try SQLiteConnection(path: "", mode: .inMemory)
        for table in projection.tables { try database.execute(table) }
        let handler = try projection.makeHandler(in: database)
        var failure: (any Error)?
        try store.read(EventSelection()) { event in
            do {
                _ = try handler.handle(event, isReplay: false)
            } catch {
                failure = error
            }
            return .more
        }
        if let failure { throw failure }
        let statement = try database.prepare("SELECT text FROM notes")
        var rows: [[SQLiteValue]] = []
        while try statement.step() { rows.append([statement.value(at: 0)]) }
        return rows
    }
}

@Test(arguments: HostilePayload.all, [UInt32(1), 2])
func `rules and upcasters of a model refuse a payload that SQLite would take for another`(
    payload: HostilePayload,
    revision: UInt32
) throws {
    let note = try Note(payload.bytes, revision: revision)
    do {
        let state = try note.state()
        Issue.record("\(payload) gave \(state?.prefix(80) ?? "no state")")
    } catch {
        let act = revision == 1 ? "cannot be upcast: " : ""
        #expect(
            "\(error)" == "note-1 sequence 0, position 1, Noted (revision \(revision)): \(act)"
                + "the payload cannot be read: \(payload.reason)"
        )
    }
}

@Test(arguments: HostilePayload.all)
func `a projection of a model refuses it too, and inserts no row`(payload: HostilePayload) throws {
    let note = try Note(payload.bytes)
    do {
        let rows = try note.rows()
        Issue.record("\(payload) gave \(rows.count) rows")
    } catch {
        #expect("\(error)" == "the payload cannot be read: \(payload.reason)")
    }
}

@Test(arguments: HostilePayload.all)
func `bytes of another media type are NULL where they are no JSON`(payload: HostilePayload) throws {
    let note = try Note(payload.bytes, contentType: "application/octet-stream")
    #expect(try note.state() == #"{"text":null}"#)
    #expect(try note.rows() == [[.null]])
}

@Test(arguments: [
    #"{"text":"\\u0000"}"#, #"{"text":1e308}"#, #"{"text":"1e400"}"#, #"{"text":"\ud834\udd1e"}"#,
])
func `what only looks like it is taken in`(text: String) throws {
    #expect(throws: Never.self) { try Note(Array(text.utf8)).state() }
    #expect(throws: Never.self) { try Note(Array(text.utf8)).rows() }
}

@Test func `metadata that is no JSON is refused where an expression asks for it`() throws {
    let text = modelText.replacing(":data ->> 'text')\nproj", with: ":metadata ->> 'x')\nproj")
    let model = try DomainModel(parsing: text, file: "recount.yaml")
    let store = InMemoryEventStore(now: TestClock().now)
    var event = PendingEvent(
        id: EventID(high: 1, low: 1),
        type: "Noted",
        revision: 2,
        payload: Array("{}".utf8)
    )
    event.metadata = Array(#"{"x":1,"x":2}"#.utf8)
    _ = try store.append(AppendRequest([event], to: StreamName("note-1")))
    let reader = StateReader(store: store, folds: Folds(model.folds))
    do {
        _ = try reader.state(of: StreamName("note-1"))
        Issue.record("a state came out")
    } catch {
        let reason = "the metadata cannot be read: an object has a key twice (at byte 7)"
        #expect(error.description.hasSuffix("Noted (revision 2): \(reason)"))
    }
}

@Test func `a state that an expression nests too deeply is refused at the event that did it`()
    throws
{
    let text = """
        recount: 1
        aggregates: { note: { on: { Noted: "json_object('inner', json(:state))" } } }
        """
    let model = try DomainModel(parsing: text, file: "recount.yaml")
    let store = InMemoryEventStore(now: TestClock().now)
    for number in 0..<600 {
        let event = PendingEvent(
            id: EventID(high: 1, low: UInt64(number)),
            type: "Noted",
            payload: []
        )
        _ = try store.append(AppendRequest([event], to: StreamName("note-1")))
    }
    let reader = StateReader(store: store, folds: Folds(model.folds))
    do {
        _ = try reader.state(of: StreamName("note-1"))
        Issue.record("a state came out")
    } catch {
        #expect(error.description.contains("position 512, Noted (revision 1): recount.yaml:2:"))
        #expect(error.description.contains("nested too deeply"))
    }
}

@Test func `a store made for the largest payloads survives ten million levels`() throws {
    let directory = TemporaryDirectory()
    let log = try EventLog.create(
        StoreDirectory(directory.path + "/test.store"),
        id: EventID(high: 1, low: 2),
        options: LogOptions(testing: 32 << 20, payloadSizeMax: 16 << 20)
    )
    let size = 16 << 20
    let text = Array(#"{"text":""#.utf8)
    let payloads = [
        text + [UInt8](repeating: UInt8(ascii: "a"), count: size - text.count - 2)
            + Array(#""}"#.utf8),
        Array(#"{"text":"#.utf8) + [UInt8](repeating: UInt8(ascii: "["), count: 10_000_000),
    ]
    for (number, payload) in payloads.enumerated() {
        for (index, stream) in ["note-1", "memo-1"].enumerated() {
            let event = PendingEvent(
                id: EventID(high: UInt64(index), low: UInt64(number)),
                type: "Noted",
                revision: 2,
                payload: payload
            )
            _ = try log.append(AppendRequest([event], to: StreamName(stream)))
        }
    }
    let model = try DomainModel(parsing: modelText, file: "recount.yaml")
    let reader = StateReader(store: log, folds: Folds(model.folds))
    for (stream, position) in [("note-1", 3), ("memo-1", 4)] {
        let name = StreamName(stream)
        let state = try reader.state(of: name, at: .sequence(.first))
        #expect(state.json?.count == size)
        do {
            _ = try reader.state(of: name)
            Issue.record("ten million levels were taken in")
        } catch {
            #expect(
                error.description
                    == "\(stream) sequence 1, position \(position), Noted (revision 2)"
                    + ": the payload cannot be read: arrays and objects are nested too deeply "
                    + "(at byte 519)"
            )
        }
    }
}
