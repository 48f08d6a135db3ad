import EventLog
import EventModel
import EventStorage

/// The same events in our store and in tables, as the rows of the log find them.
struct LogFixture {
    /// What they hold.
    let workload: Workload
    /// Where our store lies.
    let store: StoreDirectory
    /// The plain table's file.
    let table: String
    /// The file of the table that holds every identity at most once.
    let identityTable: String

    /// Names the places; nothing is made yet.
    init(_ workload: Workload, named name: String, in run: BenchmarkRun) {
        self.workload = workload
        store = StoreDirectory("\(run.directory.path)/\(name).store")
        table = "\(run.directory.path)/\(name).sqlite"
        identityTable = "\(run.directory.path)/\(name)-identities.sqlite"
    }

    /// Makes indexes by type and tag in the plain table.
    func indexTable() throws {
        let tagged = stride(from: 499, to: workload.eventCount, by: 1000)
        try EventTable(table, .normal)
            .makeIndexes(tagged: tagged.lazy.map { ($0 + 1, WorkloadEvent.tag) })
    }

    /// Both sides of the comparisons, each with how it is opened, for durable appends.
    var engines: [(name: String, open: () throws -> any StoreUnderTest)] {
        [
            ("recount", { try LogStore(store, durability: .synced) }),
            ("SQLite table", { try EventTable(table, .full) }),
        ]
    }

    /// This program as a process that does something to the store or the plain table.
    func child(_ role: LogChild.Role, _ engine: LogChild.Engine) -> LogChild {
        LogChild(
            role: role,
            engine: engine,
            path: engine == .log ? store.path : table,
            workload: workload
        )
    }
}
