import Disk
import EventLog
import EventStorage

/// How fast a new store fills, in units of as many events as it takes at once.
struct LogBulkBenchmarks {
    let run: BenchmarkRun
    let fixture: LogFixture

    /// Fills the stores of the fixture; those of the last round stay.
    func report(_ report: Report) throws {
        let comparison = try Comparison(
            "log.bulk",
            [
                Contestant(name: "recount") { try fillStore() },
                Contestant(name: "SQLite table, NORMAL") { try fillTable() },
                Contestant(name: "SQLite table with unique ids") { try fillIdentityTable() },
                Contestant(name: "write only") { try write() },
            ],
            in: run
        )
        report(
            comparison.measurement(
                "log.bulk",
                unit: "events/s",
                better: .higher,
                bar: run.bar(1_500_000)
            )
        )
        report(
            comparison.measurement("log.bulk.synced", figure: 1, unit: "events/s", better: .higher)
        )
    }

    /// Fills the stores of the fixture once, for the rows that need them.
    func fill() throws {
        _ = try fillStore()
        _ = try fillTable()
        _ = try fillIdentityTable()
    }

    /// Fills our store anew.
    func fillStore() throws -> Round {
        try? RealDisk().removeTree(fixture.store.path)
        return try fill(try LogStore(fixture.store, durability: .flushed, isNew: true))
    }

    /// Fills the plain table anew.
    func fillTable() throws -> Round {
        try fill(fixture.table, hasIdentities: false)
    }

    /// Fills the table anew that holds every identity at most once.
    private func fillIdentityTable() throws -> Round {
        try fill(fixture.identityTable, hasIdentities: true)
    }

    private func fill(_ path: String, hasIdentities: Bool) throws -> Round {
        for ending in ["", "-wal", "-shm"] { try? RealDisk().remove(path + ending) }
        return try fill(try EventTable(path, .normal, hasIdentities: hasIdentities))
    }

    /// Appends all events and then waits for the disk; making the events takes no part in it, nor
    /// does touching memory, again for every million, since the host takes back what lies free.
    private func fill(_ store: any StoreUnderTest) throws -> Round {
        var time = 0.0
        var hash: UInt64 = 0
        var untouchedCount = 0
        for batch in fixture.workload.batches {
            if untouchedCount <= 0 {
                try run.touchMemory(1 << 30)
                untouchedCount += 1_000_000
            }
            untouchedCount -= batch.sequences.count
            time += try seconds { hash &+= try store.append(batch) }
        }
        let count = fixture.workload.eventCount
        let last = fixture.workload.batch(count - 1..<count)
        let syncTime = try seconds { try store.sync(through: last) }
        return Round(values: rates(time, time + syncTime), hash: hash)
    }

    private func write() throws -> Round {
        let count = fixture.workload.eventCount
        let unit = StoreLimits.batchCountMax
        let size = unit * PhysicalLimit.eventSize
        let path = run.directory.path + "/written"
        try run.touchMemory(1 << 30)
        let times = try PhysicalLimit.writes((count + unit - 1) / unit, of: size, at: path)
        return Round(values: rates(times[0], times[1]))
    }

    private func rates(_ times: Double...) -> [Double] {
        times.map { Double(fixture.workload.eventCount) / $0 }
    }
}
