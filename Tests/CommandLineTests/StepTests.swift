import Disk
import Glibc
import JSON
import ProgramFixture
import RecountTesting
import Testing

/// A store with a model and a few events.
private struct StepStore {
    let directory = TemporaryDirectory()
    var path: String { directory.path + "/shop.store" }

    private static let model = """
        recount: 1
        projections:
          totals:
            tables:
              - CREATE TABLE totals (customer TEXT PRIMARY KEY, cents INTEGER NOT NULL CHECK (cents < 90))
              - CREATE TABLE notes (text TEXT, bytes BLOB)
            on:
              Paid:
                - INSERT INTO totals VALUES (:id, :data ->> 'cents')
                  ON CONFLICT DO UPDATE SET cents = cents + excluded.cents
              Noted:
                - INSERT INTO notes VALUES (:data ->> 'text', x'00ff')
              Cleared:
                - DELETE FROM notes
        """

    init() throws {
        let file = directory.path + "/recount.yaml"
        try RealDisk().create(file, size: 0).write(Array(Self.model.utf8).span.bytes, at: 0)
        #expect(try Program.run("init", path, "--model", file).status == 0)
    }

    func append(_ stream: String, _ type: String, _ data: String) throws {
        #expect(try Program.run("append", path, stream, type, "--data", data).status == 0)
    }

    func step(_ commands: String, _ arguments: String...) throws -> Execution {
        try Program(["step", path, "totals"] + arguments, input: commands).end()
    }

    /// Four events, of which the group does not handle the third.
    static func filled() throws -> StepStore {
        let store = try StepStore()
        try store.append("customer-7", "Paid", #"{"cents":50}"#)
        try store.append("customer-8", "Noted", #"{"text":"a"}"#)
        try store.append("customer-8", "Seen", "{}")
        try store.append("customer-7", "Paid", #"{"cents":-60}"#)
        return store
    }
}

/// An output with the same time everywhere.
private func timeless(_ text: String) -> String {
    text.replacing(/\d{4}-\d\d-\d\dT[0-9:.]+Z/, with: "2026-11-20T03:47:00Z")
}

@Suite struct StepTests {
    @Test func `the guide's commands print what it says`() throws {
        let page = "Sources/Recount/Recount.docc/Guides/InteractiveReplay.md"
        let directory = TemporaryDirectory()
        let blocks = try DocumentShell.blocks("sh", of: page)
        try #require(blocks.count == 3)
        _ = try DocumentShell.run(blocks[0], in: directory.path)
        let told = try #require(try DocumentShell.blocks("text", of: page).first)
        let printed = try DocumentShell.run(blocks[1], in: directory.path)
        #expect(timeless(printed).split(separator: "\n").map(String.init) == told)
        let table = try DocumentShell.run(blocks[2], in: directory.path)
        #expect(table == "customer  cents\n7          4900\n8          1900\n")
    }

    @Test func `steps tell the event and the rows that differ`() throws {
        let store = try StepStore.filled()
        let execution = try store.step("\nn\ns customer-8\nnext\nback 2\nto head\nhelp\nq\nnext\n")
        #expect(execution.status == 0)
        #expect(execution.messages.contains("until, u SQL"))
        let expected = """
            position 1  T  Paid  customer-7/0
              {"cents":50}
              + totals  customer='7'  cents=50
            position 2  T  Noted  customer-8/0
              {"text":"a"}
              + notes  rowid=1  text='a'  bytes=x'00ff'
            position 3  T  Seen  customer-8/1  (not handled)
              {}
              no row differs
            position 4  T  Paid  customer-7/1
              {"cents":-60}
              ~ totals  customer='7'  cents 50 -> -10
            position 1  T  Paid  customer-7/0  (2 handled events back)
              {"cents":50}
              - notes  rowid=1  text='a'  bytes=x'00ff'
              ~ totals  customer='7'  cents -10 -> 50
            position 4  T  Paid  customer-7/1  (2 handled events on)
              {"cents":-60}
              + notes  rowid=1  text='a'  bytes=x'00ff'
              ~ totals  customer='7'  cents 50 -> -10

            """
        #expect(
            timeless(execution.output) == expected.replacing(" T ", with: " 2026-11-20T03:47:00Z ")
        )
        #expect(
            try store.step("ne\nb\nb\n").output.hasSuffix("there is nothing before the beginning\n")
        )
        #expect(
            try store.step("n 3\nn\n").output.hasSuffix("there is no such event up to the head\n")
        )
        let few = try store.step("to 4\n", "--rows", "1")
        #expect(few.output.hasSuffix("and 1 more rows\n"))
    }

    @Test func `steps are objects too, and tables are lists`() throws {
        let store = try StepStore.filled()
        let commands = "n 3\nu SELECT 0\nback\ntable\ntable notes\nquery SELECT 7 AS x\n"
        let objects = try store.step(commands, "--json").objects()
        try #require(objects.count == 7)
        #expect(objects[0]["position"] == 4 && objects[0]["from"] == 0)
        #expect(objects[0]["handled"] == 3 && objects[0]["end"] == "reached")
        #expect(objects[0]["event"]?["type"] == "Paid" && objects[0]["event"]?["isHandled"] == true)
        let changes = try #require(objects[0]["changes"]?.array)
        #expect(changes.count == 2 && objects[0]["changeCount"] == 2)
        #expect(changes[0]["table"] == "totals" && changes[0]["change"] == "inserted")
        #expect(changes[0]["columns"]?["cents"]?["after"] == -10)
        #expect(changes[1]["key"]?["rowid"] == 1)
        #expect(changes[1]["columns"]?["bytes"]?["after"] == "AP8=")
        #expect(objects[1]["end"] == "atHead" && objects[1]["changes"]?.array?.isEmpty == true)
        let back = try #require(objects[2]["changes"]?.array?.first)
        #expect(objects[2]["position"] == 2 && back["change"] == "updated")
        #expect(back["columns"]?["cents"]?["before"] == -10)
        #expect(back["columns"]?["cents"]?["after"] == 50)
        #expect(objects[3]["table"] == "notes" && objects[3]["rows"] == 1)
        #expect(objects[5]["text"] == "a" && objects[6]["x"] == 7)
    }

