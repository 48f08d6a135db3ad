import Glibc
import JSON
import ProgramFixture
import Screen
import Testing

/// Events that fail, and the way to them through history, in the console on a terminal of its own.
@Suite struct ConsoleLetterStories {
    /// A model whose group `totals` cannot handle amounts below a limit; `count` can handle all.
    private static func model(limit: Int) -> String {
        LimitModel.text(limit: limit) + """
              count:
                tables:
                  - CREATE TABLE counts (type TEXT PRIMARY KEY, events INTEGER)
                on:
                  "*":
                    - INSERT INTO counts VALUES (:type, 1)
                      ON CONFLICT DO UPDATE SET events = events + 1

            """
    }

    /// A store with two sequences of dead letters, of two events and of one.
    private func store(isRun: Bool = true) throws -> StoryStore {
        let store = try StoryStore(model: ConsoleLetterStories.model(limit: 0))
        for (stream, amount) in [
            ("cart-1", 10), ("cart-2", -5), ("cart-2", 7), ("cart-1", 20), ("cart-3", -9),
        ] {
            try store.append(stream, "Paid", #"{"amount":\#(amount)}"#)
        }
        guard isRun else { return store }
        let execution = try store.run("run", "--until-caught-up")
        #expect(execution.status == 1 && execution.messages.contains("3 dead letters"))
        return store
    }

    /// Opens the console at the groups, with `totals` selected.
    private func open(_ store: StoryStore, armedFor reason: String? = nil) throws -> TerminalProgram
    {
        let console = try TerminalProgram(["console", store.path])
        console.shows("story", "pulse")
        if let reason {
            console.arms(because: reason)
        }
        console.type("3")
        console.shows("GROUP", "STATE")
        console.type("/totals\r")
        console.shows("► totals")
        return console
    }

    @Test func `letters of a failing group are found, retried in vain, mended and retried`() throws
    {
        let store = try store()
        let host = try store.start("run")
        #expect(try store.waits(for: "totals") { $0["owner"]?.string != nil })
        let console = try open(store, armedFor: "limit was too high")
        console.shows("e dead letters")
        console.type("e")
        console.shows("3 dead letters in 2 sequences, 1 cause")
        console.shows("► ", "integer overflow", "2")
        console.shows("failed", "#2 Paid", "cart-2@0")
        console.shows("held back", "1 later event of cart-2")
        console.shows(#""amount": -5"#)
        console.type("\r")
        console.type("j")
        console.shows("failed", "#5 Paid", "cart-3@0")
        console.shows("no later event")
        console.type("\r")
        console.shows("stream", "cart-3@0")
        console.type("\u{1B}")
        console.shows("f follow")
        console.type("\u{1B}")
        console.shows("► cart-3")

        console.type(":plan to retry every dead letter of totals\r")
        console.shows("RETRY totals", "a plan")
        console.shows("events", "3 of 2 sequences")
        console.shows("canary")
        console.type("\r")
        console.confirms("story/totals")
        console.shows("outcome", "failed")
        console.shows("position 2 failed again")
        console.shows("failed again", "#2 Paid in cart-2")
        console.type("\u{1B}")
        console.shows("3 dead letters in 2 sequences")

        try store.write(model: ConsoleLetterStories.model(limit: -100))
        console.type(":plan to retry every dead letter of totals\r")
        console.shows("RETRY totals", "a plan")
        console.type("\r")
        console.confirms("story/totals")
        console.shows("outcome", "done")
        console.shows("handled 3 dead letters")
        console.shows("3 of 3 events gone")
        console.shows("none of these is a dead letter any more")
        console.type("\u{1B}")
        console.shows("no dead letters")
        console.ends(with: host)
        #expect(try store.run("dead-letters").status == 0)
        let rows = try store.run("table", "totals", "totals", "--json").objects()
        #expect(rows.map { $0["amount"] } == [30, 2, -9])
        let operations = try store.run("operations", "--json").objects()
        #expect(operations.map { $0["outcome"] } == ["completed", "failed"])
        #expect(operations.allSatisfy { $0["reason"] == "limit was too high" })
    }

    @Test func `an event is given up with a reason, and what waited behind it is handled`() throws {
        let store = try store()
        let host = try store.start("run")
        #expect(try store.waits(for: "totals") { $0["owner"]?.string != nil })
        let console = try open(store, armedFor: "carts of tests")
        console.type("e")
        console.shows("► ", "integer overflow")
        console.type(":plan to discard #2 alone\r")
        console.shows("DISCARD totals", "a plan")
        console.type("\r")
        console.shows("give up, because")
        console.type("a test cart\r")
        console.confirms("story/totals")
        console.shows("outcome", "done")
        console.shows("discarded the dead letter at position 2")
        #expect(try store.waits(for: "totals") { $0["deadLetters"] == 1 })
        console.ends(with: host)
        let rows = try store.run("table", "totals", "totals", "--json").objects()
        #expect(rows.map { $0["amount"] } == [30, 7])
        let entry = try #require(try store.run("operations", "--json").objects().first)
        #expect(entry["operation"] == "discard" && entry["reason"] == "a test cart")
    }

    @Test func `without a host a retry waits for one, and says so`() throws {
        let store = try store()
        let console = try open(store, armedFor: "try again")
        console.type("e")
        console.shows("► ", "integer overflow")
        console.type(":plan to retry every dead letter of totals\r")
        console.shows("no process runs the group")
        console.type("\r")
        console.confirms("story/totals")
        console.shows("recorded", "taken up")
        console.shows("no process runs the group: it is done once one does")
        try store.write(model: ConsoleLetterStories.model(limit: -100))
        try store.catchUp()
        console.shows("outcome", "done")
        console.ends()
    }

    // MARK: - Steps

    @Test func `a copy steps forwards and back, as the table is as of each position`() throws {
        let store = try store(isRun: false)
        let console = try open(store)
        console.type("t")
        console.shows("STEP totals", "a scratch copy")
        console.shows("at 0", "before the first event")
        console.type("l")
        console.shows("at #1", "Paid", "cart-1@0")
        console.shows("+ totals  stream='cart-1'  amount=10")
        console.type("l")
        console.shows("the group cannot handle position 2")
        console.shows("at #1", "Paid", "cart-1@0")
        console.ends()

        try store.write(model: ConsoleLetterStories.model(limit: -100))
        let mended = try open(store)
        mended.type("t")
        mended.shows("at 0", "before the first event")
        for position in 1...4 {
            mended.type("l")
            mended.shows("at #\(position)", "Paid")
        }
        mended.shows("~ totals  stream='cart-1'  amount 10 → 30")
        mended.type("h")
        mended.shows("at #3")
        mended.shows("~ totals  stream='cart-1'  amount 30 → 10")
        for row in try store.run("table", "totals", "totals", "--as-of", "3", "--json").objects() {
            let stream = try #require(row["stream"]?.string)
            mended.shows(stream, " \(row.number("amount"))")
        }
        mended.type("@head\r")
        mended.shows("CHANGES: 2 rows", "2 handled events on")
        mended.shows("+ totals  stream='cart-3'  amount=-9")
        mended.type("@-4\r")
        mended.shows("CHANGES: 3 rows", "4 handled events back")
        mended.type("wSELECT count(*) > 1 FROM totals\r")
        mended.shows("at #2", "cart-2@0")
        mended.type(":ask the tables as they are here\r")
        mended.shows("SQL on the tables")
        mended.type("SELECT 17 * 6\r")
        mended.shows("SELECT 17 * 6", "1 row")
        mended.shows("102")
        mended.type("w")
        mended.shows("on until")
        mended.type("\u{15}nonsense\r")
        mended.shows("syntax error")
        mended.ends()
        #expect(try store.contents().isEmpty, "no group ran")
        #expect(try store.run("operations").output.isEmpty)
    }

    @Test func `a long way shows how far it is, and Esc ends it where it is`() throws {
        let store = try StoryStore.billing(20_000)
        let console = try TerminalProgram(["console", store.path])
        console.shows("4 groups")
        console.type(":step slow-ledger\r")
        console.shows("STEP slow-ledger")
        console.shows("at 0", "before the first event")
        console.type("@head\r")
        console.shows("on the way: #", "of 20,000", "Esc gives it up")
        console.type("l")
        console.shows("at work; Esc gives it up")
        console.type("\u{1B}")
        console.shows("given up; the rows are as of #")
        console.hides("at 0 ")
        console.type("@head\r")
        console.shows("on the way: #")
        // Leaving does not wait for the end of the way.
        let start = ContinuousClock.now
        console.send(SIGTERM)
        #expect(console.end() == 0)
        #expect(start.duration(to: .now) < .seconds(1))
    }
}
