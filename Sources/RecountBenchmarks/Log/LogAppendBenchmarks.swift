/// How fast durable appends are to a store that holds a million events already.
struct LogAppendBenchmarks {
    let run: BenchmarkRun
    let fixture: LogFixture

    /// The appends of one writer in one round.
    private var singleCount: Int { run.isSmoke ? 20 : 4000 }
    /// The batches in one round.
    private var batchCount: Int { run.isSmoke ? 2 : 200 }
    /// The events of a batch.
    private var batchSize: Int { 100 }
    /// The writers at the same time.
    private var writerCount: Int { 16 }
    /// The appends of each of them in one round.
    private var writerAppendCount: Int { run.isSmoke ? 2 : 500 }

    func report(_ report: Report) throws {
        run.settleDisk()
        let stores = try openStores()
        let single = try appends("log.append.1", singleCount, of: 1, share: 0.9, stores)
        report(single)
        report(try concurrentAppends(stores, oneWriter: single.value))
        report(
            try appends("log.append.batch100", batchCount, of: batchSize, share: 0.6, stores)
        )
        report(try retries(stores))
    }

    /// Our store and both tables, each of which has taken in one more event.
    private func openStores() throws -> [AppendingStore] {
        var engines = fixture.engines
        let path = fixture.identityTable
        engines.append(("SQLite table with unique ids", { try EventTable(path, .full) }))
        return try engines.map { name, open in
            let store = try AppendingStore(name: name, workload: fixture.workload, open: open)
            // What is read for the first append only is a row of its own.
            _ = try store.append(1, of: 1)
            return store
        }
    }

    /// Appends of a size by one writer, which are to reach a share of what the disk does.
    private func appends(
        _ name: String,
        _ count: Int,
        of size: Int,
        share: Double,
        _ stores: [AppendingStore]
    ) throws -> Measurement {
        let comparison = try Comparison(
            name,
            stores.map { store in
                Contestant(name: store.name) { try store.append(count, of: size) }
            } + [limit(count, of: size)],
            in: run
        )
        return comparison.measurement(
            name,
            unit: "events/s",
            better: .higher,
            bar: run.bar(share * comparison.median(of: stores.count))
        )
    }

    private func concurrentAppends(
        _ stores: [AppendingStore],
        oneWriter: Double
    ) throws -> Measurement {
        let comparison = try Comparison(
            "log.append.16",
            stores.map { store in
                Contestant(name: store.name) {
                    try store.append(writerAppendCount, writers: writerCount)
                }
            },
            in: run
        )
        return comparison.measurement(
            "log.append.16",
            unit: "events/s",
            better: .higher,
            bar: run.bar(8 * oneWriter)
        )
    }

    /// Appends that are tried again; the plain table cannot know, so it takes no part.
    private func retries(_ stores: [AppendingStore]) throws -> Measurement {
        let contestants = [stores[0], stores[2]].map { store in
            Contestant(name: store.name) { try store.retry(batchCount, of: batchSize) }
        }
        return try Comparison("log.retry", contestants, in: run)
            .measurement("log.retry", unit: "events/s", better: .higher)
    }

    private func limit(_ count: Int, of size: Int) -> Contestant {
        let path = run.directory.path + "/limit"
        return Contestant(name: "write and fdatasync") {
            let bytes = PhysicalLimit.eventSize * size
            let time = try PhysicalLimit.syncedWrites(count, of: bytes, at: path)
            return Round(values: [Double(count * size) / time])
        }
    }
}
