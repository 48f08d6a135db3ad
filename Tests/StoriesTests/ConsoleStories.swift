import EventLog
import EventModel
import Glibc
import JSON
import ProgramFixture
import Screen
import Testing

/// The console through the built executable, on a terminal of its own.
@Suite struct ConsoleStories {
    private static let alternateScreen = 1049

    private func billing(_ eventCount: Int = 1500) throws -> StoryStore {
        let store = try StoryStore.billing(eventCount)
        try store.catchUp()
        return store
    }

    /// The stream with the most events.
    private func longest(_ store: StoryStore) throws -> String {
        let rows = try store.run("streams", "--by", "events", "--limit", "1", "--json").objects()
        return try #require(rows.first?["stream"]?.string)
    }

    /// Opens the console, in which its first screen has its answers.
    private func open(
        _ store: StoryStore,
        size: Size = Size(width: 120, height: 30)
    ) throws -> TerminalProgram {
        let console = try TerminalProgram(["console", store.path], size: size)
        console.shows("story", "read-only", "pulse")
        console.shows("4 groups")
        return console
    }

    private func expectLeft(_ console: TerminalProgram, _ before: [UInt32]) {
        #expect(console.lineModes == before, "the line's modes are as they were")
        #expect(!console.screen.modes.contains(ConsoleStories.alternateScreen))
        #expect(!console.screen.modes.contains(2004))
    }

    @Test func `the first screen gives the verdict, and leaving gives the terminal back`() throws {
        let store = try billing()
        let console = try TerminalProgram(["console", store.path])
        let before = console.lineModes
        console.shows("0 of 4 groups live")
        console.shows("head", "1,500")
        #expect(console.screen.modes.contains(ConsoleStories.alternateScreen))
        #expect(console.lineModes != before)
        let host = try store.start("run")
        console.shows("4 of 4 groups live")
        console.type("3")
        console.shows("slow-ledger", "live")
        console.type("qq")
        console.type("y")
        #expect(console.end() == 0)
        expectLeft(console, before)
        host.send(SIGINT)
        #expect(host.end().status == 0)
    }

    @Test func `a replay is planned, confirmed by name and watched to its end`() throws {
        let store = try billing()
        let host = try store.start("run")
        #expect(try store.waits(for: "revenue") { $0["state"] == "live" })
        let console = try open(store)
        console.type("3")
        console.shows("GROUP", "STATE")
        console.type("/revenue\r")
        console.shows("► revenue")
        console.type(":arm refunds were wrong\r")
        console.shows("ARMED")
        console.type(":plan a replay of revenue\r")
        console.shows("REPLAY revenue", "a plan")
        console.shows("events", "1,500 in")
        console.type("\r")
        console.shows("Replay revenue")
        console.shows("type story/revenue to go on")
        // What is typed at once was meant for something else and is dropped for a moment.
        console.waits(for: "that it takes keys") { terminal in
            if terminal.screen.lines.contains(where: { $0.contains("> s") }) { return true }
            terminal.type("s")
            return false
        }
        console.type(String(repeating: "\u{7F}", count: 300) + "story/revenue")
        console.shows("> story/revenue ")
        #expect(try store.run("operations").output.isEmpty)
        console.type("\t\r")
        console.shows("outcome", "done")
        console.shows("replayed 1500 events")
        let entry = try #require(try store.run("operations", "--json").objects().first)
        #expect(entry["operation"] == "replay" && entry["target"] == "revenue")
        #expect(entry["outcome"] == "completed" && entry["reason"] == "refunds were wrong")
        console.send(SIGTERM)
        #expect(console.end() == 0)
        host.send(SIGINT)
        #expect(host.end().status == 0)
    }

