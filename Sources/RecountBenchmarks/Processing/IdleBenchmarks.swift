import EventLog
import EventModel
import EventStorage
import Glibc
import Operations
import OperationsModel
import Processing
import Recount

/// What many groups cost that have nothing to do, and how fast it is seen how they stand.
struct IdleBenchmarks {
    private let run: BenchmarkRun
    private let operations: StoreOperations

    private static let groupCount = 50

    /// Makes a small store with the groups, none of which has run.
    init(_ run: BenchmarkRun) throws {
        self.run = run
        let workload = Workload(streamCount: run.isSmoke ? 2 : 200, largeLength: 50)
        let fixture = LogFixture(workload, named: "idle", in: run)
        _ = try LogBulkBenchmarks(run: run, fixture: fixture).fillStore()
        let log = try EventLog.open(fixture.store)
        let groups = (0..<IdleBenchmarks.groupCount).map { number in
            log.group(BilledProjection(), named: "billed-\(number)")
        }
        operations = StoreOperations(log: log, domain: Domain(groups: groups))
    }

    func report(_ report: Report) throws {
        let host = StoreHost(operations)
        defer { host.stop() }
        try host.groups.wait(until: try operations.log.head())
        run.settleDisk()
        let statuses = try operations.processors()
        guard statuses.allSatisfy({ $0.state == .live }) else {
            throw BenchmarkError("a group is not live")
        }
        let hash = statuses.reduce(0) { $0 &+ mix($1.position.number) }
        let shares = (0..<run.repetitions).map { _ in idlePercent() }
        if run.isVerbose { run.tell("processing.idle.50: \(shares.map(rounded))") }
        report(
            Measurement(
                name: "processing.idle.50",
                value: median(shares),
                unit: "% CPU",
                better: .lower,
                bar: run.bar(0.5),
                hash: hash
            )
        )
        let times = try (0..<run.repetitions).map { _ in try statusMilliseconds() }
        if run.isVerbose { run.tell("processing.status.50: \(times.map(rounded))") }
        report(
            Measurement(
                name: "processing.status.50",
                value: median(times),
                unit: "ms",
                better: .lower,
                bar: run.bar(1),
                hash: hash
            )
        )
    }

    /// The share of one processor that this process takes while it waits.
    private func idlePercent() -> Double {
        let used = processorSeconds
        let elapsed = seconds { sleep(run.isSmoke ? 1 : 10) }
        return (processorSeconds - used) / elapsed * 100
    }

    /// The processor time of this process so far.
    private var processorSeconds: Double {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { sum, time in
            sum + Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
        }
    }

    /// How long it takes to see how all groups stand, for somebody who looks again and again.
    private func statusMilliseconds() throws -> Double {
        let count = run.isSmoke ? 2 : 100
        return try seconds { for _ in 0..<count { _ = try operations.processors() } }
            / Double(count) * 1000
    }
}
