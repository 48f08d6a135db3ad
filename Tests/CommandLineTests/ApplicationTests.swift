import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import JSON
import Operations
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

@testable import Recount

/// An aggregate in Swift whose events had other forms once.
private struct Letter: Aggregate, Codable {
    enum Event: DomainEvent {
        case written(text: String)

        static let forms = EventForms(prefix: "Letter", cases: "written")
            .revised("written", to: 3)
    }

    static let category = Category("letter")
    static var snapshotEvery: Int? { 2 }
    static var upcasters: [Upcaster] {
        [Upcaster("LetterWritten", from: 2, to: 3) { ["text": $0["words"] ?? .null] }]
    }

    var texts: [String] = []

    func decide(_ command: String) -> [Event] { [.written(text: command)] }

    mutating func evolve(_ event: Event) {
        if case .written(let text) = event { texts.append(text) }
    }
}

/// A projection in Swift that writes down what it is shown.
private struct Seen: Projection {
    let name = "seen"
    let tables = ["CREATE TABLE seen (event TEXT NOT NULL)"]
    let eventTypes: [EventType]? = nil
    let isIdempotent = false

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        SeenHandler(try database.prepare("INSERT INTO seen VALUES (?)"))
    }
}

private final class SeenHandler: ProjectionHandler {
    private let insert: SQLiteStatement

    init(_ insert: SQLiteStatement) {
        self.insert = insert
    }

    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        let form = "\(event.streamName) \(event.eventType) \(event.revision)"
        try insert.bind(text: "\(form) \(event.payload.text)", at: 1)
        try insert.run()
        return true
    }
}

/// A store with a `recount.yaml`, and a program in Swift over it.
private struct Fixture {
    let directory = TemporaryDirectory()
    let log: EventLog
    let application: Application
    var path: String { directory.path + "/test.store" }

    init(model: String) throws {
        application = try Application {
            Letter.self
            Seen()
        }
        let places = StoreDirectory(directory.path + "/test.store")
        log = try EventLog.create(
            places,
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: 1 << 20)
        )
        let file = try RealDisk().create(places.model, size: 0)
        try file.write(Array(model.utf8).span.bytes, at: 0)
    }

    func append(_ stream: String, _ type: String, revision: UInt32, _ payload: String) throws {
        let event = PendingEvent(
            id: EventID(high: 5, low: try log.head().number),
            type: EventType(type),
            revision: revision,
            payload: Array(payload.utf8)
        )
        _ = try log.append(AppendRequest([event], to: StreamName(stream)))
    }

    /// Runs a verb of the program.
    func run(_ arguments: String...) throws -> (status: Recount.ExitStatus, objects: [JSONValue]) {
        let path = directory.path + "/output"
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let output = CommandOutput(descriptor: descriptor, name: "output")
        let null = open("/dev/null", O_WRONLY)
        defer { close(null) }
        let messages = CommandOutput(descriptor: null, name: "messages")
        let table = VerbTable(services: [application])
        let status = table.run(arguments + ["--json"], output: output, messages: messages)
        let file = try RealDisk().open(path, writable: false)
        let text = String(decoding: try file.read(0..<file.size()), as: UTF8.self)
        return (status, try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) })
    }
}

private let model = """
    recount: 1
    aggregates:
      letter: { on: { "*": ":state" } }
      memo: { on: { Noted: ":state" } }
    projections:
      seen: { tables: [ CREATE TABLE other (a) ], on: { A: [ INSERT INTO other VALUES (1) ] } }
      noted:
        tables: [ CREATE TABLE noted (text TEXT) ]
        on: { LetterWritten: [ "INSERT INTO noted VALUES (:revision || :data)" ] }
    upcasters:
      - { event: LetterWritten, from: 1, to: 2, data: "json_object('words', :data ->> 'w')" }
      - event: Pair
        from: 1
        events: >
          json_array(
            json_object('type', 'Noted', 'data', 1), json_object('type', 'Noted', 'data', 2))
      - { event: Noise, from: 1, drop: true }
    """

