import EventLog
import EventModel
import Glibc
import JSON
import ProgramFixture
import Testing

/// Replays from the command line.
@Suite struct ReplayStories {
    private static let others = ["billing-history", "dunning", "slow-ledger"]

    @Test func `a plan says what would be done and changes nothing`() throws {
        let store = try StoryStore.billing(2000)
        let never = try store.run("replay", "revenue", "--plan")
        #expect(never.status == 3 && never.output.contains("would be refused"))
        try store.catchUp()
        let before = try store.contents()
        let json = try store.run("replay", "revenue", "--plan", "--json")
        #expect(json.status == 0)
        let plan = try #require(try json.objects().first)
        #expect(plan["from"] == 0 && plan["to"] == 2000 && plan["events"] == 2000)
        #expect(plan["tables"] == ["revenue"] && plan["refusal"]?.isNull == true)
        let types = try #require(plan["types"]?.array)
        #expect(types.reduce(0) { $0 + $1.number("count") } == 2000)
        let handled = types.filter { $0["isHandled"] == true }.compactMap { $0["type"]?.string }
        #expect(handled.sorted() == ["PaymentReceived", "PaymentRefunded"])
        let text = try store.run("replay", "revenue", "--plan")
        #expect(text.output.hasPrefix("replay revenue: positions 1 to 2000, 2,000 events in "))
        #expect(text.output.contains("the other 3 groups go on unaffected"))
        let late = try store.run("replay", "billing-history", "--plan", "--from", "1990", "--json")
        #expect(try late.objects().first?["events"] == 10)
        #expect(try store.contents() == before)
        #expect(try store.open().head() == Position(2000))
    }

