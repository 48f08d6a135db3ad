import Billing
import Disk
import EventLog
import EventModel
import EventStorage
import JSON
import Operations
import ProgramFixture
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

/// A store in a directory of its own, used through the built executable.
struct StoryStore {
    let directory = TemporaryDirectory()
    var path: String { directory.path + "/story.store" }
    var places: StoreDirectory { StoreDirectory(path) }

    /// Makes an empty store with a `recount.yaml`.
    init(model: String) throws {
        // Small log files, so that making a store takes no time and a story meets several.
        _ = try EventLog.create(
            StoreDirectory(path),
            id: EventID(high: 0x7E57, low: 1),
            options: LogOptions(testing: 2 << 20)
        )
        try write(model: model)
    }

    /// A store that bills subscriptions, with a made-up history.
    static func billing(_ eventCount: Int) throws -> StoryStore {
        let store = try StoryStore(model: BillingModel.yaml)
        let end = Timestamp(microseconds: 1_795_146_420_000_000)
        var load = BillingLoad(eventCount: eventCount, through: end)
        let log = try store.open()
        while case let request = load.next(1000), !request.entries.isEmpty {
            _ = try log.append(request)
        }
        return store
    }

    /// The store of a shop whose model is one of the examples.
    static func shop() throws -> StoryStore {
        let parts = #filePath.split(separator: "/").dropLast(2)
        let model = "/" + parts.joined(separator: "/") + "/DomainModelTests/Models/"
        let file = try RealDisk().open(model + "online-retail.yaml", writable: false)
        let text = String(decoding: try file.read(0..<file.size()), as: UTF8.self)
        return try StoryStore(model: text)
    }

    /// Puts another `recount.yaml` in place of the one there is.
    func write(model: String) throws {
        try StoryStore.write(model, to: places.model)
    }

    static func write(_ text: String, to path: String) throws {
        let file = try RealDisk().create(path + ".new", size: 0)
        try file.write(Array(text.utf8).span.bytes, at: 0)
        try RealDisk().rename(path + ".new", to: path)
    }

    func open() throws -> EventLog { try EventLog.open(places) }

    /// Runs a verb on the store.
    func run(_ verb: String, _ rest: String...) throws -> Execution {
        try Program([verb, path] + rest).end()
    }

    /// Starts a verb on the store.
    func start(_ verb: String, _ rest: String...) throws -> Program {
        try Program([verb, path] + rest)
    }

    /// Appends an event through the executable.
    func append(_ stream: String, _ type: String, _ data: String = "{}") throws {
        let execution = try run("append", stream, type, "--data", data)
        #expect(execution.status == 0, "\(execution.messages)")
    }

    /// How the groups stand, by name, as `processors --json` tells.
    func processors() throws -> [String: JSONValue] {
        let rows = try run("processors", "--json").objects()
        return Dictionary(uniqueKeysWithValues: rows.map { ($0["group"]?.string ?? "", $0) })
    }

    /// Waits until a group stands as wanted.
    func waits(
        for group: String,
        until condition: (JSONValue) -> Bool
    ) throws -> Bool {
        try wait { try processors()[group].map(condition) ?? false }
    }

    /// Waits until every group is at the head.
    func waitsUntilDecided() throws -> Bool {
        try wait { try processors().values.allSatisfy { $0["lagEvents"] == 0 } }
    }

    /// Lets every group handle every event, in a process of its own.
    func catchUp() throws {
        let execution = try run("run", "--until-caught-up")
        #expect(execution.status == 0, "\(execution.messages)")
    }

    /// Deletes everything that groups keep; it comes back when they run.
    func deleteGroups() throws {
        try RealDisk().removeTree(places.groups)
        try RealDisk().createDirectory(places.groups)
    }

    /// The text of the store's `recount.yaml`.
    func readModel() throws -> String {
        let file = try RealDisk().open(places.model, writable: false)
        return String(decoding: try file.read(0..<file.size()), as: UTF8.self)
    }

    /// Changes a text in the saved states of a stream, as if the rules had given it.
    func changeSnapshots(of stream: String, _ text: String, to changed: String) throws {
        let database = SnapshotDatabase(path: places.snapshots)
        for listing in try database.list(of: StreamName(stream)) {
            let request = SnapshotRequest(
                of: StreamName(stream),
                fingerprint: listing.fingerprint,
                throughSequence: listing.sequence
            )
            var snapshot = try #require(try database.newest(request))
            let state = String(decoding: snapshot.state, as: UTF8.self)
            snapshot.state = Array(state.replacing(text, with: changed).utf8)
            try database.save(snapshot)
        }
    }

