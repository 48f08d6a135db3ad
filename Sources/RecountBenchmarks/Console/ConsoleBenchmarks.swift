import ConsoleModel
import ConsoleViews
import EventLog
import EventModel
import EventStorage
import Glibc
import Operations
import OperationsModel
import Recount
import Screen

/// How fast the console draws, starts and answers, and what it costs when nothing happens.
enum ConsoleBenchmarks {
    static func run(_ run: BenchmarkRun, report: Report) throws {
        let directory = try makeStore(run)
        try render(directory, run).forEach(report)
        try onTerminal(directory, run).forEach(report)
    }

    private static func makeStore(_ run: BenchmarkRun) throws -> StoreDirectory {
        var file = run.directory.path + "/console.ndjson"
        if let real = run.dataFile("nycflights-2013q1.ndjson.gz") {
            file = real
        } else {
            try MadeUpData.write(run.isSmoke ? 2000 : 150_000, to: file)
        }
        let directory = StoreDirectory(run.directory.path + "/console.store")
        let log = try EventLog.create(directory, id: EventID(high: 2, low: 2))
        _ = try EventImporter(into: log).run([ImportSource(argument: file)])
        return directory
    }

    /// The time of drawing each screen at 200x60, from a state that has all its answers.
    private static func render(
        _ directory: StoreDirectory,
        _ run: BenchmarkRun
    ) throws -> [Measurement] {
        let log = try EventLog.open(directory)
        let operations = StoreOperations(log: log, domain: Domain())
        let stream = try log.streams(StreamsRequest(order: .events, limit: 1)).first?.stream
        let size = Size(width: 200, height: 60)
        let rounds = run.isSmoke ? 3 : 200
        return ScreenName.allCases.compactMap { screen in
            // A store without groups has no processor to show.
            if screen == .processor || screen == .replay { return nil }
            let state = HeadlessConsole(operations).state(
                showing: screen,
                screen == .history ? stream?.text : nil,
                size: size,
                context: ConsoleContext(storeName: "benchmark")
            )
            var frame = ConsoleViews.render(state, size: size)
            let times = (0..<run.repetitions).map { _ in
                seconds {
                    for _ in 0..<rounds { frame = ConsoleViews.render(state, size: size) }
                } / Double(rounds) * 1000
            }
            let text = frame.plainText
            return Measurement(
                name: "console.render.\(screen.rawValue)",
                value: median(times),
                unit: "ms",
                better: .lower,
                bar: run.isSmoke ? nil : 1,
                hash: UInt64(text.utf8.count)
            )
        }
    }

    /// First paint, keys and idling of the real program on a terminal.
    private static func onTerminal(
        _ directory: StoreDirectory,
        _ run: BenchmarkRun
    ) throws -> [Measurement] {
        var paints: [Double] = []
        var keys: [Double] = []
        var idle: [Double] = []
        for _ in 0..<run.repetitions {
            let start = ContinuousClock.now
            let console = try ConsoleProcess(directory)
            try console.waitForFrame()
            paints.append(start.duration(to: .now) / .milliseconds(1))
            try console.waitUntilStill()
            for number in 0..<(run.isSmoke ? 4 : 60) {
                // A lone Escape would wait for what may follow it.
                keys.append(try console.milliseconds(forKey: number % 2 == 0 ? "4" : "1"))
            }
            try console.waitUntilStill()
            idle.append(try console.idlePercent(seconds: run.isSmoke ? 1 : 5))
            console.end()
        }
        let slowest = keys.sorted()[min(keys.count - 1, keys.count * 99 / 100)]
        return [
            Measurement(
                name: "console.firstPaint",
                value: median(paints),
                unit: "ms",
                better: .lower,
                bar: run.isSmoke ? nil : 100,
                hash: 0
            ),
            Measurement(
                name: "console.key.p99",
                value: slowest,
                unit: "ms",
                better: .lower,
                bar: run.isSmoke ? nil : 16,
                hash: 0
            ),
            Measurement(
                name: "console.idle",
                value: median(idle),
                unit: "% CPU",
                better: .lower,
                bar: run.isSmoke ? nil : 0.5,
                hash: 0
            ),
        ]
    }
}
