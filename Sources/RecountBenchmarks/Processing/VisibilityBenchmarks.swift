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
        func measurement(
            _ ending: String,
            bar: Double?,
            _ figure: ([Double]) -> Double
        ) -> Measurement {
            let values = rounds.map { figure($0.map(\.visible)) }
            let appends = rounds.map { figure($0.map(\.appended)) }
            if run.isVerbose {
                run.tell(
                    "\(name).\(ending): \(values.map(rounded)), appends \(appends.map(rounded))"
                )
            }
            return Measurement(
                name: "\(name).\(ending)",
                value: median(values),
                unit: "ms",
                better: .lower,
                peers: [Measurement.Peer(name: "the append alone", value: median(appends))],
                bar: bar,
                hash: UInt64(rounds.joined().count)
            )
        }
        return [
            measurement("p99", bar: run.bar(bar), percentile99),
            measurement("median", bar: nil, median),
        ]
    }

    /// The milliseconds of each event until it was appended and until its row was seen; the group
    /// sleeps whenever the next one comes.
    private func latencies() throws -> [(appended: Double, visible: Double)] {
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
            let batch = fixture.workload.batch(index..<index + 1)
            let start = MonotonicClock.nanoseconds
            func milliseconds() -> Double {
                Double(MonotonicClock.nanoseconds - start) / 1_000_000
            }
            _ = try store.append(batch)
            let appended = milliseconds()
            while true {
                defer { count.reset() }
                if try count.step(), count.integer(at: 0) > sequence { break }
                guard milliseconds() < 60_000 else {
                    throw BenchmarkError("an event was not handled")
                }
                usleep(20)
            }
            return (appended, milliseconds())
        }
    }
}
