import Disk
import JSON
import ProgramFixture
import RecountTesting
import Testing

/// A store whose model refuses an amount below a limit.
private struct Fixture {
    let directory = TemporaryDirectory()
    var store: String { directory.path + "/shop.store" }

    init() throws {
        let model = directory.path + "/model.yaml"
        try Fixture.write(limit: 0, to: model)
        #expect(try Program.run("init", store, "--model", model).status == 0)
    }

    func allow(_ limit: Int) throws { try Fixture.write(limit: limit, to: store + "/recount.yaml") }

    private static func write(limit: Int, to path: String) throws {
        let model = LimitModel.text(limit: limit)
        let disk = RealDisk()
        try disk.removeIfPresent(path)
        try disk.create(path, size: 0).write(Array(model.utf8).span.bytes, at: 0)
    }

    func pay(_ amount: Int, in stream: String) throws {
        let data = #"{"amount":\#(amount)}"#
        #expect(try Program.run("append", store, stream, "Paid", "--data", data).status == 0)
    }

    func catchUp(status: Int32 = 0) throws {
        #expect(try Program.run("run", store, "--until-caught-up").status == status)
    }

    func letters(_ more: String...) throws -> (status: Int32, letters: [JSONValue]) {
        let listed = try Program(["dead-letters", store, "--json"] + more).end()
        let lines = listed.output.split(separator: "\n")
        return (listed.status, try lines.map { try JSONValue(parsing: String($0)) })
    }

    func totals() throws -> String {
        try Program.run("query", store, "SELECT * FROM totals.totals ORDER BY stream", "--json")
            .output
    }
}

