import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import JSON
import ProgramFixture
import RecountTesting
import Testing

/// A restored store whose groups have handled events that it does not hold.
@Suite struct RewindStories {
    private static let model =
        LimitModel.text(limit: 0) + """
              last:
                idempotent: true
                tables:
                  - CREATE TABLE last (stream TEXT PRIMARY KEY, amount INTEGER)
                on:
                  Paid:
                    - INSERT INTO last VALUES (:stream, :data ->> 'amount')
                      ON CONFLICT DO UPDATE SET amount = excluded.amount

            """

    /// Appends payments with the numbers of a range, which are also their amounts.
    private func append(_ numbers: Range<UInt64>, to store: StoryStore) throws {
        let log = try store.open()
        for number in numbers {
            let event = PendingEvent(
                id: EventID(high: 0x0A1, low: number),
                type: "Paid",
                payload: Array(#"{"amount":\#(number)}"#.utf8)
            )
            _ = try log.append(AppendRequest([event], to: StreamName("cart-\(number % 7)")))
        }
    }

    /// A store of 2500 payments, of which its groups know only the first 2100.
    private func restored() throws -> StoryStore {
        let store = try StoryStore(model: RewindStories.model)
        try append(0..<2100, to: store)
        try store.catchUp()
        // A copy of files that nobody writes is a backup.
        let backup = store.directory.path + "/backup.store"
        try #require(system("cp -a '\(store.path)' '\(backup)'") == 0)
        try append(2100..<2300, to: store)
        try store.catchUp()
        try RealDisk().removeTree(backup + "/groups")
        try RealDisk().rename(store.places.groups, to: backup + "/groups")
        try RealDisk().removeTree(store.path)
        try RealDisk().rename(backup, to: store.path)
        try append(5000..<5400, to: store)
        return store
    }

    @Test func `the way out is named, planned in the console, and puts the rows right`() throws {
        let store = try restored()
        let execution = try store.run("processors")
        #expect(execution.status == 1)
        let words = "the log holds other events after position "
        let rest = try #require(execution.output.split(separator: words).dropFirst().first)
        let ancestor = try #require(UInt64(rest.prefix { $0.isNumber }))
        #expect(ancestor > 2050 && ancestor <= 2100, "\(ancestor)")
        let rewind = "'recount replay STORE last --reason R'"
        let replay = "'recount replay STORE totals --reason R'"
        for output in try [
            execution.output, store.run("why", "cart-1").output, store.run("doctor").output,
        ] {
            #expect(output.contains(rewind) && output.contains(replay), "\(output)")
        }
        let plan = try store.run("replay", "last", "--plan")
        #expect(plan.status == 0 && plan.output.contains("back to position \(ancestor)"))

        let host = try store.start("run")
        let console = try TerminalProgram(["console", store.path])
        console.shows("story", "pulse")
        console.arms(because: "restored from backup")
        console.type("3")
        console.type("/last\r")
        console.shows("► last", "ahead of log")
        console.shows("a rewinds it to #", "the common ancestor")
        console.type(":plan to rewind last to #\(ancestor)\r")
        console.shows("REPLAY last", "a plan")
        console.shows("goes back to position \(ancestor)")
        console.type("\r")
        console.shows("Emptied and filled again")
        console.confirms("story/last")
        console.shows("outcome", "done")
        console.shows("replayed \(ancestor) events")
        console.ends(with: host)

        let again = try store.start("run")
        let whole = try store.run("replay", "totals", "--yes", "--reason", "restored")
        #expect(whole.status == 0, "\(whole.output) \(whole.messages)")
        #expect(try store.waitsUntilDecided())
        let states = try store.processors().values.map { $0["state"]?.string ?? "" }
        #expect(states == ["live", "live"])
        again.send(SIGINT)
        #expect(again.end().status == 0)
        let last = try store.run("table", "last", "last", "--json").objects()
        #expect(last.map { $0.number("amount") }.sorted() == Array(5393...5399))
        let totals = try store.run("table", "totals", "totals", "--json").objects()
        let sum = (0..<2100).reduce(0, +) + (5000..<5400).reduce(0, +)
        #expect(totals.reduce(0) { $0 + $1.number("amount") } == Int64(sum))
        #expect(try store.run("doctor").status == 0)
    }
}
