import Disk
import JSON
import ProgramFixture
import RecountTesting
import Testing

private func write(_ text: String, to path: String) throws {
    try RealDisk().create(path, size: 0).write(Array(text.utf8).span.bytes, at: 0)
}

/// A store whose groups count what customers paid; one of them by customer and currency.
private struct WhyStore {
    let directory = TemporaryDirectory()
    var path: String { directory.path + "/shop.store" }

    private static let model = """
        recount: 1
        projections:
          totals:
            tables:
              - CREATE TABLE totals (customer TEXT PRIMARY KEY, cents INTEGER NOT NULL CHECK (cents < 90))
              - CREATE TABLE notes (text TEXT)
            on:
              Paid:
                - INSERT INTO totals VALUES (:id, :data ->> 'cents')
                  ON CONFLICT DO UPDATE SET cents = cents + excluded.cents
              Noted:
                - INSERT INTO notes VALUES (:data ->> 'text')
          places:
            tables:
              - CREATE TABLE places (country, number INTEGER, note TEXT, PRIMARY KEY (country, number)) WITHOUT ROWID
              - CREATE TABLE notes (text TEXT)
            on:
              Placed:
                - REPLACE INTO places VALUES (:data ->> 'country', :data ->> 'number', :data ->> 'note')
        """

