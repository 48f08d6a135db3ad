import Disk
import Glibc
import JSON
import ProgramFixture
import RecountTesting
import Testing

/// The benchmarks, small, as a process of their own.
///
/// The process itself compares what the stores read and stops where they differ.
@Suite struct BenchmarksTests {
    private let directory = TemporaryDirectory()

    private func run(_ arguments: String...) throws -> Execution {
        let program = try start(arguments)
        // Many syncs on a disk that others use as well take longer than other programs may.
        for _ in 0..<4 where !program.hasEnded { _ = wait { program.hasEnded } }
        return program.end()
    }

    private func start(_ arguments: [String]) throws -> Program {
        try Program(arguments, named: "RecountBenchmarks", environment: ["TMPDIR": directory.path])
    }

    /// What lies in the directory in which stores are made.
    private func left() throws -> [String] {
        try RealDisk().names(in: directory.path)
    }

    @Test(
        "every row is there, and two runs compute the same",
        arguments: ["log", "aggregates", "processing"]
    )
    func rows(_ group: String) throws {
        let first = try run(group, "--smoke", "--json")
        #expect(first.status == 0, "\(first.output)")
        let rows = try first.objects()
        #expect(rows.compactMap { $0["name"]?.string } == names[group])
        for row in rows {
            let hash = try #require(row["hash"]?.string)
            #expect(UInt64(hash, radix: 16).map { $0 != 0 } == true)
            #expect(try #require(row["value"]?.double) > 0)
            #expect(["higher", "lower"].contains(row["better"]?.string))
            #expect(row["unit"]?.string?.isEmpty == false)
            #expect((row["peer"]?.string == nil) == (row["ratio"]?.double == nil))
            try checkRatio(of: row)
        }
        let second = try run(group, "--smoke", "--json").objects()
        #expect(rows.map { $0["hash"] } == second.map { $0["hash"] })
    }

    /// Sees to it that a ratio above 1 is better, whichever way is.
    private func checkRatio(of row: JSONValue) throws {
        guard let ratio = row["ratio"]?.double else { return }
        let value = try #require(row["value"]?.double)
        let peer = try #require(row["peerValue"]?.double)
        let isBetter = row["better"]?.string == "higher" ? value > peer : value < peer
        #expect((ratio > 1) == isBetter)
    }

    @Test func `a run leaves nothing behind, even when it is interrupted`() throws {
        let program = try start(["log", "--smoke"])
        #expect(try wait { try !left().isEmpty })
        program.send(SIGINT)
        #expect(program.end().status != 0)
        #expect(try left() == [])
        #expect(try run("import", "--smoke").status == 0)
        #expect(try left() == [])
    }

    @Test func `a wrong word is answered with help`() throws {
        #expect(try run("log", "--fast").status == 2)
        #expect(try run("logs").status == 2)
    }
}

/// The rows of each group in their order.
private let names = [
    "log": [
        "log.bulk", "log.bulk.synced", "log.bytesPerEvent", "log.bytesPerEvent.allocated",
        "log.scan.raw", "log.scan.opened", "log.scan.decoded", "log.read.backwards",
        "log.read.type",
        "log.read.type.rare", "log.read.tag", "log.load.50", "log.load.5000",
        "log.load.50.contiguous", "log.append.1", "log.append.16", "log.append.batch100",
        "log.retry",
        "log.open.1m", "log.open.1m.answer", "log.append.first.1m", "log.resident.1m",
        "log.tail.p99", "log.tail.median", "log.open.1m.killed", "log.open.1m.killed.answer",
        "log.bulk.10m", "log.open.10m", "log.open.10m.answer", "log.append.first.10m",
        "log.resident.10m", "log.load.50.10m", "log.append.1.10m", "log.open.10m.killed",
        "log.open.10m.killed.answer",
    ],
    "aggregates": [
        "payload.decode", "aggregate.load.50.raw", "aggregate.load.50.fields", "aggregate.load.50",
        "aggregate.load.5000.raw", "aggregate.load.5000.fields", "aggregate.load.5000",
        "aggregate.load.5000.snapshot", "command.1", "command.16",
        "command.journaled",
    ],
    "processing": [
        "processing.deliver", "processing.groups.10", "processing.groups.10.filtered",
        "readmodel.rebuild", "readmodel.rebuild.model", "processing.visible.p99",
        "processing.visible.median", "processing.visible.other.p99",
        "processing.visible.other.median", "readmodel.rebuild.shadow",
        "readmodel.rebuild.shadow.answer", "processing.isolation.lag",
        "processing.isolation.append.p99", "processing.idle.50", "processing.status.50",
    ],
]
