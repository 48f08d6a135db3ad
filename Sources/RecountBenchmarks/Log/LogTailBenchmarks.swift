import EventLog
import EventStorage
import Glibc

/// How soon another process sees an event: from the start of its append to the visit over there.
struct LogTailBenchmarks {
    let run: BenchmarkRun
    let fixture: LogFixture

    private var eventCount: Int { run.isSmoke ? 10 : 1000 }

    func report(_ report: Report) throws {
        let store = try LogStore(fixture.store, durability: .synced)
        let rounds = try (0..<run.repetitions).map { _ in try latencies(store) }
        let percentiles = rounds.map { percentile99($0) }
        if run.isVerbose { run.tell("log.tail.p99: \(percentiles.map(rounded))") }
        report(
            Measurement(
                name: "log.tail.p99",
                value: median(percentiles),
                unit: "ms",
                better: .lower,
                bar: run.bar(20),
                hash: UInt64(rounds.reduce(0) { $0 + $1.count })
            )
        )
        report(
            Measurement(
                name: "log.tail.median",
                value: median(rounds.map(median)),
                unit: "ms",
                better: .lower,
                hash: UInt64(rounds.reduce(0) { $0 + $1.count })
            )
        )
    }

    /// The milliseconds of each event; the reader sleeps whenever the next one comes.
    private func latencies(_ store: LogStore) throws -> [Double] {
        let reader = try ChildProcess(fixture.child(.follow, .log).arguments)
        let first = Int(try reader.numbers()[0])
        let latencies = try (first..<first + eventCount).map { index in
            usleep(2000)
            let start = MonotonicClock.nanoseconds
            _ = try store.append(fixture.workload.batch(index..<index + 1))
            let numbers = try reader.numbers()
            guard Int(numbers[0]) == index + 1 else {
                throw BenchmarkError("log.tail.p99: the reader missed an event")
            }
            return (numbers[1] - Double(start)) / 1_000_000
        }
        reader.end(with: SIGKILL)
        return latencies
    }
}
