import CZlib
import Disk
import DomainModel
import EventModel
import EventStorage
import Glibc
import JSON
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

/// Events of the real world, and what was found out about them without an event store.
///
/// Looked for in the directory that `RECOUNT_TEST_DATA` names, or in `../shared/data` beside the
/// package; tests are skipped where it is missing.
struct RealData {
    let truth: JSONValue
    let store: InMemoryEventStore

    static let directory: String = {
        if let named = getenv("RECOUNT_TEST_DATA") { return String(cString: named) }
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(package)/../shared/data"
    }()

    static let isThere = access(directory + "/README.md", R_OK) == 0

    /// Reads events and truth of a data set.
    init(_ name: String) throws {
        truth = try JSONValue(
            parsing: RealData.bytes(of: "\(RealData.directory)/\(name).truth.json")
        )
        store = InMemoryEventStore(now: TestClock().now)
        var batch: [AppendRequest.Entry] = []
        let lines = try RealData.bytes(of: "\(RealData.directory)/\(name).ndjson.gz")
        var parser = JSONParser()
        var start = 0
        while let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let view = try parser.parse(lines.span.extracting(start..<end))
            let entry = RealData.entry(view, number: UInt64(start))
            batch.append(try #require(entry))
            start = end + 1
            if batch.count == 100 || start == lines.count {
                _ = try store.append(AppendRequest(entries: batch))
                batch = []
            }
        }
    }

    private static func entry(_ event: borrowing JSONView, number: UInt64) -> AppendRequest.Entry? {
        guard let stream = event.member("subject")?.string, let type = event.member("type")?.string,
            let time = event.member("time")?.string.flatMap({ Timestamp($0) }),
            let data = event.member("data")
        else { return nil }
        let pending = PendingEvent(
            id: EventID(high: 0xDA7A, low: number),
            type: EventType(type),
            eventTime: time,
            payload: data.rawBytes.withUnsafeBufferPointer { Array($0) }
        )
        return AppendRequest.Entry(stream: StreamName(stream), event: pending)
    }

    /// The bytes of a file, compressed or not.
    static func bytes(of path: String) throws -> [UInt8] {
        let file = try #require(gzopen(path, "rb"))
        defer { gzclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = gzread(file, &buffer, UInt32(buffer.count))
            try #require(count >= 0)
            if count == 0 { return bytes }
            bytes += buffer.prefix(Int(count))
        }
    }

    /// The example model with a name.
    static func model(_ name: String) throws -> DomainModel {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(folder)/Models/\(name).yaml"
        return try DomainModel(parsing: bytes(of: path), file: path)
    }
}

/// The read models of a data set, filled by the processing groups of a model.
final class RealReadModels {
    private let directory = TemporaryDirectory()
    private let store: InMemoryEventStore
    private let groups: [ReadModelGroup]
    private let clock = TestClock()

    init(_ data: RealData, _ model: DomainModel) throws {
        store = data.store
        groups = model.projections.map { [directory] projection in
            ReadModelGroup(name: projection.name, directory: directory.path) { [projection] }
        }
        try run {}
    }

    /// Runs the groups while something is done, and until they have caught up.
    private func run(_ body: () throws -> Void) throws {
        let host = ProcessorHost(groups, store: store, process: 1, now: clock.now)
        defer { host.stop() }
        try body()
        // What another process had is taken over a moment after it has stopped.
        let deadline = ContinuousClock.now + .seconds(60)
        while try !host.waitUntilDecided(store.head()).isEmpty {
            try #require(ContinuousClock.now < deadline, "\(host.statuses)")
            _ = store.wait(after: Position(.max), timeoutMilliseconds: 20)
        }
    }

    /// Has two processes run the groups while operators ask for one thing after the other.
    func operate(_ count: Int, seed: UInt64) throws {
        var random = RandomSequence(seed: seed)
        try run {
            let second = ProcessorHost(groups, store: store, process: 2, now: clock.now)
            defer { second.stop() }
            for number in 1...UInt64(count) {
                let group = groups[Int.random(in: 0..<groups.count, using: &random)].name
                let id = EventID(high: seed + 0x0FE7, low: number)
                let acts: [Operation.Act] = [
                    .replay(group: group, after: .start, rateLimit: nil),
                    .replay(group: group, after: .start, rateLimit: nil, isShadow: true),
                    .split(group: group, segment: nil), .split(group: group, segment: nil),
                    .merge(group: group, segment: nil), .letGo(group: group),
                ]
                let act = acts[Int.random(in: 0..<acts.count, using: &random)]
                try ask(act, id)
                if case .replay = act, Bool.random(using: &random) {
                    try ask(.undo(group: group, operation: id), EventID(high: 0, low: number))
                }
            }
            try waitForOutcomes()
        }
    }

    private func ask(_ act: Operation.Act, _ id: EventID) throws {
        let operation = Operation(
            id: id,
            act: act,
            operatorName: "ana",
            host: "here",
            reason: "because"
        )
        _ = try store.append(AppendRequest(ofSystem: [operation.event], to: Operation.stream))
    }

    /// Waits until every operation has come to its end.
    private func waitForOutcomes() throws {
        while true {
            let events = try store.events(EventSelection(.stream(Operation.stream)))
            let outcomes = events.compactMap(OperationOutcome.init).filter { $0.result != .started }
            let unanswered = Set(events.compactMap(Operation.init).map(\.id))
                .subtracting(outcomes.map(\.operation))
            if unanswered.isEmpty { return }
            _ = store.wait(after: Position(.max), timeoutMilliseconds: 20)
        }
    }

    /// The rows of a query on the tables of a group.
    func rows(_ group: String, _ query: String) throws -> [[SQLiteValue]] {
        let files = GroupFiles(group: group, directory: directory.path)
        let database = try SQLiteConnection(path: files.database, mode: .readOnly)
        let statement = try database.prepare(query)
        var rows: [[SQLiteValue]] = []
        while try statement.step() {
            rows.append((0..<statement.columnCount).map { statement.value(at: $0) })
        }
        return rows
    }

    /// The rows of a query for a name and a number, as the truth tells them.
    func counts(_ group: String, _ query: String) throws -> JSONValue {
        var object = JSONObject()
        for row in try rows(group, query) {
            guard case .text(let name) = row[0], case .integer(let count) = row[1] else { continue }
            object[name] = .number(JSONNumber(count))
        }
        return .object(object)
    }

    /// The names a question was answered with, in the order of their bytes.
    func findings(_ question: String) throws -> [String] {
        let query = "SELECT name FROM findings WHERE question = '\(question)' ORDER BY name"
        return try rows("findings", query).compactMap { row in
            if case .text(let name) = row[0] { name } else { nil }
        }
    }
}

extension JSONValue {
    /// The strings of an array, in the order of their bytes.
    var sortedStrings: [String] {
        (array ?? []).compactMap(\.string).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
