import EventLog
import EventStorage

/// How fast commands are carried out, beside durable appends of as many events.
struct CommandBenchmarks {
    private let run: BenchmarkRun
    private let commands: CommandRounds
    private let appending: AppendingStore

    init(_ run: BenchmarkRun, _ fixture: LogFixture, _ log: EventLog) throws {
        self.run = run
        commands = CommandRounds(fixture.workload, log)
        appending = try AppendingStore(name: "durable append", workload: fixture.workload) {
            try LogStore(fixture.store, durability: .synced)
        }
    }

    func report(_ report: Report) throws {
        let count = run.isSmoke ? 10 : 2000
        let one = try compare("command.1") {
            try commands.handle(count)
        } appends: {
            try appending.append(count, of: 1)
        }
        report(measurement("command.1", one, bar: 0.9 * one.median(of: 1)))

        let (callerCount, each) = (16, run.isSmoke ? 2 : 300)
        let many = try compare("command.16") {
            try commands.handle(each, callers: callerCount)
        } appends: {
            try appending.append(each, writers: callerCount)
        }
        report(measurement("command.16", many, bar: 8 * one.median()))

        let (groupCount, size) = (run.isSmoke ? 2 : 20, run.isSmoke ? 20 : 1000)
        let journaled = try compare("command.journaled") {
            try commands.journal(groupCount, of: size)
        } appends: {
            try appending.append(groupCount, of: size)
        }
        report(measurement("command.journaled", journaled, bar: 500_000))
    }

    private func compare(
        _ name: String,
        commands: @escaping () throws -> Round,
        appends: @escaping () throws -> Round
    ) throws -> Comparison {
        let contestants = [
            Contestant(name: "recount", perform: commands),
            Contestant(name: appending.name) {
                // Its events are others.
                var round = try appends()
                round.hash = nil
                return round
            },
        ]
        return try Comparison(name, contestants, in: run)
    }

    private func measurement(_ name: String, _ comparison: Comparison, bar: Double) -> Measurement {
        comparison.measurement(name, unit: "commands/s", better: .higher, bar: run.bar(bar))
    }
}
