public import Aggregates
public import Disk
public import EventModel
public import EventStorage
import SQLiteDatabase

/// How long commands took, by the hour, in one SQLite file for several processes.
///
/// The file is no part of the facts: one that is damaged is removed and begun anew, and hours that
/// are older than thirty days are forgotten.
public final class CommandDatabase: Sendable {
    private let file: DerivedDatabase<CommandConnection>

    /// Names the file, which is made when the first commands are added.
    ///
    /// - Parameters:
    ///   - path: the file; its directory must exist.
    ///   - disk: the file system it is on, for removing it where it is damaged.
    public init(path: String, disk: any Disk = RealDisk()) {
        file = DerivedDatabase(path: path, disk: disk) { try CommandConnection(path: $0) }
    }

    /// Adds what was counted, to what other processes counted in the same hour.
    ///
    /// - Throws: ``StorageError`` where the file cannot be written.
    public func add(
        _ entries: [CommandStatistics.Entry],
        at time: Timestamp
    ) throws(StorageError) {
        guard !entries.isEmpty else { return }
        do {
            try file.withConnection(creating: true) { try $0.add(entries, at: time) }
        } catch {
            throw CommandDatabase.failure(error, file.path)
        }
    }

    /// What was counted from the hour of a time on, by category, then command.
    ///
    /// - Throws: ``StorageError`` where the file cannot be read.
    public func entries(since time: Timestamp) throws(StorageError) -> [CommandStatistics.Entry] {
        do {
            return try file.withConnection { try $0.entries(since: time) } ?? []
        } catch {
            throw CommandDatabase.failure(error, file.path)
        }
    }

    private static func failure(_ error: any Error, _ path: String) -> StorageError {
        StorageError(
            .inputOutput,
            "what commands took cannot be kept or shown; commands are carried out all the same",
            location: path,
            cause: String(describing: error)
        )
    }
}

/// The open file of command latencies, for one thread at a time.
final class CommandConnection {
    private let database: SQLiteConnection
    private let insertion: SQLiteStatement
    private let deletion: SQLiteStatement
    private let selection: SQLiteStatement

    private static let microsecondsPerHour: Int64 = 3_600_000_000
    private static let keptHours: Int64 = 30 * 24

    init(path: String) throws(SQLiteError) {
        database = try SQLiteConnection(path: path, mode: .readWriteCreate)
        try database.execute(
            """
            CREATE TABLE IF NOT EXISTS latencies (
                hour INTEGER, category TEXT, command TEXT, class INTEGER,
                count INTEGER NOT NULL, maximumMicroseconds INTEGER NOT NULL,
                PRIMARY KEY (hour, category, command, class)
            ) STRICT, WITHOUT ROWID
            """
        )
        insertion = try database.prepare(
            """
            INSERT INTO latencies VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET count = count + excluded.count,
                maximumMicroseconds = max(maximumMicroseconds, excluded.maximumMicroseconds)
            """
        )
        deletion = try database.prepare("DELETE FROM latencies WHERE hour < ?")
        selection = try database.prepare(
            """
            SELECT category, command, class, sum(count), max(maximumMicroseconds) FROM latencies
            WHERE hour >= ? GROUP BY category, command, class ORDER BY category, command, class
            """
        )
    }

    func add(_ entries: [CommandStatistics.Entry], at time: Timestamp) throws {
        let hour = CommandConnection.hour(of: time)
        try database.transaction {
            for entry in entries {
                for times in entry.latencies.classes {
                    try insertion.run(
                        .integer(hour),
                        .text(entry.category.text),
                        .text(entry.command),
                        .integer(Int64(times.number)),
                        .integer(Int64(clamping: times.count)),
                        .integer(times.maximumMicroseconds)
                    )
                }
            }
            try deletion.run(.integer(hour - CommandConnection.keptHours))
        }
    }

    func entries(since time: Timestamp) throws(SQLiteError) -> [CommandStatistics.Entry] {
        try selection.bind(integer: CommandConnection.hour(of: time), at: 1)
        defer { selection.reset() }
        var entries: [CommandStatistics.Entry] = []
        while try selection.step() {
            let category = Category(selection.string(at: 0) ?? "")
            let command = selection.string(at: 1) ?? ""
            if entries.last?.category != category || entries.last?.command != command {
                entries.append(
                    CommandStatistics.Entry(
                        category: category,
                        command: command,
                        latencies: LatencyHistogram()
                    )
                )
            }
            entries[entries.count - 1].latencies.add(
                LatencyHistogram.Class(
                    number: Int(selection.integer(at: 2)),
                    count: UInt64(clamping: selection.integer(at: 3)),
                    maximumMicroseconds: selection.integer(at: 4)
                )
            )
        }
        return entries
    }

    private static func hour(of time: Timestamp) -> Int64 {
        time.microseconds / microsecondsPerHour
    }
}
