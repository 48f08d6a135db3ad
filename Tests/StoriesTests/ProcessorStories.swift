import EventLog
import EventModel
import Glibc
import JSON
import ProgramFixture
import SQLiteDatabase
import Testing

/// Groups with and without a process that runs them.
@Suite struct ProcessorStories {
    /// A model whose group `totals` cannot handle negative amounts.
    private static let model = """
        recount: 1
        projections:
          totals:
            tables:
              - CREATE TABLE totals (stream TEXT PRIMARY KEY, amount INTEGER CHECK (amount >= 0))
            on:
              Paid:
                - INSERT INTO totals VALUES (:stream, :data ->> 'amount')
                  ON CONFLICT DO UPDATE SET amount = amount + excluded.amount
          count:
            tables:
              - CREATE TABLE counts (type TEXT PRIMARY KEY, events INTEGER)
            on:
              "*":
                - INSERT INTO counts VALUES (:type, 1)
                  ON CONFLICT DO UPDATE SET events = events + 1

        """

    @Test func `without a host groups wait, and run once on demand`() throws {
        let store = try StoryStore(model: ProcessorStories.model)
        for amount in 1...3 { try store.append("cart-1", "Paid", #"{"amount":\#(amount)}"#) }
        let before = try store.processors()
        #expect(before.keys.sorted() == ["count", "totals"])
        #expect(before["totals"]?["state"] == "noHost" && before["totals"]?["lagEvents"] == 3)
        #expect(try store.run("processors").status == 0)
        #expect(try store.run("table", "totals").status == 1)
        let one = try store.run("run", "--group", "count", "--until-caught-up")
        #expect(one.status == 0 && one.messages.contains("every group has reached position 3"))
        #expect(try store.processors()["totals"]?["position"] == 0)
        #expect(try store.run("run", "--group", "cuont").messages.contains("did you mean 'count'"))
    }

    @Test func `a host keeps groups live, and another process leaves them to it`() throws {
        let store = try StoryStore(model: ProcessorStories.model)
        try store.append("cart-1", "Paid", #"{"amount":1}"#)
        let host = try store.start("run")
        #expect(try store.waits(for: "totals") { $0["state"] == "live" && $0["position"] == 1 })
        let live = try #require(try store.processors()["totals"])
        #expect(live["owner"]?.string?.hasPrefix("\(host.number)@") == true)
        #expect((live["heartbeatSeconds"]?.double ?? 99) < 10)
        try store.append("cart-1", "Paid", #"{"amount":2}"#)
        #expect(try store.waits(for: "totals") { $0["position"] == 2 })
        let other = try store.run("run", "--until-caught-up")
        #expect(other.status == 1 && other.messages.contains("another process runs the group"))
        // What a table holds is what was committed, however it is looked at.
        let table = try store.run("table", "totals", "totals", "--json").objects()
        #expect(table == [["stream": "cart-1", "amount": 3]])
        let sql =
            "SELECT (SELECT sum(amount) FROM totals.totals) AS model, "
            + "(SELECT sum(data ->> 'amount') FROM events) AS log"
        #expect(try store.run("query", sql, "--json").objects() == [["model": 3, "log": 3]])
        host.send(SIGINT)
        #expect(host.end().status == 0)
        #expect(try store.processors()["totals"]?["state"] == "noHost")
    }

    @Test func `a dead host's groups are taken over by the one that waits`() throws {
        let store = try StoryStore(model: ProcessorStories.model)
        try store.append("cart-1", "Paid", #"{"amount":1}"#)
        let first = try store.start("run")
        #expect(try store.waits(for: "totals") { $0["state"] == "live" })
        let second = try store.start("run")
        first.send(SIGKILL)
        #expect(first.end().status == -SIGKILL)
        #expect(
            try store.waits(for: "totals") {
                $0["owner"]?.string?.hasPrefix("\(second.number)@") == true
            }
        )
        second.send(SIGTERM)
        #expect(second.end().status == 0)
    }

    @Test func `a paused group stands still until it is resumed`() throws {
        let store = try StoryStore(model: ProcessorStories.model)
        try store.append("cart-1", "Paid", #"{"amount":1}"#)
        let host = try store.start("run")
        #expect(try store.waits(for: "totals") { $0["state"] == "live" })
        let paused = try store.run("pause", "totals", "--reason", "a deploy")
        #expect(paused.status == 0)
        #expect(paused.output == "totals: paused (running → paused)\n")
        let position = try #require(try store.processors()["totals"]?.number("position"))
        try store.append("cart-1", "Paid", #"{"amount":2}"#)
        let head = Int64(try store.open().head().number)
        #expect(try store.waits(for: "count") { $0.number("position") == head })
        let row = try #require(try store.processors()["totals"])
        #expect(row["state"] == "paused" && row["pauseReason"] == "a deploy")
        #expect(row.number("position") == position && position < head)
        #expect(try store.run("processors").status == 0)
        let doctor = try store.run("doctor")
        #expect(doctor.status == 0 && doctor.output.contains("notice: totals is paused: a deploy"))
        let resumed = try store.run("resume", "totals", "--reason", "deployed")
        #expect(resumed.output == "totals: resumed (paused → running)\n")
        #expect(try store.waits(for: "totals") { $0.number("position") >= head })
        host.send(SIGINT)
        #expect(host.end().status == 0)
        #expect(
            try store.contents(of: "totals").rows["totals"] == [[.text("cart-1"), .integer(3)]]
        )
    }

    @Test func `without a host requests are kept and obeyed by the next`() throws {
        let store = try StoryStore(model: ProcessorStories.model)
        try store.append("cart-1", "Paid", #"{"amount":1}"#)
        let pause = try store.run("pause", "totals", "--reason", "later", "--no-wait")
        #expect(pause.status == 0 && pause.output.hasPrefix("recorded as operation "))
        #expect(
            try store.run("operations", "--json").objects().map { $0["outcome"] } == ["pending"]
        )
        let stopped = try store.run("run", "--until-caught-up")
        #expect(stopped.status == 1)
        #expect(stopped.messages.contains("totals stopped at position 0: paused"))
        #expect(try store.run("resume", "totals", "--reason", "now", "--no-wait").status == 0)
        try store.catchUp()
        #expect(try store.contents(of: "totals").rows["totals"]?.count == 1)
        #expect(try store.run("pause", "total", "--reason", "r", "--no-wait").status == 1)
        #expect(try store.run("pause", "totals", "--no-wait").status == 2)
        #expect(try store.run("pause", "totals", "--reason", "", "--no-wait").status == 2)
    }

    @Test func `an event that fails is named, others go on, and a retry mends it`() throws {
        let store = try StoryStore(model: ProcessorStories.model)
        try store.append("cart-1", "Paid", #"{"amount":5}"#)
        try store.append("cart-2", "Paid", #"{"amount":-9}"#)
        try store.append("cart-3", "Paid", #"{"amount":1}"#)
        let once = try store.run("run", "--until-caught-up")
        #expect(once.status == 1)
        #expect(once.messages.contains("totals has 1 dead letter"), "\(once.messages)")
        let host = try store.start("run")
        for group in ["totals", "count"] {
            #expect(try store.waits(for: group) { $0["state"] == "live" && $0["lagEvents"] == 0 })
        }
        #expect(try store.run("processors").status == 1)
        let letter = try #require(try store.run("dead-letters", "--json").objects().first)
        #expect(letter["position"] == 2 && letter["sequence"] == "cart-2")
        #expect(letter["cause"]?.string?.contains("CHECK constraint failed") == true)
        let doctor = try store.run("doctor")
        #expect(doctor.status == 1)
        #expect(doctor.output.contains("warning: totals has 1 dead letter"), "\(doctor.output)")
        let problems = try store.run("doctor", "--json")
        #expect(problems.status == 1)
        let problem = try #require(try problems.objects().first)
        #expect(problem["severity"] == "warning" && problem["group"] == "totals")
        // Tried again with the rules of old, it fails again and stays.
        let early = try store.run("dead-letters", "totals", "retry", "--all", "--reason", "hope")
        #expect(early.status == 1)
        #expect(early.messages.contains("then position 2 failed again"), "\(early.messages)")
        let mended = ProcessorStories.model.split(separator: " CHECK (amount >= 0)")
        try store.write(model: mended.joined())
        // The table itself refuses the row, so that it has to be made anew.
        let replay = try store.run("replay", "totals", "--shadow", "--yes", "--reason", "mended")
        #expect(replay.status == 0, "\(replay.messages)")
        #expect(try store.run("dead-letters").status == 0)
        #expect(try store.waits(for: "totals") { $0["state"] == "live" && $0["lagEvents"] == 0 })
        #expect(try store.run("doctor").status == 0)
        host.send(SIGINT)
        #expect(host.end().status == 0)
        #expect(try store.contents(of: "totals").rows["totals"]?.count == 3)
    }

    @Test func `a model that cannot be used is named with file, line and column`() throws {
        let store = try StoryStore(model: ProcessorStories.model)
        try store.write(model: "recount: 1\nprojections:\n  a: {tables: [], on: {}, x: 1}\n")
        for verb in ["processors", "run", "doctor", "console"] {
            let execution = try store.run(verb)
            #expect(execution.status == 2)
            #expect(execution.messages.contains("recount.yaml:3:"), "\(execution.messages)")
        }
        try store.write(
            model: ProcessorStories.model.replacing(":data ->> 'amount')", with: ":dota)")
        )
        let sql = try store.run("processors")
        #expect(sql.status == 2 && sql.messages.contains("recount.yaml:8:47:"), "\(sql.messages)")
        // What needs no domain works all the same.
        #expect(try store.run("events").status == 0)
    }
}
