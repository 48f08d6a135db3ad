import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import JSON
import ProgramFixture
import Testing

/// Several processes on one store, some of which are killed at any moment.
@Suite struct SeveralProcessesStories {
    /// How many rounds of killing; more in `RECOUNT_KILL_ROUNDS`.
    private static let roundCount =
        getenv("RECOUNT_KILL_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 40

    private static let model = """
        recount: 1
        projections:
          count:
            tables:
              - CREATE TABLE counts (stream TEXT PRIMARY KEY, events INTEGER, bytes INTEGER)
            on:
              "*":
                - INSERT INTO counts VALUES (:stream, 1, length(:data))
                  ON CONFLICT DO UPDATE SET events = events + 1, bytes = bytes + excluded.bytes
          list:
            tables:
              - CREATE TABLE list (position INTEGER PRIMARY KEY, stream TEXT, sequence INTEGER)
            on:
              "*":
                - INSERT INTO list VALUES (:position, :stream, :sequence)

        """

    /// A writer on its way, and whether it is to be killed.
    private struct Writer {
        var program: Program
        var id: String
        var isDoomed: Bool
    }

    @Test func `what was acknowledged is there once, whoever is killed`() throws {
        let store = try StoryStore(model: SeveralProcessesStories.model)
        var random = RandomSequence(seed: 7)
        var acknowledged: Set<String> = []
        var asked: Set<String> = []
        var killedCount = 0
        var host = try store.start("run")
        for round in 0..<SeveralProcessesStories.roundCount {
            var writers: [Writer] = try (0..<4).map { number in
                let size = Int.random(in: 0..<[100, 3000, 200_000][number % 3], using: &random)
                let id = EventID(high: 0x8000, low: 1 << 63 | UInt64(round * 4 + number))
                let program = try Program(
                    [
                        "append", store.path, "cart-\(number % 3)", "Added", "--id",
                        id.description, "--data", "-",
                    ],
                    input: #"{"text":"\#(String(repeating: "x", count: size))"}"#
                )
                let isDoomed = Int.random(in: 0..<3, using: &random) > 0
                return Writer(program: program, id: id.description, isDoomed: isDoomed)
            }
            asked.formUnion(writers.map(\.id))
            let reader = round % 5 == 0 ? try store.start("events", "--json") : nil
            writers.shuffle(using: &random)
            for writer in writers where writer.isDoomed {
                usleep(UInt32.random(in: 0..<5000, using: &random))
                writer.program.send(SIGKILL)
            }
            for writer in writers {
                let status = writer.program.end().status
                if status == 0 { acknowledged.insert(writer.id) }
                if status == -SIGKILL { killedCount += 1 }
                #expect(status == 0 || status == -SIGKILL)
            }
            if let reader { try expectGapless(reader.end().objects()) }
            if round % 8 == 7 {
                host.send(SIGKILL)
                _ = host.end()
                host = try store.start("run")
            }
        }
        let head = Int64(try store.open().head().number)
        #expect(try store.waits(for: "list") { $0.number("position") >= head })
        host.send(SIGINT)
        #expect(host.end().status == 0)
        #expect(killedCount > 0 && acknowledged.count > 0)
        try expectOnce(acknowledged, asked, in: store)
        try expectRebuildIsEqual(store)
    }

    private func expectGapless(_ events: [JSONValue]) {
        let positions = events.map { $0.number("position") }
        #expect(positions.elementsEqual(1..<Int64(positions.count + 1)))
    }

    /// Every acknowledged event is there once, the others at most once, and nothing else is.
    private func expectOnce(
        _ acknowledged: Set<String>,
        _ asked: Set<String>,
        in store: StoryStore
    ) throws {
        let events = try store.open().events(EventSelection())
        #expect(events.map(\.position.number).elementsEqual(1..<UInt64(events.count + 1)))
        let ids = events.map(\.id.description)
        #expect(Set(ids).count == ids.count)
        #expect(acknowledged.isSubset(of: ids) && Set(ids).isSubset(of: asked))
        for (stream, events) in Dictionary(grouping: events, by: \.stream) {
            let sequences = events.map(\.sequence.number)
            #expect(sequences.elementsEqual(0..<UInt64(events.count)), "\(stream)")
        }
    }

    /// The read models are those that a rebuild from nothing gives.
    private func expectRebuildIsEqual(_ store: StoryStore) throws {
        let grown = try store.contents()
        for (group, contents) in grown {
            #expect(contents.isAccountedFor && !contents.isReplaying, "\(group)")
        }
        try store.deleteGroups()
        try store.catchUp()
        let rebuilt = try store.contents()
        #expect(grown.keys.sorted() == rebuilt.keys.sorted())
        for (group, contents) in rebuilt {
            #expect(contents.rows == grown[group]?.rows, "\(group)")
            #expect(contents.position == grown[group]?.position, "\(group)")
        }
    }

    @Test func `a host that is killed while it catches up leaves rows and token in agreement`()
        throws
    {
        let store = try StoryStore.billing(4000)
        for limit in [1, 800, 1600, 2400] {
            let host = try store.start("run")
            #expect(try store.waits(for: "slow-ledger") { $0.number("position") >= limit })
            host.send(SIGKILL)
            #expect(host.end().status == -SIGKILL)
            for (group, contents) in try store.contents() {
                #expect(contents.isAccountedFor, "\(group) at \(contents.position)")
            }
            for (group, table) in [("billing-history", "history"), ("slow-ledger", "ledger")] {
                let contents = try store.contents(of: group)
                #expect(contents.rows[table]?.count == Int(contents.position), "\(group)")
            }
        }
        try store.catchUp()
        try expectRebuildIsEqual(store)
    }

    @Test func `a host that hangs is replaced, and spoils nothing when it wakes up`() throws {
        let store = try StoryStore.billing(300)
        let hung = try store.start("run")
        #expect(try store.waitsUntilDecided())
        let owner = try #require(try store.processors()["revenue"]?["owner"]?.string)
        hung.send(SIGSTOP)
        let other = try store.start("run")
        try store.append("subscription-1", "Noted")
        // Nobody runs the groups until it has shown no sign of life for a while.
        #expect(
            try wait {
                try store.processors().values.allSatisfy { processor in
                    processor["owner"]?.string != owner && processor["lagEvents"] == 0
                }
            }
        )
        hung.send(SIGCONT)
        try store.append("subscription-2", "Noted")
        #expect(try store.waitsUntilDecided())
        other.send(SIGKILL)
        #expect(other.end().status == -SIGKILL)
        try store.append("subscription-3", "Noted")
        #expect(try store.waits(for: "revenue") { $0["owner"]?.string == owner })
        #expect(try store.waitsUntilDecided())
        hung.send(SIGINT)
        #expect(hung.end().status == 0)
        try expectRebuildIsEqual(store)
    }

