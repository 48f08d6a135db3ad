import Aggregates
import Disk
import EventModel
import EventSchema
import EventStorage
import Operations
import RecountTesting
import Testing

/// What commands took, kept for other processes.
@Suite struct CommandDatabaseTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory.path + "/commands.sqlite" }

    private func entry(_ command: String, _ times: [Int64]) -> CommandStatistics.Entry {
        var latencies = LatencyHistogram()
        for time in times { latencies.add(microseconds: time) }
        return CommandStatistics.Entry(
            category: Category("cart"),
            command: command,
            latencies: latencies
        )
    }

    private func time(hour: Int64) -> Timestamp {
        Timestamp(microseconds: hour * 3_600_000_000 + 5)
    }

    @Test func `what two processes count in the same hours is added up`() throws {
        let (first, second) = (CommandDatabase(path: path), CommandDatabase(path: path))
        #expect(try first.entries(since: time(hour: 0)) == [])
        try first.add([entry("add", [3, 900, 70_001])], at: time(hour: 500_000))
        try second.add(
            [entry("add", [901]), entry("checkOut", [4, 4])],
            at: time(hour: 500_000)
        )
        try second.add([entry("add", [12])], at: time(hour: 500_001))
        let all = try first.entries(since: time(hour: 500_000))
        #expect(all == [entry("add", [3, 12, 900, 901, 70_001]), entry("checkOut", [4, 4])])
        #expect(try first.entries(since: time(hour: 500_001)) == [entry("add", [12])])
    }

    @Test func `hours that are long ago are forgotten`() throws {
        let database = CommandDatabase(path: path)
        try database.add([entry("add", [3])], at: time(hour: 1))
        try database.add([entry("add", [4])], at: time(hour: 721))
        #expect(try database.entries(since: time(hour: 0)).first?.latencies.count == 2)
        try database.add([entry("add", [5])], at: time(hour: 722))
        #expect(try database.entries(since: time(hour: 0)).first?.latencies.count == 2)
    }

    @Test func `a damaged file is begun anew`() throws {
        let file = try RealDisk().create(path, size: 4096)
        try file.write(Array("no database at all".utf8).span.bytes, at: 0)
        let database = CommandDatabase(path: path)
        #expect(try database.entries(since: time(hour: 0)) == [])
        try database.add([entry("add", [3])], at: time(hour: 1))
        #expect(try database.entries(since: time(hour: 0)) == [entry("add", [3])])
    }

    @Test func `nothing that was counted is lost when recording ends`() throws {
        let statistics = CommandStatistics()
        let database = CommandDatabase(path: path)
        let recorder = CommandRecorder(statistics, in: database) { time(hour: 9) }
        let store = InMemoryEventStore { time(hour: 9) }
        let repository = AggregateRepository<Tally>(store: store, statistics: statistics) {
            time(hour: 9)
        }
        for number in UInt64(1)...5 {
            let id = EventID(high: 1, low: number)
            _ = try repository.handle(.count, for: "1", metadata: CommandMetadata(commandID: id))
        }
        recorder.stop()
        let entries = try database.entries(since: time(hour: 9))
        #expect(entries.map(\.command) == ["count"])
        #expect(entries.map(\.latencies.count) == [5])
        #expect(statistics.take() == [])
    }
}

/// An aggregate that counts.
private struct Tally: Aggregate {
    enum Command: Sendable { case count }
    enum Event: DomainEvent {
        case counted
        static let forms = EventForms(prefix: "Tally", cases: "counted")
    }
    enum Rejection: Error {}

    static let category = Category("tally")
    var count = 0

    func decide(_ command: Command) throws(Rejection) -> [Event] { [.counted] }
    mutating func evolve(_ event: Event) { count += 1 }
}
