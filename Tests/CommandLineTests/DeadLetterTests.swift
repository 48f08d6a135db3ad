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
        let model = """
            recount: 1
            projections:
              totals:
                tables:
                  - CREATE TABLE totals (stream TEXT PRIMARY KEY, amount INTEGER)
                on:
                  Paid:
                    - INSERT INTO totals VALUES (:stream,
                        iif((:data ->> 'amount') < \(limit), abs(-9223372036854775808),
                            :data ->> 'amount'))
                      ON CONFLICT DO UPDATE SET amount = amount + excluded.amount

            """
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
}