    @Test func `time travel goes back and on through a stream`() throws {
        let store = try billing()
        let stream = try longest(store)
        let states = try (0..<3).map { sequence in
            try store.run("state", stream, "--at", "\(sequence)", "--json").output
        }
        #expect(Set(states).count == 3)
        let console = try open(store)
        console.type(":goto \(stream)\r")
        let last = try #require(try store.run("state", stream, "--json").objects().first)
        let sequence = last.number("sequence")
        console.shows(stream, "at \(sequence) of \(sequence)")
        console.type("h")
        console.shows("at \(sequence - 1) of \(sequence)")
        console.type("l")
        console.shows("at \(sequence) of \(sequence)")
        console.type("@#2\r")
        console.shows("at 2 of \(sequence)")
        let third = try #require(
            try store.run("state", stream, "--at", "2", "--json").objects().first
        )
        for member in try #require(third["state"]?.object).members {
            console.shows(member.key)
        }
        let time = try #require(third["time"]?.string)
        let then = try store.run("state", stream, "--at-time", time, "--json").objects()
        console.type("H")
        console.shows("at 0 of \(sequence)")
        console.type("@\(time)\r")
        console.shows("at \(try #require(then.first).number("sequence")) of \(sequence)")
        console.type("q")
        console.shows("4 groups")
        console.send(SIGHUP)
        #expect(console.end() == 0)
    }

    @Test func `a snapshot is taken from the menu`() throws {
        let store = try billing(600)
        let stream = try longest(store)
        let host = try store.start("run")
        #expect(try store.waits(for: "revenue") { $0["state"] == "live" })
        let console = try open(store)
        console.type(":arm slow loads\r")
        console.shows("ARMED")
        console.type(":goto \(stream)\r")
        console.shows(stream, "at ")
        console.type("a")
        console.shows("snapshot")
        console.type("\r")
        console.shows("[y/N]")
        console.type("y")
        #expect(
            try wait {
                try store.run("snapshots", "--stream", stream, "--json").output.isEmpty == false
            }
        )
        let entry = try #require(try store.run("operations", "--json").objects().first)
        #expect(entry["operation"] == "snapshot" && entry["target"]?.string == stream)
        console.send(SIGTERM)
        #expect(console.end() == 0)
        host.send(SIGINT)
        #expect(host.end().status == 0)
    }

    @Test func `the console follows the size of its terminal`() throws {
        let store = try billing(300)
        let console = try open(store)
        for size in [
            Size(width: 80, height: 24), Size(width: 200, height: 60), Size(width: 40, height: 8),
        ] {
            console.resize(to: size)
            console.waits(for: "a screen of \(size)") { terminal in
                let lines = terminal.screen.lines
                return lines[0].contains("story") && lines.last?.isEmpty == false
            }
            #expect(console.screen.unknown == [])
        }
        console.resize(to: Size(width: 120, height: 30))
        console.shows("4 groups")
        console.send(SIGTERM)
        #expect(console.end() == 0)
    }

    @Test(arguments: [SIGTERM, SIGHUP], ["", ":", "3/", "3a", "?", ":arm\r"])
    func `a signal ends it within a second in every mode`(signal: Int32, keys: String) throws {
        let store = try ConsoleStories.shared.get()
        let console = try TerminalProgram(["console", store.path])
        let before = console.lineModes
        console.shows("story", "pulse")
        console.type(keys)
        if let sign = ConsoleStories.signs[keys] { console.shows(sign) }
        let start = ContinuousClock.now
        console.send(signal)
        #expect(console.end() == 0)
        #expect(start.duration(to: .now) < .seconds(1))
        if signal == SIGTERM { expectLeft(console, before) }
    }

    private static let shared = Result { try StoryStore.billing(100) }
    /// What tells that the keys have led to their mode.
    private static let signs = [
        ":": "processors", "3/": "filter", "3a": "evenue", "?": "THIS SCREEN", ":arm\r": "because",
    ]

    @Test func `without arming nothing can be changed`() throws {
        let store = try billing(300)
        let console = try open(store)
        console.type("3a")
        console.shows("ause")
        console.type("\r")
        console.shows("read-only")
        console.type("\u{1B}")
        console.hides("┌")
        console.type(":plan a replay of billing-history\r")
        console.shows("REPLAY billing-history")
        console.type("\r")
        console.shows(":arm first")
        console.send(SIGTERM)
        #expect(console.end() == 0)
        #expect(try store.run("operations").output.isEmpty)
    }
}