    @Test func `a plan names the other readers of the tables`() throws {
        let store = try StoryStore.billing(200)
        func plan() throws -> JSONValue {
            let execution = try store.run("replay", "revenue", "--plan", "--json")
            return try #require(try execution.objects().first)
        }
        try store.catchUp()
        #expect(try plan()["readers"] == [])
        let host = try store.start("run")
        let reader = try FileHolder(
            of: store.places.groups + "/revenue.sqlite",
            named: "top\u{1B}[2J"
        )
        let otherReader = try FileHolder(of: store.places.groups + "/slow-ledger.sqlite")
        #expect(try store.waits(for: "revenue") { $0["owner"]?.string != nil })
        let named = try plan()
        let readers = try #require(named["readers"]?.array)
        #expect(named["readersComplete"]?.boolean != nil)
        #expect(
            readers.map { $0.number("process") }
                == [Int64(host.number), Int64(reader.process)].sorted()
        )
        #expect(readers.map { $0["isHost"] == true } == readers.map { $0["name"] == "recount" })
        let text = try store.run("replay", "revenue", "--plan").output
        #expect(text.contains("other readers of the tables: "))
        #expect(text.contains("\(host.number) recount (host)"))
        #expect(text.contains("\(reader.process) top<U+001B>[2J"))
        #expect(!text.contains("\(otherReader.process) sleep"))
        #expect(
            text.contains(
                "who has revenue.sqlite open sees no more changes once revenue.1.sqlite is in use"
            )
        )
        host.send(SIGINT)
        #expect(host.end().status == 0)
    }

    @Test func `what cannot be replayed is refused, and asking wrongly is wrong usage`() throws {
        let store = try StoryStore.billing(500)
        func status(_ arguments: String...) throws -> Int32 {
            try Program(["replay", store.path] + arguments).end().status
        }
        #expect(try status("revenue", "--yes", "--reason", "r") == 3)
        try store.catchUp()
        #expect(try status("revenue", "--from", "10", "--yes", "--reason", "r") == 3)
        #expect(try status("revenue", "--from", "10", "--plan") == 3)
        #expect(try status("billing-history", "--from", "9999", "--yes", "--reason", "r") == 3)
        #expect(try status("nothing", "--plan") == 1)
        #expect(try status("revenue", "--yes") == 2)
        #expect(try status("revenue", "--yes", "--reason", "") == 2)
        #expect(try status("revenue", "--reason", "nobody there to confirm") == 2)
        #expect(try status("revenue", "--from", "soon", "--plan") == 2)
        let operations = try store.run("operations", "--json").objects()
        #expect(operations.map { $0["outcome"] } == ["refused", "refused", "refused"])
        #expect(try store.open().head() == Position(506))
    }

    @Test func `a replay is watched to its end and touches no other group's files`() throws {
        let store = try StoryStore.billing(2000)
        try store.catchUp()
        let before = try store.contents(of: "revenue")
        let untouched = try ReplayStories.others.map(store.bytes)
        let host = try store.start("run", "--group", "revenue")
        #expect(try store.waits(for: "revenue") { $0["state"] == "live" })
        let replay = try store.run("replay", "revenue", "--yes", "--reason", "to be sure")
        #expect(replay.status == 0)
        #expect(replay.output == "revenue: replayed 2000 events (position 0 → position 2000)\n")
        host.send(SIGINT)
        #expect(host.end().status == 0)
        let after = try store.contents(of: "revenue")
        #expect(after.rows == before.rows && after.isAccountedFor && !after.isReplaying)
        #expect(try ReplayStories.others.map(store.bytes) == untouched)
        let entry = try #require(try store.run("operations", "--json").objects().first)
        #expect(entry["operation"] == "replay" && entry["target"] == "revenue")
        #expect(entry["reason"] == "to be sure" && entry["outcome"] == "completed")
        #expect(entry["message"] == "replayed 2000 events")
        #expect(entry["change"] == "position 0 → position 2000")
        let user = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? ""
        #expect(entry["operator"]?.string?.contains(user) == true)
        let times = ["time", "outcomeTime"].compactMap { entry[$0]?.string.flatMap(Timestamp.init) }
        #expect(times.count == 2 && times[0] <= times[1])
    }

    @Test func `while one group is replayed the others keep their rows and go on`() throws {
        let store = try StoryStore.billing(2000)
        try store.catchUp()
        let before = try store.contents()
        let host = try store.start("run")
        #expect(try store.waits(for: "slow-ledger") { $0["state"] == "live" })
        let replay = try store.run(
            "replay",
            "slow-ledger",
            "--yes",
            "--rate",
            "2000",
            "--no-wait",
            "--reason",
            "slowly"
        )
        #expect(replay.status == 0)
        #expect(
            try store.waits(for: "slow-ledger") {
                $0["state"] == "replaying" && $0["replay"]?["to"] == 2000
            }
        )
        try store.append("subscription-0", "Noted")
        let head = Int64(try store.open().head().number)
        #expect(try store.waits(for: "revenue") { $0.number("position") >= head })
        let during = try #require(try store.processors()["slow-ledger"])
        #expect(during["state"] == "replaying", "the replay was over before the others went on")
        #expect(try store.waits(for: "slow-ledger") { $0["state"] == "live" })
        host.send(SIGINT)
        #expect(host.end().status == 0)
        for group in ["dunning", "revenue"] {
            #expect(try store.contents(of: group).rows == before[group]?.rows)
        }
        for contents in try store.contents().values { #expect(contents.isAccountedFor) }
    }

    @Test func `a replay from a place leaves an idempotent group's rows as they were`() throws {
        let store = try StoryStore.billing(1500)
        try store.catchUp()
        let rows = try store.contents(of: "billing-history").rows
        let host = try store.start("run", "--group", "billing-history")
        #expect(try store.waits(for: "billing-history") { $0["state"] == "live" })
        let replay = try store.run(
            "replay",
            "billing-history",
            "--from",
            "700",
            "--yes",
            "--reason",
            "half"
        )
        #expect(replay.status == 0)
        #expect(replay.output.contains("replayed 800 events (position 700 → position 1500)"))
        host.send(SIGTERM)
        #expect(host.end().status == 0)
        #expect(try store.contents(of: "billing-history").rows == rows)
    }
}