@Suite struct DeadLetterTests {
    @Test func `an event that cannot be handled is listed, retried and discarded`() throws {
        let fixture = try Fixture()
        #expect(try fixture.letters().status == 0)
        for (amount, stream) in [(1, "a-1"), (-5, "b-1"), (7, "b-1"), (2, "a-1"), (-9, "c-1")] {
            try fixture.pay(amount, in: stream)
        }
        try fixture.catchUp(status: 1)
        #expect(try fixture.totals() == #"{"stream":"a-1","amount":3}"# + "\n")
        let (status, letters) = try fixture.letters()
        #expect(status == 1)
        #expect(letters.map { $0["position"] } == [2, 5])
        #expect(letters.map { $0["sequence"] } == ["b-1", "c-1"])
        #expect(letters.map { $0["held"] } == [1, 0])
        let cause = try #require(letters[0]["cause"]?.string)
        #expect(cause.contains("integer overflow"))
        let causes = try fixture.letters("--causes").letters
        #expect(causes.map { $0["sequences"] } == [2] && causes[0]["letters"] == 3)
        #expect(try Program.run("doctor", fixture.store).output.contains("3 dead letters"))

        // What waits is explained, and not in the rows as of any position.
        func why(_ stream: String) throws -> (status: Int32, standing: JSONValue) {
            let told = try Program.run("why", fixture.store, stream, "totals", "--json")
            return (told.status, try JSONValue(parsing: told.output))
        }
        let (current, shown) = try why("a-1")
        #expect(current == 0 && shown["isCurrent"] == true && shown["lastPosition"] == 4)
        let (behind, waiting) = try why("b-1")
        #expect(behind == 1 && waiting["isCurrent"] == false && waiting["lastPosition"] == 3)
        #expect(waiting["deadLetterPosition"] == 2 && waiting["held"] == 1)
        #expect(waiting["causes"]?.array?.first?.string?.contains("integer overflow") == true)
        #expect(try Program.run("why", fixture.store, "z-1").status == 1)
        let asOf = try Program.run(
            "table",
            fixture.store,
            "totals",
            "totals",
            "--as-of",
            "5",
            "--json"
        )
        #expect(asOf.status == 0 && asOf.output == #"{"stream":"a-1","amount":3}"# + "\n")

        func ask(_ arguments: String...) throws -> Int32 {
            let verb = ["dead-letters", fixture.store, "totals"]
            return try Program(verb + arguments + ["--reason", "test"]).end().status
        }
        #expect(try ask("retry") == 2)
        #expect(try ask("retry", "--all", "--position", "2") == 2)
        #expect(try ask("skip") == 2)
        #expect(try ask("mend", "--all") == 2)
        #expect(try ask("discard", "--position", "5", "--no-wait") == 0)
        try fixture.allow(-6)
        #expect(try ask("retry", "--all", "--no-wait") == 0)
        try fixture.catchUp()
        #expect(try fixture.letters().status == 0)
        let totals = [#"{"stream":"a-1","amount":3}"#, #"{"stream":"b-1","amount":2}"#]
        #expect(try fixture.totals() == totals.map { $0 + "\n" }.joined())
        let operations = try Program.run("operations", fixture.store).output
        #expect(operations.contains("discarded the dead letter at position 5"))
        #expect(operations.contains("handled 2 dead letters"))
    }

    @Test func `a replay is asked for in parts or beside the rows, and undone`() throws {
        let fixture = try Fixture()
        for (amount, stream) in [(1, "a-1"), (5, "b-1"), (2, "a-1")] {
            try fixture.pay(amount, in: stream)
        }
        try fixture.catchUp()
        let before = try fixture.totals()
        func call(_ verb: String, _ arguments: String...) throws -> Execution {
            try Program([verb, fixture.store] + arguments + ["--reason", "test"]).end()
        }
        // Other rules make other rows, beside those in use or in their place.
        try fixture.allow(2)
        for mode in [["--shadow"], []] {
            let asked = try Program(
                ["replay", fixture.store, "totals", "--yes", "--no-wait", "--reason", "test"] + mode
            ).end()
            #expect(asked.status == 0, "\(asked.messages)")
            try fixture.catchUp(status: mode.isEmpty ? 1 : 0)
            let replayed = [#"{"stream":"b-1","amount":5}"#]
            if mode.isEmpty {
                #expect(try fixture.totals() == replayed.map { $0 + "\n" }.joined())
                #expect(try call("undo", "totals", "--no-wait").status == 0)
                try fixture.catchUp()
            }
            // New rows with a dead letter are given up.
            #expect(try fixture.totals() == before, "\(mode)")
            #expect(try call("undo", "totals").status == 3)
        }
        #expect(try call("undo", "nothing").status == 3)
        let parts = try call("replay", "totals", "--stream", "b-1", "--yes")
        #expect(parts.status == 3 && parts.messages.contains("would change its tables"))
        let plan = try Program.run(
            "replay",
            fixture.store,
            "totals",
            "--plan",
            "--type",
            "Paid",
            "--stream",
            "a-1",
            "--to",
            "2",
            "--json"
        )
        let object = try JSONValue(parsing: plan.output)
        #expect(plan.status == 3 && object["to"] == 2 && object["events"] == 1)
        #expect(object["bytesNeeded"]?.integer ?? 0 > 0)
    }

    @Test func `the guide's commands do what it says`() throws {
        let page = "Sources/Recount/Recount.docc/Guides/Replays.md"
        let directory = TemporaryDirectory()
        let outputs = try DocumentShell.blocks("sh", of: page).map {
            try DocumentShell.run($0, in: directory.path)
        }
        try #require(outputs.count == 7)
        #expect(outputs[1].contains("NOT NULL constraint failed: totals.cents"))
        #expect(outputs[1].contains("totals: does not show customer-7 as of position 4"))
        #expect(outputs[1].hasSuffix("7          4900\n8          1900\n"))
        #expect(outputs[2].hasSuffix("7          5000\n8          1900\n"))
        #expect(outputs[3].contains("replay totals: positions 1 to"))
        #expect(outputs[4].contains("muted in replays: 1 events"))
        #expect(outputs[4].contains(/Refunded +1 +muted/))
        #expect(outputs[5].isEmpty)
        #expect(outputs[6].contains("put back the rows of before operation"))
        #expect(outputs[6].contains("the new rows are in use"))
        #expect(outputs[6].contains("handled 2 dead letters"))
    }
}
