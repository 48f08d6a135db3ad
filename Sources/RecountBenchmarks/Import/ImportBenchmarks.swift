import EventLog
import EventModel
import EventStorage
import Operations

/// How fast files of CloudEvents come into a store on disk.
enum ImportBenchmarks {
    static func run(_ run: BenchmarkRun, report: Report) throws {
        var file = run.directory.path + "/events.ndjson"
        if let real = run.dataFile("online-retail.ndjson.gz") {
            file = real
        } else {
            try MadeUpData.write(run.isSmoke ? 2000 : 25_000, to: file)
        }
        var rates: [Double] = []
        var byteRates: [Double] = []
        var count = 0
        for repetition in 0..<run.repetitions {
            let directory = StoreDirectory("\(run.directory.path)/import-\(repetition).store")
            let log = try EventLog.create(directory, id: EventID(high: 1, low: UInt64(repetition)))
            let importer = EventImporter(into: log)
            var result = ImportResult()
            let elapsed = try seconds { result = try importer.run([ImportSource(argument: file)]) }
            count = result.addedCount
            rates.append(Double(result.addedCount) / elapsed)
            byteRates.append(Double(result.byteCount) / elapsed / 1_000_000)
        }
        // Either bar is enough: events of 2 KB and events of 200 B are not the same work.
        let isReached = median(rates) >= 100_000 || median(byteRates) >= 200
        report(
            Measurement(
                name: "import.online-retail",
                value: median(rates),
                unit: "events/s",
                better: .higher,
                bar: run.isSmoke || isReached ? nil : 100_000,
                hash: UInt64(count)
            )
        )
        report(
            Measurement(
                name: "import.online-retail.bytes",
                value: median(byteRates),
                unit: "MB/s",
                better: .higher,
                bar: run.isSmoke || isReached ? nil : 200,
                hash: UInt64(count)
            )
        )
    }
}
