import EventLog
import EventModel
import EventStorage
import Glibc
import Processing
import Recount
import Synchronization

/// What a replay at full speed does to the other groups of its process, and to appends.
struct IsolationBenchmarks {
    let run: BenchmarkRun
    let fixture: LogFixture
    let log: EventLog

    private static let batchSize = 20
    private static let eventsPerSecond = 2000
    /// The seconds of load before a replay, without it.
    private var calmSeconds: Double { run.isSmoke ? 0.1 : 4 }

    /// What was seen while events came in.
    private struct Seen {
        /// The milliseconds that each append took.
        var appends: [Double] = []
        /// The longest that an event waited for the other group.
        var lagSeconds = 0.0
    }

    func report(_ report: Report) throws {
        let (replayed, live) = (
            log.group(BilledProjection()), log.group(BilledProjection(), named: "live")
        )
        let host = ProcessorHost([replayed, live], on: log)
        defer { host.stop() }
        try host.wait(until: try log.head())
        var rounds: [(calm: Seen, replaying: Seen)] = []
        for _ in 0..<run.repetitions {
            let end = ContinuousClock.now + .seconds(calmSeconds)
            let calm = try load(live) { ContinuousClock.now < end }
            let replay = try ReplayRun(of: replayed, on: log)
            let replaying = try load(live) { try !replay.isOver() }
            rounds.append((calm, replaying))
        }
        let hash = mix(UInt64(rounds.count))
        report(
            Measurement(
                name: "processing.isolation.lag",
                value: median(rounds.map(\.replaying.lagSeconds)),
                unit: "s",
                better: .lower,
                peers: [
                    Measurement.Peer(
                        name: "without a replay",
                        value: median(rounds.map(\.calm.lagSeconds))
                    )
                ],
                bar: run.bar(1),
                hash: hash
            )
        )
        let calm = median(rounds.map { percentile99($0.calm.appends) })
        report(
            Measurement(
                name: "processing.isolation.append.p99",
                value: median(rounds.map { percentile99($0.replaying.appends) }),
                unit: "ms",
                better: .lower,
                peers: [Measurement.Peer(name: "without a replay", value: calm)],
                bar: run.bar(1.2 * calm),
                hash: hash
            )
        )
    }

    /// Appends events at a steady rate while a condition holds.
    private func load(_ live: ReadModelGroup, while goesOn: () throws -> Bool) throws -> Seen {
        let looking = LagWatch(live, log)
        defer { looking.stop() }
        var seen = Seen()
        let interval = Double(IsolationBenchmarks.batchSize) / Double(Self.eventsPerSecond)
        var next = ContinuousClock.now
        repeat {
            let request = try self.request()
            let start = ContinuousClock.now
            _ = try log.append(request)
            seen.appends.append(start.duration(to: .now) / .milliseconds(1))
            next = max(next + .seconds(interval), start)
            let pause = ContinuousClock.now.duration(to: next) / .microseconds(1)
            if pause > 0 { usleep(UInt32(pause)) }
        } while try goesOn()
        seen.lagSeconds = looking.longestSeconds
        return seen
    }

    private func request() throws -> AppendRequest {
        let head = try log.head().number
        let events = (0..<UInt64(IsolationBenchmarks.batchSize)).map { number in
            PendingEvent(
                id: EventID(high: 0x150A, low: head * 100 + number),
                type: WorkloadEvent.commonType,
                payload: fixture.workload.batch(0..<1).request.entries[0].event.payload
            )
        }
        return AppendRequest(events, to: StreamName("live-1"))
    }
}

/// Looks, on a thread of its own, how far in time a group is behind.
private final class LagWatch: Sendable {
    private let isEnding = Atomic(false)
    private let longest = Mutex(0.0)
    private let thread = Mutex<WorkerThread?>(nil)

    init(_ group: ReadModelGroup, _ log: EventLog) {
        let thread = WorkerThread { [self] in
            let observer = GroupObserver(files: group.files)
            while !isEnding.load(ordering: .acquiring) {
                if let lag = try? LagWatch.lagSeconds(observer, log) {
                    longest.withLock { $0 = max($0, lag) }
                }
                usleep(2000)
            }
        }
        self.thread.withLock { $0 = thread }
    }

    var longestSeconds: Double { longest.withLock { $0 } }

    func stop() {
        isEnding.store(true, ordering: .releasing)
        thread.withLock { $0.take() }?.join()
    }

    /// The age of the first event that the group has not stored yet.
    private static func lagSeconds(_ observer: GroupObserver, _ log: EventLog) throws -> Double {
        let position = try observer.observe().progress?.token.position ?? .start
        var recorded: Timestamp?
        try log.read(EventSelection(after: position)) { event in
            recorded = event.recordedTime
            return .stop
        }
        return recorded.map { max(0, EventLog.systemTime().seconds(since: $0)) } ?? 0
    }
}
