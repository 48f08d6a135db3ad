import Disk
import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

/// Writes down every event in the order in which it was handled; some make it fail.
struct JournalProjection: Projection {
    let name = "journal"
    let tables = [
        """
        CREATE TABLE journal (
            number INTEGER PRIMARY KEY, stream TEXT, sequence INTEGER, isReplay INTEGER,
            UNIQUE (stream, sequence)
        )
        """,
        "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
        "CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
    ]
    let eventTypes: [EventType]? = nil
    let isIdempotent = false
    /// The positions whose handling fails.
    var poison: Set<UInt64> = []
    /// The positions that break a rule which is only looked at when everything is stored.
    var latePoison: Set<UInt64> = []
    /// Which events wait for each other.
    var sequencing = SequencingPolicy.perStream
    /// Whether its handler can be made.
    var isUsable = true

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        if !isUsable { _ = try database.prepare("INSERT INTO nowhere VALUES (1)") }
        return Handler(
            projection: self,
            insert: try database.prepare(
                "INSERT INTO journal (stream, sequence, isReplay) VALUES (?, ?, ?)"
            ),
            insertChild: try database.prepare("INSERT INTO child VALUES (1)")
        )
    }

    private final class Handler: ProjectionHandler {
        let projection: JournalProjection
        let insert: SQLiteStatement
        let insertChild: SQLiteStatement

        init(projection: JournalProjection, insert: SQLiteStatement, insertChild: SQLiteStatement) {
            self.projection = projection
            self.insert = insert
            self.insertChild = insertChild
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            if projection.poison.contains(event.position.number) { throw JournalPoison() }
            if projection.latePoison.contains(event.position.number) { try insertChild.run() }
            try insert.bind(text: event.streamName.text, at: 1)
            try insert.bind(.integer(Int64(event.sequence.number)), at: 2)
            try insert.bind(.integer(isReplay ? 1 : 0), at: 3)
            try insert.run()
            return true
        }
    }
}

private struct JournalPoison: Error, CustomStringConvertible {
    let description = "poison"
}

extension GroupFixture<JournalProjection> {
    /// Appends events to streams chosen at random; the streams in the order of their events.
    func append(
        _ count: Int,
        to streamCount: Int,
        using random: inout RandomSequence
    ) throws -> [String] {
        var streams: [String] = []
        let first = store.head().number
        for number in 0..<count {
            let stream = "cart-\(Int.random(in: 0..<streamCount, using: &random))"
            streams.append(stream)
            let request = TestEvents.request(1, to: stream, from: first + UInt64(number))
            _ = try store.append(request)
        }
        return streams
    }

    /// The sequences of each stream in the order in which they were handled.
    func journal() throws -> [String: [Int64]] {
        let database = try #require(try GroupObserver(files: group("journal").files).openDatabase())
        let rows = try database.prepare("SELECT stream, sequence FROM journal ORDER BY number")
        var journal: [String: [Int64]] = [:]
        while try rows.step() {
            journal[rows.string(at: 0) ?? "", default: []].append(rows.integer(at: 1))
        }
        return journal
    }

    func letters() throws -> [GroupObserver.LetterSequence] {
        try GroupObserver(files: group("journal").files).letters(limit: .max)
    }

    func accounting() throws -> Accounting {
        let progress = try #require(try observe("journal").progress)
        #expect(progress.isAccountedFor)
        return progress.accounting
    }
}
