import Aggregates
import EventLog
import EventModel
import EventStorage
import Operations
import OperationsModel
import RecountTesting
import Testing

/// What an operator is told of how long commands take.
@Suite struct LatencyAnswerTests {
    private func entry(
        _ category: String,
        _ command: String,
        _ times: [Int64]
    ) -> CommandStatistics.Entry {
        var latencies = LatencyHistogram()
        for time in times { latencies.add(microseconds: time) }
        return CommandStatistics.Entry(
            category: Category(category),
            command: command,
            latencies: latencies
        )
    }

    /// So many quick times and one of a hundred slow ones.
    private func times(_ median: Int64, _ slow: Int64) -> [Int64] {
        Array(repeating: median, count: 190) + Array(repeating: slow, count: 10)
    }

    private func summary(_ count: UInt64, _ median: Int64, _ percentile99: Int64) -> CommandSummary
    {
        CommandSummary(
            category: Category("cart"),
            command: "add",
            count: count,
            medianMicroseconds: median,
            percentile99Microseconds: percentile99,
            maximumMicroseconds: percentile99
        )
    }

    @Test func `a command is slow by its own measure, never by few of them or small times`() {
        #expect(summary(100, 900_000, 1_000_001).isSlow)
        #expect(!summary(99, 900_000, 1_000_001).isSlow)
        #expect(!summary(100, 900_000, 1_000_000).isSlow)
        #expect(summary(100, 5000, 100_020).isSlow)
        #expect(!summary(100, 5000, 100_000).isSlow)
        #expect(!summary(100, 50_000, 900_000).isSlow)
        #expect(!summary(1_000_000, 10, 99_000).isSlow)
    }

    @Test func `commands of the last hour are told slowest first, and slow ones are a notice`()
        throws
    {
        let fixture = try Fixture()
        let database = CommandDatabase(path: fixture.log.directory.commands)
        let now = fixture.clock.now()
        #expect(try fixture.operations.commands() == [])
        try database.add([entry("cart", "old", [9_000_000])], at: now.advanced(bySeconds: -9000))
        try database.add(
            [entry("cart", "add", times(300, 2000)), entry("bill", "send", [7])],
            at: now
        )
        #expect(try fixture.operations.commands().map(\.command) == ["add", "send"])
        #expect(try !fixture.operations.problems().contains { $0.summary.contains("add") })
        try database.add([entry("bill", "pay", times(3000, 1_500_000))], at: now)
        let first = try #require(try fixture.operations.commands().first)
        #expect(first.command == "pay" && first.category == Category("bill") && first.count == 200)
        #expect(first.maximumMicroseconds == 1_500_000 && first.medianMicroseconds < 3500)
        let problem = try #require(
            try fixture.operations.problems().first { $0.summary.hasPrefix("pay of bill ") }
        )
        #expect(problem.severity == .notice && problem.remedy.contains("recount commands"))
        #expect(
            problem.summary == "pay of bill is slow: one in a hundred takes 1500 ms or more, "
                + "the median is 3 ms"
        )
    }

    @Test func `a stream with far more events than its last snapshot tells is a notice`() throws {
        let fixture = try Fixture()
        for start in stride(from: UInt64(0), to: 10_000, by: 2500) {
            _ = try fixture.append(2500, to: "cart-1")
            #expect(try fixture.log.head().number == start + 2500)
        }
        #expect(try fixture.operations.longTailProblems() == [])
        try fixture.append(1, to: "cart-1")
        let problem = try #require(try fixture.operations.longTailProblems().first)
        #expect(problem.severity == .notice && problem.place == .stream(StreamName("cart-1")))
        #expect(problem.summary.hasPrefix("cart-1 has 10001 events after its last snapshot"))
        #expect(problem.remedy == "recount snapshots take --category cart")
        try fixture.operations.snapshotter.take(of: StreamName("cart-1"))
        #expect(try fixture.operations.longTailProblems() == [])
    }
}
