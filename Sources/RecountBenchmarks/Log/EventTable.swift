import CSQLite
import EventModel
import EventStorage

// Sendable: the connection and its statements are used by the one thread that uses the table.
/// The peer: a table of events in SQLite, through its C interface, as plain as can be.
///
/// One thread at a time uses it; several connections may have one file open.
final class EventTable: StoreUnderTest, @unchecked Sendable {
    private let connection: OpaquePointer
    private let insertion: OpaquePointer
    private var readings: [String: OpaquePointer] = [:]

    /// How safe a transaction is when it ends.
    enum Synchronous: String {
        /// Synced.
        case full = "FULL"
        /// With the operating system.
        case normal = "NORMAL"
    }

    /// Opens a file, and makes the table where it is new; a table that has identities holds every
    /// one at most once, as our store does.
    init(_ path: String, _ synchronous: Synchronous, hasIdentities: Bool = false) throws {
        connection = try RawSQLite.open(path)
        try RawSQLite.run("PRAGMA journal_mode=WAL", on: connection)
        try RawSQLite.run("PRAGMA synchronous=\(synchronous.rawValue)", on: connection)
        try RawSQLite.run(EventTable.definition, on: connection)
        if hasIdentities {
            try RawSQLite.run("CREATE UNIQUE INDEX IF NOT EXISTS id ON event(id)", on: connection)
        }
        insertion = try RawSQLite.prepare(
            """
            INSERT INTO event(stream, sequence, id, type, revision, time, metadata, data)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            on: connection
        )
    }

    deinit {
        sqlite3_finalize(insertion)
        for statement in readings.values { sqlite3_finalize(statement) }
        sqlite3_close(connection)
    }

    private static let definition = """
        CREATE TABLE IF NOT EXISTS event(
            position INTEGER PRIMARY KEY, stream TEXT NOT NULL, sequence INTEGER NOT NULL,
            id BLOB NOT NULL, type TEXT NOT NULL, revision INTEGER NOT NULL,
            time INTEGER NOT NULL, metadata BLOB NOT NULL, data BLOB NOT NULL,
            UNIQUE(stream, sequence))
        """

    /// Adds what makes reading by type and by tag quick.
    func makeIndexes(tagged: some Swift.Sequence<(position: Int, tag: EventTag)>) throws {
        try run("CREATE INDEX type ON event(type)")
        try run("CREATE TABLE tag(tag TEXT, position INTEGER, PRIMARY KEY(tag, position))")
        try run("BEGIN")
        for (position, tag) in tagged {
            try run("INSERT INTO tag VALUES ('\(tag)', \(position))")
        }
        try run("COMMIT")
    }

    func append(_ batch: WorkloadBatch) throws -> UInt64 {
        let entries = batch.request.entries
        if entries.count > 1 { try run("BEGIN IMMEDIATE") }
        var fold: UInt64 = 0
        for (entry, sequence) in zip(entries, batch.sequences) {
            try insert(entry, sequence)
            fold &+= mix(UInt64(sqlite3_last_insert_rowid(connection)))
        }
        if entries.count > 1 { try run("COMMIT") }
        return fold
    }

    private func insert(_ entry: AppendRequest.Entry, _ sequence: Int64) throws {
        let event = entry.event
        var stream = entry.stream.text
        var type = event.type.text
        let status = stream.withUTF8 { stream in
            type.withUTF8 { type in
                withUnsafeBytes(of: event.id.bytes) { id in
                    event.metadata.withUnsafeBytes { metadata in
                        event.payload.withUnsafeBytes { payload in
                            bind(text: UnsafeRawBufferPointer(stream), at: 1)
                            sqlite3_bind_int64(insertion, 2, sequence)
                            bind(blob: id, at: 3)
                            bind(text: UnsafeRawBufferPointer(type), at: 4)
                            sqlite3_bind_int64(insertion, 5, Int64(event.revision))
                            sqlite3_bind_int64(insertion, 6, event.eventTime?.microseconds ?? 0)
                            bind(blob: metadata, at: 7)
                            bind(blob: payload, at: 8)
                            return sqlite3_step(insertion)
                        }
                    }
                }
            }
        }
        sqlite3_reset(insertion)
        try check(status, is: SQLITE_DONE)
    }

    private func bind(text: UnsafeRawBufferPointer, at index: Int32) {
        RawSQLite.bind(text: text, at: index, of: insertion)
    }

    // Nothing is copied: the statement is run before the bytes go away.
    private func bind(blob: UnsafeRawBufferPointer, at index: Int32) {
        sqlite3_bind_blob(insertion, index, blob.baseAddress, Int32(blob.count), nil)
    }

    func retry(_ batch: WorkloadBatch) throws -> UInt64 {
        let statement = try prepared("SELECT position FROM event WHERE id = ?")
        return foldPositions(
            try batch.request.entries.map { entry in
                try withUnsafeBytes(of: entry.event.id.bytes) { bytes in
                    sqlite3_bind_blob(statement, 1, bytes.baseAddress, Int32(bytes.count), nil)
                    defer { sqlite3_reset(statement) }
                    try check(sqlite3_step(statement), is: SQLITE_ROW)
                    return UInt64(sqlite3_column_int64(statement, 0))
                }
            }
        )
    }

    func sync(through last: WorkloadBatch) throws {
        try run("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    func head() throws -> UInt64 {
        let statement = try prepared("SELECT coalesce(max(position), 0) FROM event")
        defer { sqlite3_reset(statement) }
        try check(sqlite3_step(statement), is: SQLITE_ROW)
        return UInt64(sqlite3_column_int64(statement, 0))
    }

    /// A row as it is read; the bytes are there until the next one is.
    struct Row {
        fileprivate var statement: OpaquePointer
        var position: UInt64
        var id: EventID
        var type: UnsafeRawBufferPointer
        var metadata: UnsafeRawBufferPointer
        var payload: UnsafeRawBufferPointer

        /// The stream's name, taken out only where it is asked for.
        var stream: UnsafeRawBufferPointer { EventTable.blob(statement, 1) }
    }

    func read(_ reading: Reading, into fold: inout EventFold) throws {
        try visit(reading) { row in
            fold.add(
                position: row.position,
                id: row.id,
                type: row.type.bytes,
                metadata: row.metadata.bytes,
                payload: row.payload.bytes
            )
        }
    }

    /// Shows rows one after the other.
    func visit(_ reading: Reading, _ body: (Row) throws -> Void) throws {
        let statement = try prepared(
            "SELECT position, stream, sequence, id, type, revision, time, metadata, data FROM event "
                + reading.clause
        )
        defer { sqlite3_reset(statement) }
        reading.bind(to: statement)
        while true {
            let status = sqlite3_step(statement)
            if status == SQLITE_DONE { return }
            try check(status, is: SQLITE_ROW)
            let id = EventTable.blob(statement, 3)
            try body(
                Row(
                    statement: statement,
                    position: UInt64(sqlite3_column_int64(statement, 0)),
                    id: EventID(
                        high: UInt64(bigEndian: id.loadUnaligned(as: UInt64.self)),
                        low: UInt64(bigEndian: id.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                    ),
                    type: EventTable.blob(statement, 4),
                    metadata: EventTable.blob(statement, 7),
                    payload: EventTable.blob(statement, 8)
                )
            )
        }
    }

    fileprivate static func blob(_ statement: OpaquePointer, _ column: Int32)
        -> UnsafeRawBufferPointer
    {
        let start = sqlite3_column_blob(statement, column)
        return UnsafeRawBufferPointer(
            start: start,
            count: Int(sqlite3_column_bytes(statement, column))
        )
    }

    /// A statement, prepared when it is first asked for.
    private func prepared(_ text: String) throws -> OpaquePointer {
        if let statement = readings[text] { return statement }
        let statement = try RawSQLite.prepare(text, on: connection)
        readings[text] = statement
        return statement
    }

    private func run(_ text: String) throws {
        try RawSQLite.run(text, on: connection)
    }

    private func check(_ status: Int32, is expected: Int32) throws {
        try RawSQLite.check(status, is: expected, on: connection)
    }
}

extension EventID {
    /// The identity with its first byte first, so that an index keeps the order of time.
    fileprivate var bytes: (UInt64, UInt64) { (high.bigEndian, low.bigEndian) }
}

extension Reading {
    /// What chooses and orders the rows.
    fileprivate var clause: String {
        switch self {
        case .all: "ORDER BY position"
        case .backwards: "ORDER BY position DESC"
        case .stream: "WHERE stream = ? AND sequence < ? ORDER BY sequence"
        case .type: "WHERE type = ? ORDER BY position"
        case .tag: "NATURAL JOIN tag WHERE tag = ? ORDER BY position"
        }
    }

    fileprivate func bind(to statement: OpaquePointer) {
        switch self {
        case .all, .backwards: break
        case .stream(let name, let count):
            sqlite3_bind_text(statement, 1, name.text, -1, recount_sqlite_transient())
            sqlite3_bind_int64(statement, 2, Int64(count))
        case .type(let type):
            sqlite3_bind_text(statement, 1, type.text, -1, recount_sqlite_transient())
        case .tag(let tag):
            sqlite3_bind_text(statement, 1, tag.description, -1, recount_sqlite_transient())
        }
    }
}
