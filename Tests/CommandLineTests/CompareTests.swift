import Disk
import EventModel
import JSON
import ProgramFixture
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

/// A store whose group counts what customers paid, and keeps notes without a key.
private struct CompareStore {
    let directory = TemporaryDirectory()
    var path: String { directory.path + "/shop.store" }

    private static let model = """
        recount: 1
        projections:
          totals:
            tables:
              - CREATE TABLE totals (customer TEXT PRIMARY KEY, cents INTEGER NOT NULL)
              - CREATE TABLE notes (text TEXT, bytes BLOB)
            on:
              Paid:
                - INSERT INTO totals VALUES (:id, :data ->> 'cents')
                  ON CONFLICT DO UPDATE SET cents = cents + excluded.cents
              Noted:
                - INSERT INTO notes VALUES (:data ->> 'text', x'00ff')
        """

    init() throws {
        let file = directory.path + "/recount.yaml"
        try RealDisk().create(file, size: 0).write(Array(Self.model.utf8).span.bytes, at: 0)
        #expect(try Program.run("init", path, "--model", file).status == 0)
        try append("customer-7", "Paid", #"{"cents":50}"#)
        try append("customer-8", "Noted", #"{"text":"a\u001b[2J"}"#)
        try append("customer-8", "Seen", "{}")
        #expect(try Program.run("run", path, "--until-caught-up").status == 0)
    }

    func append(_ stream: String, _ type: String, _ data: String) throws {
        #expect(try Program.run("append", path, stream, type, "--data", data).status == 0)
    }

    /// Changes rows in use by hand.
    func change(_ sql: String) throws {
        let files = GroupFiles(group: "totals", directory: path + "/groups")
        try SQLiteConnection(path: files.database, mode: .readWriteCreate).execute(sql)
    }

    func compare(_ arguments: String...) throws -> Execution {
        try Program(["compare", path, "totals"] + arguments).end()
    }
}

@Suite struct CompareTests {
    @Test func `the guide's commands print what it says`() throws {
        let page = "Sources/Recount/Recount.docc/Guides/VerifyingReadModels.md"
        let directory = TemporaryDirectory()
        let told = try DocumentShell.blocks("text", of: page)
        let printed = try DocumentShell.blocks("sh", of: page).map { block in
            try DocumentShell.run(block, in: directory.path).split(separator: "\n").map(String.init)
        }
        try #require(printed.count == 4 && told.count == 3)
        #expect(printed[0].suffix(told[0].count) == told[0][...])
        #expect(printed[1] == told[1])
        #expect(printed[2].contains { $0.contains("the rows in use are equal to those rebuilt") })
        #expect(printed[2].last == "~ totals  customer='7'  cents 4000 -> 5800")
        #expect(printed[3].suffix(told[2].count) == told[2][...])
    }

    @Test func `equal rows are done, and others a finding with its rows`() throws {
        let store = try CompareStore()
        let equal = try store.compare()
        #expect(
            equal.status == 0 && equal.output.hasPrefix("totals at position 3: the rows in use")
        )
        try store.change("UPDATE totals SET cents = '50.5' WHERE customer = '7'")
        try store.change("INSERT INTO totals VALUES ('9', -1), ('10', -1)")
        try store.change("DELETE FROM notes")
        let other = try store.compare("--limit", "2")
        let lines = other.output.split(separator: "\n").map(String.init)
        #expect(other.status == 1)
        #expect(
            lines.first
                == "totals at position 3: the rows in use and those rebuilt differ in 4 rows"
        )
        #expect(
            lines.dropFirst(4) == [
                "- totals  customer='10'  cents=-1", "~ totals  customer='7'  cents 50.5 -> 50",
                "and 1 more rows of totals", "+ notes  text='a<U+001B>[2J'  bytes=x'00ff'",
            ]
        )
        let one = try store.compare("--table", "notes", "--limit", "0")
        #expect(one.status == 1 && one.output.split(separator: "\n").count == 3)
        #expect(try store.compare("--table", "nothing").status == 1)
        #expect(try store.compare("--with", "something").status == 2)
        let kept = try store.compare("--with", "kept")
        #expect(kept.status == 1 && kept.messages.contains("no rows of the group totals are kept"))
    }

    @Test func `a comparison is an object too`() throws {
        let store = try CompareStore()
        try store.change("UPDATE totals SET cents = 51")
        let objects = try store.compare("--json").objects()
        try #require(objects.count == 1)
        let object = objects[0]
        #expect(object["group"] == "totals" && object["with"] == "rebuilt")
        #expect(object["position"] == 3 && object["isEqual"] == false)
        #expect(object["digest"]?.string?.count == 64)
        #expect(object["digest"] != object["otherDigest"])
        #expect(object["failures"]?.array == [] && object["notes"]?.array == [])
        let tables = try #require(object["tables"]?.array)
        #expect(tables.map { $0["table"]?.string } == ["totals", "notes"])
        #expect(tables[0]["rows"] == 1 && tables[0]["otherRows"] == 1 && tables[0]["changed"] == 1)
        #expect(tables[1]["digest"] == tables[1]["otherDigest"])
        let change = try #require(tables[0]["changes"]?.array?.first)
        #expect(change["change"] == "updated" && change["key"]?["customer"] == "7")
        #expect(change["columns"]?["cents"]?["before"] == 51)
        #expect(change["columns"]?["cents"]?["after"] == 50)
    }

    @Test func `every event is accounted for, or the command line says so`() throws {
        let store = try CompareStore()
        let shown = try Program.run("processors", store.path, "--accounting")
        let words = shown.output.split(separator: "\n").last?.split(separator: " ").map(String.init)
        #expect(words == ["totals", "0", "3", "3", "2", "1", "0", "0", "yes"])
        try store.change("UPDATE recount_progress SET filtered = 0")
        let listed = try Program.run("processors", store.path, "--json")
        let accounting = try #require(try listed.objects().first?["accounting"])
        #expect(listed.status == 1 && accounting["isComplete"] == false)
        #expect(accounting["handled"] == 2 && accounting["through"] == 3)
        let doctor = try Program.run("doctor", store.path, "--quick")
        #expect(doctor.status == 1)
        #expect(doctor.output.contains("critical: totals accounts for 2 of 3 events after"))
    }

    @Test("a year of a web shop is what a rebuild makes of it", .enabled(if: RealData.isThere))
    func realData() throws {
        let directory = TemporaryDirectory()
        let store = directory.path + "/shop.store"
        let model = DocumentShell.root + "/Tests/DomainModelTests/Models/online-retail.yaml"
        #expect(try Program.run("init", store, "--model", model).status == 0)
        let file = RealData.directory + "/online-retail.ndjson.gz"
        #expect(try Program.run("import", store, file).status == 0)
        #expect(try Program.run("run", store, "--until-caught-up").status == 0)
        let listed = try Program.run("processors", store, "--json").objects()
        let groups = listed.compactMap { $0["group"]?.string }
        #expect(groups.count >= 2)
        func digest(_ group: String, _ arguments: String...) throws -> String? {
            let compared = try Program(["compare", store, group, "--json"] + arguments).end()
            let object = try #require(try compared.objects().first)
            #expect(compared.status == 0 && object["isEqual"] == true, "\(group): \(object)")
            return object["digest"]?.string
        }
        let digests = try groups.map { try digest($0) }
        // A replay of each kind and an undoing lead to the same rows.
        let group = try #require(groups.last)
        for operation in [
            ["replay", store, group, "--shadow", "--yes"], ["replay", store, group, "--yes"],
            ["undo", store, group],
        ] {
            let asked = try Program(operation + ["--no-wait", "--reason", "test"]).end()
            #expect(asked.status == 0, "\(asked.messages)")
            #expect(try Program.run("run", store, "--until-caught-up").status == 0)
            #expect(try digest(group) == digests.last)
            if operation[0] == "replay" {
                #expect(try digest(group, "--with", "kept") == digests.last)
            }
        }
    }
}
