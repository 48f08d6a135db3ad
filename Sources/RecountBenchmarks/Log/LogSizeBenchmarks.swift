import Disk
import EventLog

/// What an event costs on the disk.
struct LogSizeBenchmarks {
    let run: BenchmarkRun
    let fixture: LogFixture

    func report(_ report: Report) throws {
        let files = try FileExtent.all(below: fixture.store.path)
        // What is allocated depends on how the file system had room, so it tells nothing of us.
        let hash = UInt64(files.reduce(0) { $0 + $1.usedSize })
        // The table's log is empty after the sync that ended its filling.
        let table = try FileExtent(fixture.table)
        let identityTable = try FileExtent(fixture.identityTable)
        report(
            measurement(
                "log.bytesPerEvent",
                of: files.map(\.usedSize),
                peers: [table.usedSize, identityTable.usedSize],
                bar: run.bar(350),
                hash: hash
            )
        )
        report(
            measurement(
                "log.bytesPerEvent.allocated",
                of: files.map(\.allocatedSize),
                peers: [table.allocatedSize, identityTable.allocatedSize],
                hash: hash
            )
        )
    }

    private func measurement(
        _ name: String,
        of sizes: [Int],
        peers: [Int],
        bar: Double? = nil,
        hash: UInt64
    ) -> Measurement {
        let count = Double(fixture.workload.eventCount)
        let names = ["SQLite table", "SQLite table with unique ids"]
        return Measurement(
            name: name,
            value: Double(sizes.reduce(0, +)) / count,
            unit: "bytes",
            better: .lower,
            peers: zip(names, peers).map { Measurement.Peer(name: $0, value: Double($1) / count) },
            bar: bar,
            hash: hash
        )
    }
}
