import Glibc

/// How soon a store is there for a process that has just started.
struct LogOpenBenchmarks {
    let run: BenchmarkRun
    let fixture: LogFixture
    /// What the names of the rows end with.
    let suffix: String
    /// Whether the table takes part.
    var hasTable = true
    /// What the opening must stay below, in milliseconds.
    var bar = 5.0

    func report(_ report: Report) throws {
        try measure("log.open.\(suffix)", killing: false).forEach(report)
        try firstAppend().forEach(report)
    }

    /// The rows after which nobody knows how many events the stores hold.
    func reportKilled(_ report: Report) throws {
        try measure("log.open.\(suffix).killed", killing: true).forEach(report)
    }

    private var engines: [(name: String, engine: LogChild.Engine)] {
        [("recount", .log)] + (hasTable ? [("SQLite table", .table)] : [])
    }

    /// Until the store is open, and until it has given its first answer.
    private func measure(_ name: String, killing isKilling: Bool) throws -> [Measurement] {
        let contestants = engines.map { name, engine in
            Contestant(name: name) {
                if isKilling { try killWriter(engine) }
                let numbers = try ChildProcess.numbers(fixture.child(.open, engine).arguments)
                return Round(values: Array(numbers[..<2]), hash: UInt64(numbers[2]))
            }
        }
        let comparison = try Comparison(name, contestants, in: run)
        return [
            comparison.measurement(name, unit: "ms", better: .lower, bar: run.bar(bar)),
            comparison.measurement("\(name).answer", figure: 1, unit: "ms", better: .lower),
        ]
    }

    /// The first append after the opening, which may have to learn what was appended before, and
    /// the memory that a process takes which has appended.
    private func firstAppend() throws -> [Measurement] {
        let contestants = engines.map { name, engine in
            Contestant(name: name) {
                let numbers = try ChildProcess.numbers(fixture.child(.append, engine).arguments)
                return Round(values: [numbers[0], numbers[1] / 1e6], hash: UInt64(numbers[2]))
            }
        }
        let name = "log.append.first.\(suffix)"
        let comparison = try Comparison(name, contestants, in: run)
        return [
            comparison.measurement(name, unit: "ms", better: .lower),
            comparison.measurement(
                "log.resident.\(suffix)",
                figure: 1,
                unit: "MB",
                better: .lower,
                bar: run.bar(64)
            ),
        ]
    }

    /// Lets a process append, and ends it in the middle of that.
    private func killWriter(_ engine: LogChild.Engine) throws {
        let writer = try ChildProcess(fixture.child(.write, engine).arguments)
        for _ in 0..<(run.isSmoke ? 2 : 20) { _ = try writer.numbers() }
        writer.end(with: SIGKILL)
    }
}
