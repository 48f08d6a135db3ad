import EventLog
import EventStorage
import Glibc
import Processing
import Recount

/// How soon the row of an event is there for readers: from the start of its durable append to the
/// first look that shows it, both in this process.
struct VisibilityBenchmarks {
    let run: BenchmarkRun
    let fixture: LogFixture
    let log: EventLog

    private var eventCount: Int { run.isSmoke ? 10 : 1000 }
    private var group: ReadModelGroup { log.group(BilledProjection()) }

    func report(_ report: Report) throws {
        let host = ProcessorHost([group], on: log)
        do {
            defer { host.stop() }
            try host.wait(until: try log.head())
            try measure("processing.visible", bar: 5).forEach(report)
        }
        let child = try ChildProcess([HostChild.command, fixture.store.path])
        _ = try child.numbers()
        try measure("processing.visible.other", bar: 30).forEach(report)
        child.end(with: SIGKILL)
    }

    private func measure(_ name: String, bar: Double) throws -> [Measurement] {
        let rounds = try (0..<run.repetitions).map { _ in try latencies() }
        if run.isVerbose { run.tell("\(name): \(rounds.map { rounded(percentile99($0)) })") }
        let hash = UInt64(rounds.reduce(0) { $0 + $1.count })
        return [
            Measurement(
                name: "\(name).p99",
                value: median(rounds.map(percentile99)),
                unit: "ms",
                better: .lower,
                bar: run.bar(bar),
                hash: hash
            ),
            Measurement(
                name: "\(name).median",
                value: median(rounds.map(median)),
                unit: "ms",
                better: .lower,
                hash: hash
            ),
        ]
    }

    /// The milliseconds of each event; the group sleeps whenever the next one comes.
    private func latencies() throws -> [Double] {
        let store = try LogStore(fixture.store, durability: .synced)
        let database = try SQLiteConnection(path: group.files.database, mode: .readOnly)
        let count = try database.prepare(
            "SELECT eventCount FROM subscriptions WHERE subscription = ?"
        )
        let first = Int(try store.head())
        return try (first..<first + eventCount).map { index in
            usleep(2000)
            let (stream, sequence) = fixture.workload.place(of: index)
            try count.bind(text: Workload.stream(stream).text, at: 1)
            let start = MonotonicClock.nanoseconds
            _ = try store.append(fixture.workload.batch(index..<index + 1))
            while true {
                defer { count.reset() }
                if try count.step(), count.integer(at: 0) > sequence { break }
                guard MonotonicClock.nanoseconds - start < 60_000_000_000 else {
                    throw BenchmarkError("an event was not handled")
                }
                usleep(20)
            }
            return Double(MonotonicClock.nanoseconds - start) / 1_000_000
        }
    }
}
