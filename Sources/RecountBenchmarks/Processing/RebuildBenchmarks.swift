import Disk
import EventLog
import Recount

/// How fast a read model in SQL is made anew from all events, beside a loop in the manner of C
/// over the same events in a table and the same statements.
struct RebuildBenchmarks {
    let run: BenchmarkRun
    let fixture: LogFixture
    let log: EventLog

    func report(_ report: Report) throws {
        let swift = try compare("readmodel.rebuild", BilledProjection())
        report(measurement("readmodel.rebuild", swift, bar: 0.8 * swift.median(of: 1)))
        let model = try compare("readmodel.rebuild.model", try BilledReadModel.modelProjection())
        report(measurement("readmodel.rebuild.model", model, bar: 150_000))
    }

    private func compare(_ name: String, _ projection: any Projection) throws -> Comparison {
        let group = log.group(projection)
        let table = try EventTable(fixture.table, .normal)
        let contestants = [
            Contestant(name: "recount") {
                let time = try log.catchUp([group])
                return try round(time, group.files.database)
            },
            Contestant(name: "C loop over a SQLite table") {
                let path = run.directory.path + "/loop.sqlite"
                for ending in ["", "-wal", "-shm"] { try? RealDisk().remove(path + ending) }
                let loop = try ReadModelLoop(path)
                let time = try seconds { try loop.run(over: table) }
                return try round(time, path)
            },
        ]
        return try Comparison(name, contestants, in: run)
    }

    private func round(_ time: Double, _ database: String) throws -> Round {
        Round(
            values: [Double(fixture.workload.eventCount) / time],
            hash: try BilledReadModel.hash(ofRowsAt: database)
        )
    }

    private func measurement(_ name: String, _ comparison: Comparison, bar: Double) -> Measurement {
        comparison.measurement(name, unit: "events/s", better: .higher, bar: run.bar(bar))
    }
}