    @Test func `nothing in an event or a row is obeyed by a terminal`() throws {
        let store = try StepStore()
        try store.append("customer-\u{202E}", "Noted", #"{"text":"\u001b[2J\u009b1m"}"#)
        let execution = try store.step("next\ntable notes\nback\nxx\u{1B}[2J\n")
        #expect(execution.status == 2)
        for text in [execution.output, execution.messages] {
            let hidden = text.unicodeScalars.filter { scalar in
                scalar != "\n" && [.control, .format].contains(scalar.properties.generalCategory)
            }
            #expect(hidden.isEmpty)
        }
        #expect(execution.output.contains("[2J"))
    }

    @Test func `what is wrong is told, with its status`() throws {
        let store = try StepStore.filled()
        for (command, status, message) in [
            ("nxet", Int32(2), "did you mean 'next'"), ("t", 2, "a point is a position"),
            ("qu", 2, "did you mean 'query' or 'quit'"), ("next 0", 2, "a whole number from 1"),
            ("to 99", 2, "the store ends at position 4"), ("until", 2, "until SQL"),
            ("until SELECT nix FROM totals", 2, "line 1, column 8: no such column: nix"),
            ("until DELETE FROM totals", 3, "a query only reads"),
            ("query UPDATE totals SET cents = 0", 3, "a query only reads"),
            ("query PRAGMA table_info(totals)", 3, "a query only reads"),
            ("table nothing", 1, "has no table nothing; there are notes, totals"),
        ] {
            let execution = try store.step("next\n\(command)\nnext\n")
            #expect(execution.status == status, "\(command)")
            #expect(execution.messages.hasPrefix("recount: error: ") == true)
            #expect(execution.messages.contains(message), "\(command): \(execution.messages)")
            #expect(
                execution.output.contains("position 1") && !execution.output.contains("position 2")
            )
        }
        #expect(try store.step("", "--at", "soon").status == 2)
        #expect(try Program.run("step", store.path, "nothing").status == 1)
        #expect(try store.step("\n", "--at", "head").output.contains("no such event"))
    }

    @Test func `an event that cannot be handled is named, before and behind it`() throws {
        let store = try StepStore.filled()
        try store.append("customer-9", "Paid", #"{"cents":100}"#)
        let failing = "position 5, Paid in customer-9: "
        let stepped = try store.step("to 5\nback\n")
        #expect(stepped.status == 1)
        #expect(stepped.output.contains("the group cannot handle \(failing)"))
        #expect(stepped.output.contains("position 2"))
        let begun = try store.step("back\n", "--at", "head")
        #expect(begun.status == 1 && begun.messages.contains(failing))
        #expect(begun.output.hasPrefix("position 2"))
        let table = try Program.run("table", store.path, "totals", "totals", "--as-of", "head")
        #expect(table.status == 1 && table.messages.contains(failing) && table.output.isEmpty)
    }

    @Test func `a table is shown as of any point, and the store stays as it is`() throws {
        let store = try StepStore.filled()
        func rows(_ point: String, _ more: String...) throws -> Execution {
            try Program(["table", store.path, "totals"] + more + ["--as-of", point]).end()
        }
        #expect(try rows("0", "totals").output == "")
        #expect(try rows("3", "totals").output == "customer  cents\n7            50\n")
        #expect(try rows("4", "totals", "--json").output == "{\"customer\":\"7\",\"cents\":-10}\n")
        #expect(
            try rows("2026-01-01T00:00:00Z").output == "table   rows\nnotes      0\ntotals     0\n"
        )
        #expect(
            try rows("2999-01-01T00:00:00Z").output == "table   rows\nnotes      1\ntotals     1\n"
        )
        #expect(try rows("9", "totals").status == 2 && rows("4", "nothing").status == 1)
        #expect(try RealDisk().names(in: store.path + "/groups") == [])
    }

    @Test func `a long step is interrupted, and the session goes on`() throws {
        let store = try StepStore.filled()
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        let condition =
            "until \(endless)SELECT CASE WHEN (SELECT count(*) FROM notes) = 0 THEN 0 "
            + "ELSE (SELECT max(i) FROM n) END"
        let terminal = try TerminalProgram(["step", store.path, "totals"])
        terminal.writes("0> ")
        terminal.type("\r")
        terminal.writes("1> ")
        terminal.type("\(condition)\r")
        // The progress shows that the step is at work.
        terminal.writes(" of 3 events")
        terminal.type("\u{3}")
        terminal.writes("interrupted; the tables are as of position 2")
        terminal.writes("2> ")
        terminal.type("nonsense\r")
        terminal.writes("there is no command 'nonsense'")
        terminal.type("quit\r")
        #expect(terminal.end() == 0)
    }
}