    /// Changes a digit in every saved state.
    func spoilSnapshots() throws {
        let database = try SQLiteConnection(path: places.snapshots, mode: .readWriteCreate)
        try database.execute(
            "UPDATE snapshots SET state = CAST(replace(state, '1500', '1501') AS BLOB)"
        )
    }

    /// The rows and the progress of a group.
    func contents(of group: String) throws -> GroupContents {
        try GroupContents(GroupFiles(group: group, directory: places.groups).database)
    }

    /// The contents of all groups, by name.
    func contents() throws -> [String: GroupContents] {
        let groups = try StoredToken.all(in: places.groups).map(\.group)
        return try Dictionary(uniqueKeysWithValues: groups.map { ($0, try contents(of: $0)) })
    }

    /// The bytes of a group's database, with those not yet moved from its write-ahead log.
    func bytes(of group: String) throws -> [[UInt8]] {
        let path = GroupFiles(group: group, directory: places.groups).database
        return try [path, path + "-wal"].map { path in
            guard RealDisk().exists(path) else { return [] }
            let file = try RealDisk().open(path, writable: false)
            return try file.read(0..<file.size())
        }
    }
}

/// What a group keeps: the rows of its tables, and how far it has come.
struct GroupContents: Equatable {
    /// The rows of each table, in the order of all their columns.
    var rows: [String: [[SQLiteValue]]] = [:]
    /// How far each segment has come.
    var segments: [Segment] = []

    /// How far a segment has come.
    struct Segment: Equatable {
        /// The last position decided.
        var position: Int64
        /// How many events were handled, filtered, dead-lettered and skipped.
        var accounting: [Int64]
        /// How many positions are in the accounting of other segments.
        var elsewhereCount: Int64
        /// The position after which the accounting counts.
        var accountedFrom: Int64
        /// Whether a replay is under way.
        var isReplaying: Bool

        /// How many positions are accounted for, here or elsewhere.
        var isAccountedFor: Bool {
            accountedFrom + elsewhereCount + accounting.reduce(0, +) == position
        }
    }

    init(_ path: String) throws {
        let database = try SQLiteConnection(path: path, mode: .readOnly)
        try database.execute("BEGIN")
        let names = try database.prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'recount\\_%' "
                + "ESCAPE '\\' ORDER BY name"
        )
        var tables: [String] = []
        while try names.step() { tables.append(names.string(at: 0) ?? "") }
        for table in tables {
            let statement = try database.prepare("SELECT * FROM \"\(table)\"")
            let columns = statement.columnNames.indices
            let order = columns.map { String($0 + 1) }.joined(separator: ", ")
            let sorted = try database.prepare("SELECT * FROM \"\(table)\" ORDER BY \(order)")
            var rows: [[SQLiteValue]] = []
            while try sorted.step() { rows.append(columns.map(sorted.value)) }
            self.rows[table] = rows
        }
        let progress = try database.prepare(
            "SELECT position, handled, filtered, dead_lettered, skipped, accounted_from, "
                + "operation IS NOT NULL, elsewhere FROM recount_progress ORDER BY segment"
        )
        while try progress.step() {
            segments.append(
                Segment(
                    position: progress.integer(at: 0),
                    accounting: (1...4).map(progress.integer),
                    elsewhereCount: progress.integer(at: 7),
                    accountedFrom: progress.integer(at: 5),
                    isReplaying: progress.integer(at: 6) != 0
                )
            )
        }
    }

    /// The last position that all segments have decided.
    var position: Int64 { segments.map(\.position).min() ?? 0 }

    /// Whether a replay is under way.
    var isReplaying: Bool { segments.contains(where: \.isReplaying) }

    /// Whether every position since the tables were empty was handled, filtered or put aside, in
    /// exactly one segment.
    var isAccountedFor: Bool {
        guard segments.allSatisfy(\.isAccountedFor) else { return false }
        let isLevel = segments.allSatisfy { $0.position == position }
        let count = segments.flatMap(\.accounting).reduce(0, +)
        return !isLevel || segments.isEmpty || segments[0].accountedFrom + count == position
    }
}

extension JSONValue {
    /// The names of an object's members, in their order.
    var keys: [String] { object?.members.map(\.key) ?? [] }

    /// A member that is a whole number; -1 where it is none.
    func number(_ key: String) -> Int64 { self[key]?.integer ?? -1 }
}