    @Test func `a host that is killed during a replay goes on with it when it is back`() throws {
        let store = try StoryStore.billing(1500)
        try store.catchUp()
        let before = try store.contents(of: "revenue").rows
        var host = try store.start("run")
        let asked = try store.run(
            "replay",
            "revenue",
            "--yes",
            "--rate",
            "1500",
            "--no-wait",
            "--reason",
            "killed"
        )
        #expect(asked.status == 0)
        for limit in [1, 500, 900] {
            #expect(
                try store.waits(for: "revenue") {
                    $0["replay"] != nil && $0.number("position") >= limit
                }
            )
            host.send(SIGKILL)
            #expect(host.end().status == -SIGKILL)
            let contents = try store.contents(of: "revenue")
            #expect(contents.isReplaying && contents.isAccountedFor)
            host = try store.start("run")
        }
        #expect(try store.waits(for: "revenue") { $0["state"] == "live" && $0["replay"] == nil })
        #expect(try store.waitsUntilDecided())
        host.send(SIGINT)
        #expect(host.end().status == 0)
        let entries = try store.run("operations", "--json").objects()
        #expect(entries.count == 1 && entries[0]["outcome"] == "completed")
        #expect(entries[0]["message"] == "replayed 1500 events")
        #expect(try store.contents(of: "revenue").rows == before)
        try expectRebuildIsEqual(store)
    }
}
