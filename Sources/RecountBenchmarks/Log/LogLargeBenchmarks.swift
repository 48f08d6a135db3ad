import EventStorage

/// What changes when a store is ten times as large: next to nothing should.
struct LogLargeBenchmarks {
    let run: BenchmarkRun
    /// The store that is not large.
    let million: LogFixture
    private let large: LogFixture

    init(run: BenchmarkRun, million: LogFixture) {
        self.run = run
        self.million = million
        large = LogFixture(million.workload.tenfold, named: "large", in: run)
    }

    func report(_ report: Report) throws {
        report(try bulk())
        let opening = LogOpenBenchmarks(
            run: run,
            fixture: large,
            suffix: "10m",
            hasTable: false,
            bar: 50
        )
        try opening.report(report)
        report(
            try compare("log.load.50.10m", unit: "us", better: .lower) { store in
                try store.load(run.isSmoke ? 10 : 2000)
            }
        )
        report(
            try compare("log.append.1.10m", unit: "events/s", better: .higher) { store in
                try store.append(run.isSmoke ? 20 : 4000, of: 1)
            }
        )
        try opening.reportKilled(report)
    }

    /// Fills the large store once, and a small one in the same minutes.
    private func bulk() throws -> Measurement {
        let small = LogFixture(million.workload, named: "small", in: run)
        let comparison = try Comparison(
            "log.bulk.10m",
            [
                Contestant(name: "recount") {
                    try LogBulkBenchmarks(run: run, fixture: large).fillStore()
                },
                Contestant(name: atOneMillion) {
                    var round = try LogBulkBenchmarks(run: run, fixture: small).fillStore()
                    round.hash = nil
                    return round
                },
            ],
            in: run,
            repetitions: 1
        )
        return comparison.measurement("log.bulk.10m", unit: "events/s", better: .higher)
    }

    /// Does the same in the large store and in the other one.
    private func compare(
        _ name: String,
        unit: String,
        better: Measurement.Direction,
        _ perform: @escaping (AppendingStore) throws -> Round
    ) throws -> Measurement {
        run.settleDisk()
        let contestants = try [("recount", large), (atOneMillion, million)].map { name, fixture in
            let store = try AppendingStore(name: name, workload: fixture.workload) {
                try LogStore(fixture.store, durability: .synced)
            }
            // What is read for the first append only is a row of its own.
            _ = try store.append(1, of: 1)
            return Contestant(name: name) {
                var round = try perform(store)
                if fixture.workload.streamCount != large.workload.streamCount { round.hash = nil }
                return round
            }
        }
        return try Comparison(name, contestants, in: run)
            .measurement(name, unit: unit, better: better)
    }

    private var atOneMillion: String { "recount with a million events" }
}
