import CSQLite
import Recount

/// The peer: the same statements in a loop over the plain table of events, through SQLite's C
/// interface, with the last position in each transaction.
final class ReadModelLoop {
    private let connection: OpaquePointer
    private let updateSubscription: OpaquePointer
    private let addRevenue: OpaquePointer
    private let savePosition: OpaquePointer
    private let paymentType = Array(WorkloadEvent.commonType.text.utf8)
    private var parser = JSONParser()

    /// Makes the tables in a new file, which is as safe as ours.
    init(_ path: String) throws {
        connection = try RawSQLite.open(path)
        try RawSQLite.run("PRAGMA journal_mode=WAL", on: connection)
        try RawSQLite.run("PRAGMA synchronous=NORMAL", on: connection)
        for table in BilledReadModel.tables { try RawSQLite.run(table, on: connection) }
        try RawSQLite.run("CREATE TABLE progress(position INTEGER NOT NULL)", on: connection)
        try RawSQLite.run("INSERT INTO progress VALUES (0)", on: connection)
        updateSubscription = try RawSQLite.prepare(
            BilledReadModel.updateSubscription,
            on: connection
        )
        addRevenue = try RawSQLite.prepare(BilledReadModel.addRevenue, on: connection)
        savePosition = try RawSQLite.prepare("UPDATE progress SET position = ?", on: connection)
    }

    deinit {
        for statement in [updateSubscription, addRevenue, savePosition] {
            sqlite3_finalize(statement)
        }
        sqlite3_close(connection)
    }

    /// About as many as a group takes in that changes a row for each.
    private static let batchSize = 2000

    /// Goes through all events, in transactions as large as ours.
    func run(over table: EventTable) throws {
        var position: UInt64 = 0
        var count = 0
        try RawSQLite.run("BEGIN", on: connection)
        try table.visit(.all) { row in
            if count == ReadModelLoop.batchSize {
                try commit(position)
                try RawSQLite.run("BEGIN", on: connection)
                count = 0
            }
            try handle(row)
            position = row.position
            count += 1
        }
        try commit(position)
    }

    private func commit(_ position: UInt64) throws {
        sqlite3_bind_int64(savePosition, 1, Int64(position))
        try run(savePosition)
        try RawSQLite.run("COMMIT", on: connection)
    }

    private func handle(_ row: EventTable.Row) throws {
        let fields = try BilledFields(row.payload, &parser)
        RawSQLite.bind(text: row.stream, at: 1, of: updateSubscription)
        RawSQLite.bind(text: fields.plan, at: 2, of: updateSubscription)
        sqlite3_bind_int64(updateSubscription, 3, fields.seats)
        RawSQLite.bind(text: fields.invoice, at: 4, of: updateSubscription)
        sqlite3_bind_int64(updateSubscription, 5, fields.amountCents)
        try run(updateSubscription)
        guard row.type.bytes.equals(paymentType) else { return }
        RawSQLite.bind(text: fields.plan, at: 1, of: addRevenue)
        RawSQLite.bind(text: fields.period, at: 2, of: addRevenue)
        sqlite3_bind_int64(addRevenue, 3, fields.amountCents)
        try run(addRevenue)
    }

    private func run(_ statement: OpaquePointer) throws {
        let status = sqlite3_step(statement)
        sqlite3_reset(statement)
        try RawSQLite.check(status, is: SQLITE_DONE, on: connection)
    }
}
