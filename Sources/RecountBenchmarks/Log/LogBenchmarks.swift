/// How fast the log takes events in and gives them out, how large it is, and how soon it is there,
/// beside a plain table in SQLite and what the machine can do at most.
enum LogBenchmarks {
    static func run(_ run: BenchmarkRun, report: Report) throws {
        let fixture = LogFixture(.million(run), named: "million", in: run)
        let bulk = LogBulkBenchmarks(run: run, fixture: fixture)
        if run.has("bulk") { try bulk.report(report) } else { try bulk.fill() }
        if run.has("size") { try LogSizeBenchmarks(run: run, fixture: fixture).report(report) }
        if run.has("read") { try LogReadBenchmarks(run: run, fixture: fixture).report(report) }
        if run.has("append") { try LogAppendBenchmarks(run: run, fixture: fixture).report(report) }
        let opening = LogOpenBenchmarks(run: run, fixture: fixture, suffix: "1m")
        if run.has("open") { try opening.report(report) }
        if run.has("tail") { try LogTailBenchmarks(run: run, fixture: fixture).report(report) }
        if run.has("open") { try opening.reportKilled(report) }
        if run.isSmoke || run.isLarge && run.has("large") {
            try LogLargeBenchmarks(run: run, million: fixture).report(report)
        }
    }
}