@Suite struct ApplicationTests {
    private func fixture() throws -> Fixture {
        let fixture = try Fixture(model: model)
        try fixture.append("letter-1", "LetterWritten", revision: 1, #"{"w":"a"}"#)
        try fixture.append("letter-1", "LetterWritten", revision: 2, #"{"words":"b"}"#)
        try fixture.append("letter-1", "LetterWritten", revision: 3, #"{"text":"c"}"#)
        try fixture.append("memo-1", "LetterWritten", revision: 1, #"{"w":"d"}"#)
        try fixture.append("memo-1", "Noise", revision: 1, "{}")
        try fixture.append("memo-1", "Pair", revision: 1, "{}")
        return fixture
    }

    private func rows(_ fixture: Fixture, _ group: String, _ query: String) throws -> [String] {
        let domain = try fixture.application.domain(of: fixture.log.directory)
        let host = ProcessorHost(
            domain.groups.filter { $0.name == group },
            store: fixture.log,
            process: 1,
            now: EventLog.systemTime
        )
        defer { host.stop() }
        _ = try host.waitUntilDecided(fixture.log.head())
        let files = GroupFiles(group: group, directory: fixture.log.directory.groups)
        let database = try SQLiteConnection(path: files.database, mode: .readOnly)
        let statement = try database.prepare(query)
        var rows: [String] = []
        while try statement.step() { rows.append(statement.string(at: 0) ?? "") }
        return rows
    }

    @Test func `projections in Swift see what upcasters of the program and the model give`() throws
    {
        let rows = try rows(fixture(), "seen", "SELECT event FROM seen ORDER BY rowid")
        #expect(
            rows == [
                #"letter-1 LetterWritten 3 {"text":"a"}"#,
                #"letter-1 LetterWritten 3 {"text":"b"}"#,
                #"letter-1 LetterWritten 3 {"text":"c"}"#,
                #"memo-1 LetterWritten 2 {"words":"d"}"#, "memo-1 Noted 1 1", "memo-1 Noted 1 2",
            ]
        )
    }

    @Test func `projections of the model see them too`() throws {
        let rows = try rows(fixture(), "noted", "SELECT text FROM noted ORDER BY rowid")
        #expect(
            rows == [
                #"3{"text":"a"}"#, #"3{"text":"b"}"#, #"3{"text":"c"}"#, #"2{"words":"d"}"#,
            ]
        )
    }

    @Test func `aggregates in Swift see them too, in commands, states and snapshots`() throws {
        let fixture = try fixture()
        let stream = StreamName("letter-1")
        let fold = try fixture.application.domain(of: fixture.log.directory).folds[stream.category]
        #expect(fold.rules == Fold.rulesOfProgram)
        let state = try StateReader(store: fixture.log, folds: Folds([fold])).state(of: stream)
        #expect(
            state.json.map { String(decoding: $0, as: UTF8.self) } == #"{"texts":["a","b","c"]}"#
        )

        let post = try fixture.application.open(fixture.path)
        defer { post.close() }
        let letters = try post.repository(of: Letter.self)
        let metadata = CommandMetadata(commandID: EventID(high: 6, low: 1))
        let outcome = try letters.handle("d", for: "1", .existing, metadata: metadata)
        #expect(outcome.root.texts == ["a", "b", "c", "d"])
        let snapshot = try #require(post.snapshots.list(of: stream).first)
        #expect(snapshot.sequence == Sequence(3) && snapshot.fingerprint == fold.fingerprint)
        #expect(try letters.load("1").root.texts == ["a", "b", "c", "d"])
    }

    @Test func `snapshots are of other rules once the model's upcasters are others`() throws {
        let plain = try Fixture(model: "recount: 1")
        let letters = Letter.category
        let without = try plain.application.domain(of: plain.log.directory).folds[letters]
        #expect(without.fingerprint == Fold(Letter.self).fingerprint)
        let full = try fixture()
        let with = try full.application.domain(of: full.log.directory).folds[letters]
        #expect(with.fingerprint != without.fingerprint)
    }

    @Test func `where program and model upcast one form the program wins and it is told`() throws {
        let fixture = try Fixture(
            model: """
                recount: 1
                upcasters:
                  - { event: LetterWritten, from: 2, to: 3, data: "json_object('text', 'model')" }
                """
        )
        try fixture.append("letter-1", "LetterWritten", revision: 2, #"{"words":"program"}"#)
        try fixture.append("memo-1", "LetterWritten", revision: 2, #"{"words":"program"}"#)
        let post = try fixture.application.open(fixture.path)
        defer { post.close() }
        #expect(try post.repository(of: Letter.self).load("1").root.texts == ["program"])
        #expect(
            try rows(fixture, "seen", "SELECT event FROM seen ORDER BY rowid") == [
                #"letter-1 LetterWritten 3 {"text":"program"}"#,
                #"memo-1 LetterWritten 3 {"text":"model"}"#,
            ]
        )
        let check = try fixture.run("model", "check", fixture.path)
        #expect(check.objects.first?["overruledUpcasters"] == ["LetterWritten (revision 2)"])
    }

    @Test func `a check tells what the program's own aggregate cannot read`() throws {
        let fixture = try Fixture(model: "recount: 1")
        try fixture.append("letter-1", "LetterWritten", revision: 1, #"{"w":"a"}"#)
        let check = try fixture.run("schema", fixture.path, "check")
        #expect(check.status == .finding)
        let unreadable = check.objects.filter { $0["isReadable"] == false }
        #expect(unreadable.count == 1)
        #expect(unreadable[0]["category"] == "letter" && unreadable[0]["revision"] == 1)
        #expect(unreadable[0]["type"] == "LetterWritten" && unreadable[0]["unreadable"] == 1)
        let missing = unreadable[0]["missing"]?.string
        #expect(missing == "cannot be upcast: no upcaster takes it; add one from revision 1 to 3")
    }

    @Test func `a model check tells what the program defines and wins over`() throws {
        let fixture = try fixture()
        let check = try fixture.run("model", "check", fixture.path)
        #expect(check.status == .done)
        let object = try #require(check.objects.first)
        #expect(object["aggregates"] == ["letter", "memo"] && object["upcasters"] == 3)
        #expect(object["programAggregates"] == ["letter"] && object["programGroups"] == ["seen"])
        #expect(object["overruledAggregates"] == ["letter"])
        #expect(object["overruledProjections"] == ["seen"] && object["overruledUpcasters"] == [])
    }

    @Test func `upcasters that lead in a circle only with those of the program are found`() throws {
        let fixture = try Fixture(
            model: """
                recount: 1
                upcasters:
                  - { event: LetterWritten, from: 3, type: Written, to: 1, data: ":data" }
                  - { event: Written, from: 1, type: LetterWritten, to: 2, data: ":data" }
                """
        )
        let check = try fixture.run("model", "check", fixture.path)
        #expect(check.status == .finding)
        let reason = check.objects.first?["reason"]?.string
        #expect(reason?.hasSuffix("the upcasters lead in a circle") == true)
        #expect(try fixture.run("model", "check", fixture.log.directory.model).status == .done)
    }
}