    init() throws {
        let file = directory.path + "/recount.yaml"
        try write(Self.model, to: file)
        #expect(try Program.run("init", path, "--model", file).status == 0)
        try append("customer-7", "Paid", #"{"cents":50}"#)
        try append("place-1", "Placed", #"{"country":"de","number":3,"note":"a\u001b[2J"}"#)
        try append("place-2", "Placed", #"{"country":"de","number":3,"note":null}"#)
        try append("customer-7", "Paid", #"{"cents":5}"#)
    }

    func append(_ stream: String, _ type: String, _ data: String) throws {
        #expect(try Program.run("append", path, stream, type, "--data", data).status == 0)
    }

    func run() throws {
        _ = try Program.run("run", path, "--until-caught-up")
    }

    func why(_ arguments: String...) throws -> Execution {
        try Program(["why", path] + arguments).end()
    }
}

@Suite struct WhyTests {
    @Test func `a row is told in words, from before it is there to what it lacks`() throws {
        let store = try WhyStore()
        let never = try store.why("--table", "totals", "--key", "7")
        #expect(never.status == 1 && never.messages == "")
        #expect(
            never.output == """
                totals: totals customer='7': there is no such row, at position 0
                  no event that the group has come to changes it
                  a copy made of the same events has no such row either
                  position 1, Paid in customer-7, will change it when the group gets there
                  position 4, Paid in customer-7, will change it when the group gets there
                  totals: does not show customer-7 as of position 4
                    because the group is at position 0, 4 before: no process runs it
                    no host, run by no process, token at position 0, lag 4 events
                    start the application, or recount run

                """
        )
        try store.run()
        let current = try store.why("--table", "totals", "--key", "7")
        #expect(current.status == 0 && current.messages == "")
        #expect(
            current.output == """
                totals: totals customer='7': shows everything, at position 4
                  customer='7'  cents=55
                  changed by 2 events of customer-7; the last is position 4, Paid in customer-7
                  equal to the row in a copy made of the same events
                  totals: shows everything of customer-7, the last at position 4

                """
        )
        try store.append("customer-7", "Paid", #"{"cents":60}"#)
        try store.run()
        let waiting = try store.why("--table", "totals", "--key", "7")
        #expect(waiting.status == 1)
        #expect(waiting.output.contains("customer='7': may not show everything, at position 5\n"))
        #expect(waiting.output.contains("    because it is a dead letter: "))
        #expect(waiting.output.contains("  the copy leaves out a dead letter, "))
        try store.append("customer-7", "Paid", #"{"cents":1}"#)
        let held = try store.why("--table", "totals", "--key", "7")
        #expect(held.output.contains("would change it, and will wait behind a dead letter"))
        let none = try store.why("--table", "places", "--key", "de", "--key", "4")
        #expect(none.status == 0 && none.output.contains("there is rightly no such row"))
    }

    @Test func `a row is an object too`() throws {
        let store = try WhyStore()
        try store.run()
        try store.append("place-1", "Placed", #"{"country":"de","number":3,"note":"new"}"#)
        let key = ["--key", "de", "--key=3"]
        let told = try Program(["why", store.path, "--table", "places", "--json"] + key).end()
        let objects = try told.objects()
        try #require(told.status == 1 && objects.count == 1)
        let object = objects[0]
        #expect(object["group"] == "places" && object["table"] == "places")
        #expect(object["key"]?["country"] == "de" && object["key"]?["number"] == 3)
        #expect(object["isCurrent"] == false && object["position"] == 4)
        #expect(object["row"]?["number"] == 3 && object["row"]?["note"] == .null)
        #expect(object["isEqual"] == true && object["difference"] == .null)
        #expect(object["changeCount"] == 2 && object["hasMoreStreams"] == false)
        let changes = try #require(object["changes"]?.array)
        #expect(changes.map { $0["position"] } == [3, 2] && changes[1]["stream"] == "place-1")
        #expect(object["coming"]?.array?.first?["position"] == 5 && object["comingCount"] == 1)
        #expect(object["coming"]?.array?.first?["type"] == "Placed")
        #expect(object["deadLetterCount"] == 0 && object["failures"]?.array == [])
        let streams = try #require(object["streams"]?.array)
        #expect(streams.map { $0["stream"] } == ["place-2", "place-1"])
        #expect(streams.map { $0["isCurrent"] } == [true, false])
        #expect(streams[1]["lagEvents"] == 1 && streams[1]["owner"] == .null)

        let absent = try store.why("--table", "places", "--key", "x", "--key", "1", "--json")
        let nothing = try #require(try absent.objects().first)
        #expect(absent.status == 0 && nothing["row"] == .null && nothing["key"]?["number"] == "1")
    }

    @Test func `nothing in a row or a key is obeyed by a terminal`() throws {
        let store = try WhyStore()
        try store.append("place-\u{202E}", "Placed", #"{"country":"\u001b[2J","number":1}"#)
        try store.run()
        for key in ["\u{1B}[2J", "\u{1B}[3J"] {
            let told = try store.why("--table", "places", "--key", key, "--key", "1")
            let hidden = (told.output + told.messages).unicodeScalars.filter { scalar in
                scalar != "\n" && [.control, .format].contains(scalar.properties.generalCategory)
            }
            #expect(hidden.isEmpty && told.output.contains("<U+001B>["))
        }
    }

    @Test func `what is wrong is told, with its status`() throws {
        let store = try WhyStore()
        try store.run()
        for (arguments, status, message) in [
            ([], Int32(2), "STREAM or --table is missing"),
            (["customer-7", "--table", "totals"], 2, "exclude each other"),
            (["customer-7", "--key", "7"], 2, "--table names"),
            (["customer-7", "--group", "totals"], 2, "--table names"),
            (["--table", "totals"], 2, "the primary key of the table totals is customer"),
            (["--table", "places", "--key", "de"], 2, "is country, number, a value for each"),
            (["--table", "notes", "--key", "1"], 2, "several groups have a table notes"),
            (["--table", "notes", "--key", "1", "--group", "totals"], 3, "has no primary key"),
            (["--table", "nothing", "--key", "1"], 1, "no group has a table nothing; there are"),
            (["--table", "totals", "--key", "1", "--group", "x"], 1, "no processing group x"),
        ] as [([String], Int32, String)] {
            let execution = try Program(["why", store.path] + arguments).end()
            #expect(execution.status == status, "\(arguments)")
            #expect(execution.messages.contains(message), "\(execution.messages)")
            #expect(execution.output == "")
        }
    }

    @Test func `a long search tells how far it is, is interrupted, and leaves nothing`() throws {
        let directory = TemporaryDirectory()
        let store = directory.path + "/shop.store"
        try write(Self.slowModel, to: directory.path + "/recount.yaml")
        try write(Self.manyLines, to: directory.path + "/lines.ndjson")
        #expect(
            try Program.run("init", store, "--model", directory.path + "/recount.yaml").status == 0
        )
        #expect(try Program.run("import", store, directory.path + "/lines.ndjson").status == 0)
        let before = try RealDisk().names(in: store).sorted()
        let terminal = try TerminalProgram(["why", store, "--table", "slow", "--key", "1"])
        terminal.writes(" of 2,000 events")
        terminal.type("\u{3}")
        terminal.writes("given up at position")
        #expect(terminal.end() == 3)
        #expect(try RealDisk().names(in: store).sorted() == before)
        #expect(try RealDisk().names(in: store + "/groups") == [])
    }

    /// A model whose every event takes some milliseconds.
    private static let slowModel = """
        recount: 1
        projections:
          slow:
            tables:
              - CREATE TABLE slow (id TEXT PRIMARY KEY, n INTEGER)
            on:
              Tested:
                - REPLACE INTO slow SELECT :id, max(i) FROM (
                  WITH RECURSIVE numbers(i) AS (
                  SELECT 1 UNION ALL SELECT i + 1 FROM numbers LIMIT 100000) SELECT i FROM numbers)
        """

    private static let manyLines = (0..<2000).map { number in
        #"{"specversion":"1.0","id":"\#(number)","source":"urn:test","type":"Tested","#
            + #""subject":"cart-1","time":"2026-11-20T03:47:00Z","#
            + #""datacontenttype":"application/json","data":{}}"# + "\n"
    }.joined()
}
