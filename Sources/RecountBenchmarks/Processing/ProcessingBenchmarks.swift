import EventLog

/// How fast processing groups go through a store, how soon their rows are there, and what they
/// cost when nothing happens.
enum ProcessingBenchmarks {
    static func run(_ run: BenchmarkRun, report: Report) throws {
        let fixture = LogFixture(.million(run), named: "processing", in: run)
        let bulk = LogBulkBenchmarks(run: run, fixture: fixture)
        _ = try bulk.fillStore()
        if run.has("rebuild") { _ = try bulk.fillTable() }
        run.settleDisk()
        let log = try EventLog.open(fixture.store)
        let delivery = DeliveryBenchmarks(run: run, log: log)
        if run.has("deliver") { try delivery.report(report) }
        if run.has("groups") { try delivery.reportGroups(report) }
        if run.has("rebuild") {
            try RebuildBenchmarks(run: run, fixture: fixture, log: log).report(report)
        }
        if run.has("visible") {
            try VisibilityBenchmarks(run: run, fixture: fixture, log: log).report(report)
        }
        if run.has("shadow") {
            try ShadowBenchmarks(run: run, fixture: fixture, log: log).report(report)
        }
        if run.has("isolation") {
            try IsolationBenchmarks(run: run, fixture: fixture, log: log).report(report)
        }
        if run.has("idle") { try IdleBenchmarks(run).report(report) }
    }
}
