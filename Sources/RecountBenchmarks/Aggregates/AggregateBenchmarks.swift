import Disk
import EventLog
import EventModel
import EventSchema
import EventStorage
import Foundation
import Operations
import Recount

/// How fast aggregates are loaded and commands carried out, beside the same work on a plain table
/// in SQLite.
struct AggregateBenchmarks {
    let run: BenchmarkRun
    private let fixture: LogFixture
    private let log: EventLog
    private let table: EventTable

    static func run(_ run: BenchmarkRun, report: Report) throws {
        try AggregateBenchmarks(run).report(report)
    }

    private init(_ run: BenchmarkRun) throws {
        self.run = run
        fixture = LogFixture(.million(run), named: "aggregates", in: run)
        let bulk = LogBulkBenchmarks(run: run, fixture: fixture)
        _ = try bulk.fillStore()
        _ = try bulk.fillTable()
        log = try EventLog.open(fixture.store)
        table = try EventTable(fixture.table, .full)
    }

    private func report(_ report: Report) throws {
        report(try decoding())
        try loads(of: 50, in: run.isSmoke ? 10 : 1000, bars: (20, 25, 60)).forEach(report)
        try loads(
            of: fixture.workload.largeLength,
            in: run.isSmoke ? 1 : 20,
            bars: (1000, 1500, 5000)
        )
        .forEach(report)
        report(try loadFromSnapshot())
        run.settleDisk()
        try CommandBenchmarks(run, fixture, log).report(report)
    }

    // MARK: Payloads

    /// One payload into a structure of ten fields.
    private func decoding() throws -> Measurement {
        let batch = fixture.workload.batch(0..<(run.isSmoke ? 100 : 4000))
        let payloads = batch.request.entries.map(\.event.payload)
        func round(_ decode: ([UInt8]) throws -> BilledPayload) throws -> Round {
            var hash: UInt64 = 0
            let time = try seconds {
                for payload in payloads {
                    hash = mix(hash ^ UInt64(bitPattern: Int64(try decode(payload).amountCents)))
                }
            }
            return Round(values: [time / Double(payloads.count) * 1e9], hash: hash)
        }
        let decoder = JSONEventDecoder()
        let foundation = JSONDecoder()
        let comparison = try Comparison(
            "payload.decode",
            [
                Contestant(name: "recount") {
                    try round { try decoder.decode(BilledPayload.self, from: $0) }
                },
                Contestant(name: "Foundation JSONDecoder") {
                    try round { try foundation.decode(BilledPayload.self, from: Data($0)) }
                },
            ],
            in: run
        )
        return comparison.measurement(
            "payload.decode",
            unit: "ns",
            better: .lower,
            bar: run.bar(comparison.median(of: 1) / 4)
        )
    }

    // MARK: Loading

    /// Streams of a length: as they lie there, with every field read, and as an aggregate.
    private func loads(
        of length: Int,
        in count: Int,
        bars: (raw: Double, fields: Double, typed: Double)
    ) throws -> [Measurement] {
        let name = "aggregate.load.\(length == Workload.streamLength ? 50 : 5000)"
        let streams = (0..<count).map { number in
            length == Workload.streamLength
                ? Int(mix(UInt64(number)) % UInt64(fixture.workload.streamCount)) + 1 : 0
        }
        let readings = streams.map { Reading.stream(Workload.stream($0), count: length) }
        let stores: [(name: String, store: any StoreUnderTest)] = [
            ("recount", try LogStore(fixture.store, durability: .synced)), ("SQLite table", table),
        ]
        func fold(_ suffix: String, decoding: Bool, bar: Double) throws -> Measurement {
            let contestants = stores.map { name, store in
                Contestant(name: name) {
                    try timed(count) {
                        try readings.reduce(0) {
                            mix($0 ^ (try store.read($1, decoding: decoding)))
                        }
                    }
                }
            }
            return try Comparison(name + suffix, contestants, in: run)
                .measurement(name + suffix, unit: "us", better: .lower, bar: run.bar(bar))
        }
        let repository = AggregateRepository<BilledSubscription>(
            store: log,
            now: EventLog.systemTime
        )
        let identifiers = streams.map { identifier(of: $0) }
        let typed = [
            Contestant(name: "recount") {
                try timed(count) {
                    try identifiers.reduce(0) { mix($0 ^ (try repository.load($1).root.hash)) }
                }
            },
            Contestant(name: "SQLite table, the same decoding") {
                try timed(count) {
                    try readings.reduce(0) { mix($0 ^ (try subscription(of: $1).hash)) }
                }
            },
        ]
        return [
            try fold(".raw", decoding: false, bar: bars.raw),
            try fold(".fields", decoding: true, bar: bars.fields),
            try Comparison(name, typed, in: run)
                .measurement(name, unit: "us", better: .lower, bar: run.bar(bars.typed)),
        ]
    }

    /// The large stream from a snapshot of its last state but 49 events.
    private func loadFromSnapshot() throws -> Measurement {
        let snapshots = SnapshotDatabase(path: fixture.store.snapshots, disk: RealDisk())
        let stream = Workload.stream(0)
        let covered = Sequence(UInt64(fixture.workload.largeLength - 50))
        let timeline = StateReader(store: log, folds: Folds([Fold(SavedSubscription.self)]))
        let state = try timeline.state(of: stream, at: .sequence(covered))
        guard let last = state.last, let json = state.json else {
            throw BenchmarkError("the large stream is empty")
        }
        try snapshots.save(
            Snapshot(
                stream: stream,
                sequence: last.sequence,
                position: last.position,
                eventID: last.id,
                latestTime: last.eventTime,
                fingerprint: Fold(SavedSubscription.self).fingerprint,
                takenTime: EventLog.systemTime(),
                state: json
            )
        )
        let repository = AggregateRepository<SavedSubscription>(
            store: log,
            snapshots: snapshots,
            now: EventLog.systemTime
        )
        let count = run.isSmoke ? 5 : 500
        let identifier = identifier(of: 0)
        let reading = Reading.stream(stream, count: fixture.workload.largeLength)
        let comparison = try Comparison(
            "aggregate.load.5000.snapshot",
            [
                Contestant(name: "recount") {
                    try timed(count) {
                        var hash: UInt64 = 0
                        for _ in 0..<count {
                            let loaded = try repository.load(identifier)
                            guard loaded.snapshotSequence != nil else {
                                throw BenchmarkError("the snapshot was not used")
                            }
                            hash = loaded.root.subscription.hash
                        }
                        return hash
                    }
                },
                Contestant(name: "SQLite table, all events") {
                    try timed(1) { try subscription(of: reading).hash }
                },
            ],
            in: run
        )
        return comparison.measurement(
            "aggregate.load.5000.snapshot",
            unit: "us",
            better: .lower,
            bar: run.bar(40)
        )
    }

    /// The aggregate of a stream in the table.
    private func subscription(of reading: Reading) throws -> BilledSubscription {
        var root = BilledSubscription()
        let codec = BilledSubscription.codec
        try table.visit(reading) { row in
            let form = EventForm(EventType(String(decoding: row.type, as: UTF8.self)))
            let payload = row.payload.bindMemory(to: UInt8.self)
            root.evolve(try codec.decode(form, payload: payload.span))
        }
        return root
    }

    /// The microseconds of one of several.
    private func timed(_ count: Int, _ body: () throws -> UInt64) throws -> Round {
        var hash: UInt64 = 0
        let time = try seconds { hash = try body() }
        return Round(values: [time / Double(count) * 1e6], hash: hash)
    }

    private func identifier(of stream: Int) -> String {
        CommandRounds.identifier(of: stream)
    }
}
