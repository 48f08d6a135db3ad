import EventLog
import EventModel
import EventStorage
import Glibc
import Processing
import Recount
import Synchronization

/// How long a read model takes to be made anew beside the one in use, against in place, while
/// events come in and somebody asks it all the time.
struct ShadowBenchmarks {
    let run: BenchmarkRun
    let fixture: LogFixture
    let log: EventLog

    private var group: ReadModelGroup { log.group(BilledProjection()) }
    private static let eventsPerSecond = 2000

    /// What was seen during a replay.
    private struct Seen {
        var seconds = 0.0
        /// The longest that somebody waited for an answer.
        var longestMilliseconds = 0.0
        /// How many answers there were, and how many showed rows that were not all there.
        var answerCount = 0
        var incompleteCount = 0
    }

    func report(_ report: Report) throws {
        let host = ProcessorHost([group], on: log)
        defer { host.stop() }
        try host.wait(until: try log.head())
        let inPlace = try (0..<run.repetitions).map { _ in try replay(isShadow: false) }
        let shadow = try (0..<run.repetitions).map { _ in try replay(isShadow: true) }
        guard shadow.allSatisfy({ $0.incompleteCount == 0 && $0.answerCount > 0 }) else {
            throw BenchmarkError("a reader saw rows that were not all there")
        }
        let hash = mix(try rowCount())
        let (time, reference) = (median(shadow.map(\.seconds)), median(inPlace.map(\.seconds)))
        let peer = Measurement.Peer(name: "in place", value: reference)
        report(
            Measurement(
                name: "readmodel.rebuild.shadow",
                value: time,
                unit: "s",
                better: .lower,
                peers: [peer],
                bar: run.bar(1.2 * reference),
                hash: hash
            )
        )
        report(
            Measurement(
                name: "readmodel.rebuild.shadow.answer",
                value: median(shadow.map(\.longestMilliseconds)),
                unit: "ms",
                better: .lower,
                peers: [],
                bar: nil,
                hash: hash
            )
        )
    }

    /// How many subscriptions of the workload the rows in use have.
    private func rowCount() throws -> UInt64 {
        let database = try SQLiteConnection(path: group.files.database, mode: .readOnly)
        let row = try database.prepare(
            "SELECT count(*) FROM subscriptions WHERE subscription <> 'live-1'"
        )
        return try row.step() ? UInt64(clamping: row.integer(at: 0)) : 0
    }

    /// Asks for a replay, and waits for its end.
    private func replay(isShadow: Bool) throws -> Seen {
        let isEnding = Flag()
        let appender = WorkerThread { [self] in appendEvents(until: isEnding) }
        let asking = Mutex(Seen())
        let reader = WorkerThread { [self] in
            let seen = (try? askForRows(until: isEnding)) ?? Seen()
            asking.withLock { $0 = seen }
        }
        let start = ContinuousClock.now
        defer {
            isEnding.raise()
            appender.join()
        }
        try ReplayRun(of: group, isShadow: isShadow, on: log).wait()
        let seconds = start.duration(to: .now) / .seconds(1)
        isEnding.raise()
        reader.join()
        var seen = asking.withLock { $0 }
        seen.seconds = seconds
        return seen
    }

    /// Appends events at a steady rate, twenty at a time.
    private func appendEvents(until isEnding: Flag) {
        let size = 20
        while !isEnding.isRaised, let head = try? log.head().number {
            let events = (0..<size).map { number in
                PendingEvent(
                    id: EventID(high: 0x5AD1, low: head * 100 + UInt64(number)),
                    type: WorkloadEvent.commonType,
                    payload: fixture.workload.batch(0..<1).request.entries[0].event.payload
                )
            }
            _ = try? log.append(AppendRequest(events, to: StreamName("live-1")))
            usleep(UInt32(size * 1_000_000 / Self.eventsPerSecond))
        }
    }

    /// Asks the read model again and again, as a program would that looks for the one in use.
    private func askForRows(until isEnding: Flag) throws -> Seen {
        var seen = Seen()
        let observer = GroupObserver(files: group.files)
        var mostRows: Int64 = 0
        while !isEnding.isRaised {
            let start = ContinuousClock.now
            guard let database = try observer.openDatabase() else { continue }
            let row = try database.prepare("SELECT count(*) FROM subscriptions")
            let count = try row.step() ? row.integer(at: 0) : 0
            let time = start.duration(to: .now) / .milliseconds(1)
            seen.longestMilliseconds = max(seen.longestMilliseconds, time)
            seen.answerCount += 1
            if count < mostRows { seen.incompleteCount += 1 }
            mostRows = max(mostRows, count)
            usleep(1000)
        }
        return seen
    }

    /// Says that threads are to end.
    private final class Flag: Sendable {
        private let raised = Atomic(false)
        var isRaised: Bool { raised.load(ordering: .acquiring) }
        func raise() { raised.store(true, ordering: .releasing) }
    }
}
