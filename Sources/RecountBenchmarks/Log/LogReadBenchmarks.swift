import Disk
import EventLog
import EventStorage

/// How fast events come out of a store: all of them, some of them, one stream.
struct LogReadBenchmarks {
    let run: BenchmarkRun
    let fixture: LogFixture

    func report(_ report: Report) throws {
        try fixture.indexTable()
        report(try scan())
        report(try cold())
        report(try decoded())
        try selections().forEach(report)
        report(try load(fixture, "log.load.50", bar: run.bar(25)))
        report(try large())
        report(try contiguous())
    }

    /// Every event as it lies there, each round in a store opened anew before.
    private func scan() throws -> Measurement {
        let files = try FileExtent.all(below: fixture.store.path + "/log")
        let limit = Contestant(name: "mapped checksums") {
            Round(values: [rate(try PhysicalLimit.checksums(of: files))])
        }
        let contestants = stores { store in try rate(of: .all, in: store) } + [limit]
        let comparison = try Comparison("log.scan.raw", contestants, in: run)
        return comparison.measurement(
            "log.scan.raw",
            unit: "events/s",
            better: .higher,
            bar: run.bar(max(12_000_000, 2.5 * comparison.median(of: 1)))
        )
    }

    /// The same with the opening in it, so that checksums are verified in the time measured,
    /// whether a store does so at the opening or at the reading.
    private func cold() throws -> Measurement {
        let contestants = fixture.engines.map { name, open in
            Contestant(name: name) {
                var hash: UInt64 = 0
                let time = try seconds { hash = try open().read(.all) }
                return Round(values: [rate(time)], hash: hash)
            }
        }
        return try Comparison("log.scan.opened", contestants, in: run)
            .measurement(
                "log.scan.opened",
                unit: "events/s",
                better: .higher,
                bar: run.bar(12_000_000)
            )
    }

    /// Every event with every field of its payload.
    private func decoded() throws -> Measurement {
        let contestants = stores { try rate(of: .all, in: $0, isDecoding: true) }
        return try Comparison("log.scan.decoded", contestants, in: run).measurement(
            "log.scan.decoded",
            unit: "events/s",
            better: .higher,
            bar: run.bar(3_000_000)
        )
    }

    /// Newest first, and by what events are found by besides their stream.
    private func selections() throws -> [Measurement] {
        let readings: [(String, Reading)] = [
            ("log.read.backwards", .backwards),
            ("log.read.type", .type(WorkloadEvent.commonType)),
            ("log.read.type.rare", .type(WorkloadEvent.rareType)),
            ("log.read.tag", .tag(WorkloadEvent.tag)),
        ]
        return try readings.map { name, reading in
            let contestants = stores { store in
                var hash: UInt64 = 0
                let time = try seconds { hash = try store.read(reading) }
                return Round(values: [time * 1000], hash: hash)
            }
            return try Comparison(name, contestants, in: run)
                .measurement(name, unit: "ms", better: .lower)
        }
    }

    /// Streams of 50 events, decoded, one after the other from all over the store.
    private func load(
        _ fixture: LogFixture,
        _ name: String,
        bar: Double? = nil
    ) throws -> Measurement {
        let count = run.isSmoke ? 10 : 2000
        let contestants = try fixture.engines.map { name, open in
            let store = try open()
            return Contestant(name: name) { try store.loads(count, of: fixture.workload) }
        }
        return try Comparison(name, contestants, in: run)
            .measurement(name, unit: "us", better: .lower, bar: bar)
    }

    /// The one large stream, decoded.
    private func large() throws -> Measurement {
        let count = fixture.workload.largeLength
        let rounds = run.isSmoke ? 1 : 20
        let contestants = stores { store in
            var hash: UInt64 = 0
            let reading = Reading.stream(Workload.stream(0), count: count)
            let time = try seconds {
                for _ in 0..<rounds { hash &+= try store.read(reading, decoding: true) }
            }
            return Round(values: [time / Double(rounds) * 1000], hash: hash)
        }
        return try Comparison("log.load.5000", contestants, in: run)
            .measurement("log.load.5000", unit: "ms", better: .lower, bar: run.bar(1))
    }

    /// The loads of a store in which the events of a stream lie side by side.
    private func contiguous() throws -> Measurement {
        var workload = fixture.workload
        workload.order = .contiguous
        let contiguous = LogFixture(workload, named: "contiguous", in: run)
        let bulk = LogBulkBenchmarks(run: run, fixture: contiguous)
        _ = try bulk.fillStore()
        _ = try bulk.fillTable()
        defer {
            try? RealDisk().removeTree(contiguous.store.path)
            try? RealDisk().remove(contiguous.table)
        }
        return try load(contiguous, "log.load.50.contiguous")
    }
}

extension LogReadBenchmarks {
    /// Both sides of a comparison, each opened anew before each round, outside the measurement.
    private func stores(
        _ perform: @escaping (any StoreUnderTest) throws -> Round
    ) -> [Contestant] {
        fixture.engines.map { name, open in
            Contestant(name: name) {
                let store = try open()
                // What is read for the first time only is not what is measured.
                _ = try store.read(.stream(Workload.stream(1), count: 1))
                return try perform(store)
            }
        }
    }

    private func rate(
        of reading: Reading,
        in store: any StoreUnderTest,
        isDecoding: Bool = false
    ) throws -> Round {
        var hash: UInt64 = 0
        let time = try seconds { hash = try store.read(reading, decoding: isDecoding) }
        return Round(values: [rate(time)], hash: hash)
    }

    private func rate(_ time: Double) -> Double {
        Double(fixture.workload.eventCount) / time
    }
}

extension StoreUnderTest {
    /// Loads and decodes streams of 50 events; the figure is the microseconds of one.
    func loads(_ count: Int, of workload: Workload) throws -> Round {
        var hash: UInt64 = 0
        let readings = (0..<count).map { number in
            let stream = Int(mix(UInt64(number)) % UInt64(workload.streamCount)) + 1
            return Reading.stream(Workload.stream(stream), count: Workload.streamLength)
        }
        let time = try seconds {
            for reading in readings { hash = mix(hash ^ (try read(reading, decoding: true))) }
        }
        return Round(values: [time / Double(count) * 1_000_000], hash: hash)
    }
}
