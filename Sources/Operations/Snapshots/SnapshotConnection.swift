import EventModel
import EventStorage
import SQLiteDatabase

/// The open file of snapshots, for one thread at a time.
final class SnapshotConnection {
    private let database: SQLiteConnection
    private let insert: SQLiteStatement
    private let select: SQLiteStatement
    private let selectList: SQLiteStatement
    private let delete: SQLiteStatement
    private let selectTotals: SQLiteStatement
    private let selectNewest: SQLiteStatement

    /// Opens the file, makes it where there is none, and its table where it has another form.
    init(path: String) throws {
        let database = try SQLiteConnection(path: path, mode: .readWriteCreate)
        if try !SnapshotConnection.hasKnownForm(database) {
            try database.transaction {
                // Another process may have made the table, and filled it, in the meantime.
                if try !SnapshotConnection.hasKnownForm(database) {
                    try database.execute(SnapshotSQL.create)
                }
            }
        }
        self.database = database
        insert = try database.prepare(SnapshotSQL.insert)
        select = try database.prepare(SnapshotSQL.select)
        selectList = try database.prepare(SnapshotSQL.selectList)
        delete = try database.prepare(SnapshotSQL.delete)
        selectTotals = try database.prepare(SnapshotSQL.selectTotals)
        selectNewest = try database.prepare(SnapshotSQL.selectNewest)
    }

    private static func hasKnownForm(_ database: SQLiteConnection) throws(SQLiteError) -> Bool {
        let version = try database.prepare("PRAGMA user_version")
        defer { version.reset() }
        return try version.step() && version.integer(at: 0) == SnapshotSQL.formatVersion
    }

    func save(_ snapshot: Snapshot) throws(SQLiteError) {
        let values: [SQLiteValue] = [
            .text(snapshot.stream.text), .text(snapshot.stream.category.text),
            .integer(Int64(clamping: snapshot.sequence.number)), .text(snapshot.fingerprint),
            .integer(Int64(clamping: snapshot.position.number)),
            .text(snapshot.eventID.description),
            .integer(snapshot.latestTime.microseconds), .integer(snapshot.takenTime.microseconds),
            .integer(snapshot.checksum), .integer(Int64(snapshot.state.count)),
            .blob(snapshot.state),
        ]
        try bind(values, to: insert)
        try insert.run()
    }

    func newest(_ request: SnapshotRequest) throws(SQLiteError) -> Snapshot? {
        let values: [SQLiteValue] = [
            .text(request.stream.text), .text(request.fingerprint),
            .integer(request.throughSequence.map { Int64(clamping: $0.number) } ?? .max),
            .integer(request.throughPosition.map { Int64(clamping: $0.number) } ?? .max),
            .integer(request.throughTime?.microseconds ?? .max),
        ]
        try bind(values, to: select)
        defer { select.reset() }
        while try select.step() {
            guard let id = select.string(at: 2).flatMap(EventID.init) else { continue }
            let snapshot = Snapshot(
                stream: request.stream,
                sequence: Sequence(UInt64(clamping: select.integer(at: 0))),
                position: Position(UInt64(clamping: select.integer(at: 1))),
                eventID: id,
                latestTime: Timestamp(microseconds: select.integer(at: 3)),
                fingerprint: request.fingerprint,
                takenTime: Timestamp(microseconds: select.integer(at: 4)),
                state: select.blob(at: 6) ?? []
            )
            if snapshot.checksum == select.integer(at: 5) { return snapshot }
        }
        return nil
    }

    func list(of stream: StreamName) throws(SQLiteError) -> [SnapshotListing] {
        try bind([.text(stream.text)], to: selectList)
        var listings: [SnapshotListing] = []
        while try selectList.step() {
            listings.append(
                SnapshotListing(
                    sequence: Sequence(UInt64(clamping: selectList.integer(at: 0))),
                    fingerprint: selectList.string(at: 1) ?? "",
                    takenTime: Timestamp(microseconds: selectList.integer(at: 2)),
                    size: Int(selectList.integer(at: 3))
                )
            )
        }
        return listings
    }

    func remove(of stream: StreamName, at sequence: Sequence) throws(SQLiteError) {
        try bind(
            [.text(stream.text), .integer(Int64(clamping: sequence.number))],
            to: delete
        )
        try delete.run()
    }

    func statistics(
        of category: Category,
        fingerprint: String
    ) throws(SQLiteError) -> SnapshotStatistics {
        var statistics = SnapshotStatistics()
        try bind([.text(category.text)], to: selectTotals)
        if try selectTotals.step() {
            statistics.snapshotCount = Int(selectTotals.integer(at: 0))
            statistics.size = Int(selectTotals.integer(at: 1))
        }
        selectTotals.reset()
        try bind([.text(category.text), .text(fingerprint)], to: selectNewest)
        while try selectNewest.step() {
            let stream = StreamName(selectNewest.string(at: 0) ?? "")
            let sequence = Sequence(UInt64(clamping: selectNewest.integer(at: 1)))
            statistics.newest[stream] = sequence
        }
        return statistics
    }

    private func bind(
        _ values: [SQLiteValue],
        to statement: SQLiteStatement
    ) throws(SQLiteError) {
        for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
    }
}

/// The statements about snapshots.
private enum SnapshotSQL {
    static let formatVersion: Int64 = 1

    static let create = """
        DROP TABLE IF EXISTS snapshots;
        CREATE TABLE snapshots (
            stream TEXT NOT NULL,
            category TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            fingerprint TEXT NOT NULL,
            position INTEGER NOT NULL,
            event_id TEXT NOT NULL,
            latest_time INTEGER NOT NULL,
            taken_time INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            size INTEGER NOT NULL,
            state BLOB NOT NULL,
            PRIMARY KEY (stream, sequence, fingerprint)
        ) STRICT;
        CREATE INDEX snapshots_by_category
            ON snapshots (category, fingerprint, stream, sequence, size);
        PRAGMA user_version = 1;
        """

    static let insert = """
        INSERT OR REPLACE INTO snapshots (stream, category, sequence, fingerprint, position,
            event_id, latest_time, taken_time, checksum, size, state)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let select = """
        SELECT sequence, position, event_id, latest_time, taken_time, checksum, state
        FROM snapshots
        WHERE stream = ? AND fingerprint = ? AND sequence <= ? AND position <= ?
            AND latest_time <= ?
        ORDER BY sequence DESC
        """

    static let selectList = """
        SELECT sequence, fingerprint, taken_time, size FROM snapshots WHERE stream = ?
        ORDER BY sequence DESC
        """

    static let delete = "DELETE FROM snapshots WHERE stream = ? AND sequence = ?"

    static let selectTotals = """
        SELECT count(*), coalesce(sum(size), 0) FROM snapshots WHERE category = ?
        """

    static let selectNewest = """
        SELECT stream, max(sequence) FROM snapshots WHERE category = ? AND fingerprint = ?
        GROUP BY stream
        """
}
