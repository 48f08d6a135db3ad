import Billing
import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import JSON
import ProgramFixture
import RecountTesting
import Testing

/// The billing demonstration without a terminal, looked at from other processes.
@Suite struct DemonstrationStories {
    /// What the group `revenue` says came in, and what the events say.
    private static let sums = """
        SELECT
          (SELECT sum(cents) FROM revenue.revenue) AS model,
          (SELECT sum(iif(type = 'PaymentReceived', 1, -1) * (data ->> 'amountCents')) FROM events
            WHERE type IN ('PaymentReceived', 'PaymentRefunded')
            AND position <= (SELECT position FROM revenue.recount_progress)) AS log
        """

    private struct Place {
        let directory = TemporaryDirectory()
        var store: String { directory.path + "/billing.store" }
        var log: EventLog { get throws { try EventLog.open(StoreDirectory(store)) } }

        func start(_ more: String...) throws -> Program {
            let program = try Program(["demo", "--headless", "--store", store] + more)
            #expect(wait { program.messages.contains("running in \(store)") || program.hasEnded })
            return program
        }

        func run(_ verb: String, _ rest: String...) throws -> Execution {
            try Program([verb, store] + rest).end()
        }

        func isCaughtUp(to head: Int64) throws -> Bool {
            try run("processors", "--json").objects().allSatisfy { $0.number("position") >= head }
        }
    }

    @Test func `a wrong read model is found, mended and replayed while events come`() throws {
        let place = Place()
        let demonstration = try place.start("--events", "3000", "--rate", "200")
        #expect(try wait { try place.log.head() > Position(3050) })
        #expect(try wait { try place.isCaughtUp(to: 3000) })
        func sums() throws -> (model: Int64, log: Int64) {
            let execution = try place.run("query", DemonstrationStories.sums, "--json")
            let row = try #require(try execution.objects().first, "\(execution.messages)")
            return (row.number("model"), row.number("log"))
        }
        let before = try sums()
        #expect(before.model > before.log, "the refunds are counted as revenue")
        let model = StoreDirectory(place.store).model
        let file = try RealDisk().open(model, writable: false)
        let text = String(decoding: try file.read(0..<file.size()), as: UTF8.self)
        #expect(text.contains(BillingModel.buggyLine))
        try StoryStore.write(
            text.replacing(BillingModel.buggyLine, with: BillingModel.repairedLine),
            to: model
        )
        let replay = try place.run(
            "replay",
            "revenue",
            "--yes",
            "--reason",
            "refunds counted twice"
        )
        #expect(replay.status == 0, "\(replay.messages)")
        let after = try sums()
        #expect(after.model == after.log)
        let entry = try #require(try place.run("operations", "--json").objects().first)
        #expect(entry["target"] == "revenue" && entry["outcome"] == "completed")
        #expect(entry["reason"] == "refunds counted twice")
        #expect(try place.run("doctor").status == 0)
        demonstration.send(SIGINT)
        let end = demonstration.end()
        #expect(end.status == 0 && end.messages.contains("the store stays in \(place.store)"))
        #expect(try place.run("processors").status == 0)
        let last = try sums()
        #expect(last.model == last.log)
    }

    @Test func `a store that is shown again goes on where it was`() throws {
        let place = Place()
        let first = try place.start("--events", "1500", "--rate", "1000")
        #expect(try wait { try place.log.head() > Position(2500) })
        first.send(SIGINT)
        #expect(first.end().status == 0)
        let head = try place.log.head()
        let second = try place.start("--events", "1500", "--rate", "20")
        // At 20 a second, nothing that the first one told may be told again.
        #expect(try wait { try place.log.head() > Position(head.number + 4) })
        second.send(SIGTERM)
        #expect(second.end().status == 0)
        let log = try place.log
        let added = try log.events(EventSelection(after: head))
        #expect(!added.isEmpty && added.count < 400)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `without a place to stay the store is removed`(signal: Int32) throws {
        let directory = TemporaryDirectory()
        let program = try Program(
            ["demo", "--headless", "--events", "500", "--rate", "100"],
            environment: ["TMPDIR": directory.path]
        )
        #expect(wait { program.messages.contains("running in \(directory.path)/") })
        #expect(try RealDisk().names(in: directory.path).count == 1)
        program.send(signal)
        let end = program.end()
        #expect(end.status == 0 && !end.messages.contains("stays"))
        #expect(try RealDisk().names(in: directory.path) == [])
    }

    @Test func `it can be left while its history is made up`() throws {
        let directory = TemporaryDirectory()
        let program = try Program(
            ["demo", "--headless", "--events", "200000"],
            environment: ["TMPDIR": directory.path]
        )
        #expect(try wait { try !RealDisk().names(in: directory.path).isEmpty })
        program.send(SIGINT)
        let end = program.end()
        #expect(end.status == 0 && !end.messages.contains("running in"))
        #expect(try RealDisk().names(in: directory.path) == [])
    }

    @Test func `numbers beyond reason are wrong usage`() throws {
        let place = Place()
        for option in ["--events", "--rate"] {
            for number in ["9223372036854775807", "-1", "many"] {
                #expect(
                    try Program(["demo", "--store", place.store, option, number]).end().status == 2
                )
            }
        }
        #expect(!RealDisk().exists(place.store))
    }

    @Test func `where there is no terminal the console says so`() throws {
        let directory = TemporaryDirectory()
        let program = try Program(
            ["demo", "--events", "100"],
            environment: ["TMPDIR": directory.path]
        )
        let end = program.end()
        #expect(end.status == 2 && end.messages.contains("recount: error: "))
        #expect(try RealDisk().names(in: directory.path) == [])
    }
}
