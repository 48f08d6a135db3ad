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
    private let selectStreams: SQLiteStatement

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
        selectStreams = try database.prepare(SnapshotSQL.selectStreams)
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

    func remove(_ listings: [SnapshotListing], of stream: StreamName) throws {
        try database.transaction {
            for listing in listings {
                let values: [SQLiteValue] = [
                    .text(stream.text), .integer(Int64(clamping: listing.sequence.number)),
                    .text(listing.fingerprint),
                ]
                try bind(values, to: delete)
                try delete.run()
            }
        }
    }

    func totals(
        of category: Category,
        fingerprint: String
    ) throws(SQLiteError) -> SnapshotTotals {
        try bind([.text(fingerprint), .text(category.text)], to: selectTotals)
        defer { selectTotals.reset() }
        guard try selectTotals.step() else { return SnapshotTotals() }
        return SnapshotTotals(
            snapshotCount: Int(selectTotals.integer(at: 0)),
            ignoredCount: Int(selectTotals.integer(at: 1)),
            size: Int(selectTotals.integer(at: 2))
        )
    }

    func streams(_ request: SnapshotStreamsRequest) throws(SQLiteError) -> [StreamSnapshots] {
        let values: [SQLiteValue] = [
            .text(request.fingerprint), .text(request.category.text), .text(request.from),
            request.through.map { .text($0.text) } ?? .null, .integer(Int64(request.limit)),
        ]
        try bind(values, to: selectStreams)
        defer { selectStreams.reset() }
        var streams: [StreamSnapshots] = []
        while try selectStreams.step() {
            let usable = selectStreams.integer(at: 2)
            streams.append(
                StreamSnapshots(
                    stream: StreamName(selectStreams.string(at: 0) ?? ""),
                    newest: Sequence(UInt64(clamping: selectStreams.integer(at: 1))),
                    newestUsable: UInt64(exactly: usable).map { Sequence($0) }
                )
            )
        }
        return streams
    }

    private func bind(
        _ values: [SQLiteValue],
        to statement: SQLiteStatement
    ) throws(SQLiteError) {
        for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
    }
}

/// The statements about snapshots.
enum SnapshotSQL {
    static let formatVersion: Int64 = 2

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
            ON snapshots (category, stream, sequence, fingerprint, size);
        PRAGMA user_version = 2;
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

    static let delete = """
        DELETE FROM snapshots WHERE stream = ? AND sequence = ? AND fingerprint = ?
        """

    static let selectTotals = """
        SELECT count(*), coalesce(sum(fingerprint <> ?), 0), coalesce(sum(size), 0)
        FROM snapshots WHERE category = ?
        """

    /// Every text comes before a blob, so that the search has an end also where none is given.
    static let selectStreams = """
        SELECT stream, max(sequence),
            max(CASE WHEN fingerprint = ?1 THEN sequence ELSE -1 END)
        FROM snapshots
        WHERE category = ?2 AND stream >= ?3 AND stream <= coalesce(?4, x'')
        GROUP BY stream ORDER BY stream LIMIT ?5
        """
}
