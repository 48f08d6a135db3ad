import CSQLite

/// Takes note of the rows that statements change and of what they were before, and puts them back.
///
/// Goes by SQLite's hook before each change of a row, which also tells of rows without a primary
/// key, rows whose key holds `NULL`, and rows that `REPLACE` pushes out. Follows the tables that
/// the database has when the recorder is made. One recorder at a time follows a connection, on the
/// thread of the connection.
///
/// Statements that were prepared before can escape: a `DELETE` of all rows tells of each row only
/// where somebody listened when it was prepared.
public final class SQLiteChangeRecorder {
    private let connection: SQLiteConnection
    private var tables: [RecordedTable] = []
    private var indexes: [String: Int] = [:]
    /// The tables whose changes cannot be followed: virtual tables and what they are made of, and
    /// tables with generated columns that are not stored.
    public private(set) var unfollowedTables: [String] = []
    private let selectSchemaNumber: SQLiteStatement
    private var schemaNumber: Int64 = 0
    private var selectCounters: SQLiteStatement?
    private var counters: [[SQLiteValue]] = []
    private var changes = SQLiteChanges()
    /// Why a change could not be noted.
    private var failure: SQLiteError?

    /// Reads what tables there are, and begins to take notes.
    public init(on connection: SQLiteConnection) throws(SQLiteError) {
        self.connection = connection
        selectSchemaNumber = try connection.prepare("PRAGMA schema_version", isTrusted: true)
        try readTables()
        schemaNumber = try readSchemaNumber()
        counters = try readCounters()
        sqlite3_preupdate_hook(
            connection.handle,
            { context, handle, operation, schema, table, oldRowid, newRowid in
                guard let context, let handle, let schema, let table,
                    String(cString: schema) == "main"
                else { return }
                // The recorder takes the hook away before it goes.
                Unmanaged<SQLiteChangeRecorder>.fromOpaque(context).takeUnretainedValue()
                    .note(operation, String(cString: table), oldRowid, newRowid, on: handle)
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    deinit {
        sqlite3_preupdate_hook(connection.handle, nil, nil)
    }

    /// Whether tables were made, altered or dropped since, of which changes do not tell.
    public func hasSchemaChanged() throws(SQLiteError) -> Bool {
        try readSchemaNumber() != schemaNumber
    }

    /// The changes since they were last taken.
    ///
    /// What a statement changed and took back is among them, as a change to what was there before.
    ///
    /// - Throws: what SQLite reported where a row could not be read before it changed; the changes
    ///   cannot be reverted then.
    public func take() throws(SQLiteError) -> SQLiteChanges {
        defer { changes = SQLiteChanges() }
        if let failure { throw failure }
        let counters = try readCounters()
        if counters != self.counters {
            changes.countersBefore = self.counters
            self.counters = counters
        }
        return changes
    }

    /// Puts rows back to what they were before changes, with the same row numbers.
    ///
    /// Neither triggers nor foreign keys act meanwhile: what they had changed is among the changes.
    /// Takes note of what it changes itself. Statements prepared before are compiled again.
    ///
    /// - Throws: what SQLite reports; the rows are in between then, unless a transaction that is
    ///   rolled back is around.
    public func revert(_ changes: SQLiteChanges) throws(SQLiteError) {
        if changes.isEmpty { return }
        let options = [SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_FKEY]
        let handle = connection.handle
        let outside = options.map { ($0, recount_sqlite_configuration(handle, $0)) }
        for option in options { _ = recount_sqlite_configure(handle, option, 0) }
        defer {
            for (option, value) in outside { _ = recount_sqlite_configure(handle, option, value) }
        }
        let entries = changes.firstEntries
        // Without any of them, what was before cannot be in the way of itself.
        for entry in entries { try tables[entry.table].delete(entry.key) }
        for entry in entries {
            if let row = entry.before { try tables[entry.table].insert(row, at: entry.key) }
        }
        if let counters = changes.countersBefore { try writeCounters(counters) }
    }

    /// What became of the rows that changes tell of, in the order of their first change.
    ///
    /// A row is the same as long as its primary key is; where it has none, as long as its number.
    public func differences(since changes: SQLiteChanges) throws(SQLiteError)
        -> [SQLiteRowDifference]
    {
        var differences: [SQLiteRowDifference] = []
        var places: [RowIdentity: Int] = [:]
        func pair(
            _ row: SQLiteRowImage?,
            _ entry: SQLiteChanges.Entry,
            _ side: WritableKeyPath<SQLiteRowDifference, [SQLiteValue]?>
        ) {
            guard let row else { return }
            let values = row.values
            let difference = tables[entry.table].difference(values, entry.key)
            let identity = RowIdentity(difference, values)
            let place = places[identity] ?? differences.count
            if place == differences.count {
                places[identity] = place
                differences.append(difference)
            }
            differences[place][keyPath: side] = values
        }
        for entry in changes.firstEntries {
            let after = try tables[entry.table].row(entry.key)
            if entry.before == after { continue }
            pair(entry.before, entry, \.before)
            pair(after, entry, \.after)
        }
        return differences.filter { $0.before != $0.after }
    }

    /// What would have to be changed in another database with the same tables to make this one of
    /// it, found by comparing all rows.
    ///
    /// - Parameters:
    ///   - other: follows the other database.
    ///   - rowCountMax: the rows that the tables of each may have together.
    /// - Returns: the changes, for ``differences(since:)``; nothing where there are more rows, or
    ///   other tables.
    /// - Throws: what SQLite reports.
    public func changes(
        from other: SQLiteChangeRecorder,
        rowCountMax: Int64
    ) throws(SQLiteError) -> SQLiteChanges? {
        guard tables.map(\.shape) == other.tables.map(\.shape),
            try max(rowCount(), other.rowCount()) <= rowCountMax
        else { return nil }
        var changes = SQLiteChanges()
        for (index, table) in tables.enumerated() {
            let (before, after) = (try other.tables[index].rows(), try table.rows())
            let (earlier, later) = (Dictionary(rows: before), Dictionary(rows: after))
            for (key, row) in before where later[key] != row {
                changes.append(SQLiteChanges.Entry(table: index, key: key, before: row))
            }
            for (key, _) in after where earlier[key] == nil {
                changes.append(SQLiteChanges.Entry(table: index, key: key, before: nil))
            }
        }
        return changes
    }

    private func rowCount() throws(SQLiteError) -> Int64 {
        var count: Int64 = 0
        for table in tables { count += try table.rowCount() }
        return count
    }

    private func note(
        _ operation: Int32,
        _ name: String,
        _ oldRowid: Int64,
        _ newRowid: Int64,
        on handle: OpaquePointer
    ) {
        guard let index = indexes[name] else { return }
        let table = tables[index]
        var oldKey: SQLiteChanges.Key?
        if operation != SQLITE_INSERT {
            let value = { self.value(sqlite3_preupdate_old, $0, on: handle) }
            let key = table.key(oldRowid, value: value)
            let before = table.image(value: value)
            changes.append(SQLiteChanges.Entry(table: index, key: key, before: before))
            oldKey = key
        }
        if operation != SQLITE_DELETE {
            let key = table.key(newRowid) { value(sqlite3_preupdate_new, $0, on: handle) }
            // What was in a new place is noted already: nothing may be there.
            guard key != oldKey else { return }
            changes.append(SQLiteChanges.Entry(table: index, key: key, before: nil))
        }
    }

    /// Asks for a value of the row that is about to change.
    private func value(
        _ ask: (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Int32,
        _ column: Int32,
        on handle: OpaquePointer
    ) -> OpaquePointer? {
        var value: OpaquePointer?
        let code = ask(handle, column, &value)
        if code != SQLITE_OK { failure = failure ?? SQLiteError(code, on: nil) }
        return value
    }
}

extension [SQLiteChanges.Key: SQLiteRowImage] {
    /// Rows by their keys, which differ.
    fileprivate init(rows: [(key: SQLiteChanges.Key, row: SQLiteRowImage)]) {
        self.init(rows.map { ($0.key, $0.row) }) { first, _ in first }
    }
}

/// What makes two rows the same.
private struct RowIdentity: Hashable {
    private let table: String
    private let key: [SQLiteValue]
    private let rowid: Int64?

    init(_ difference: SQLiteRowDifference, _ values: [SQLiteValue]) {
        table = difference.table
        rowid = difference.rowid
        key = rowid == nil ? difference.keyColumns.map { values[$0] } : []
    }
}

extension RecordedTable {
    /// What rows of two tables must have in common to be compared.
    fileprivate var shape: [String] { [name] + columns.map(\.name) }

    /// A difference of the row with a key that tells of neither side yet.
    fileprivate func difference(
        _ values: [SQLiteValue],
        _ key: SQLiteChanges.Key
    ) -> SQLiteRowDifference {
        var rowid: Int64?
        if case .rowid(let number) = key,
            keyColumns.isEmpty || keyColumns.contains(where: { values[$0] == .null })
        {
            rowid = number
        }
        return SQLiteRowDifference(
            table: name,
            columns: columns.map(\.name),
            keyColumns: keyColumns,
            rowid: rowid
        )
    }
}

extension SQLiteChangeRecorder {
    private func readTables() throws(SQLiteError) {
        let list = try connection.prepare(
            """
            SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' AND type <> 'view'
                AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
            """,
            isTrusted: true
        )
        while try list.step() {
            let name = list.string(at: 0) ?? ""
            let hasRowid = list.integer(at: 2) == 0
            if list.string(at: 1) == "table",
                let table = try RecordedTable(name, hasRowid: hasRowid, of: connection)
            {
                indexes[name] = tables.count
                tables.append(table)
            } else {
                unfollowedTables.append(name)
            }
        }
        let sequences = try connection.prepare(
            "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'",
            isTrusted: true
        )
        guard try sequences.step() else { return }
        selectCounters = try connection.prepare(
            "SELECT name, seq FROM sqlite_sequence ORDER BY name",
            isTrusted: true
        )
    }

    private func readSchemaNumber() throws(SQLiteError) -> Int64 {
        defer { selectSchemaNumber.reset() }
        return try selectSchemaNumber.step() ? selectSchemaNumber.integer(at: 0) : 0
    }

    private func readCounters() throws(SQLiteError) -> [[SQLiteValue]] {
        guard let selectCounters else { return [] }
        var counters: [[SQLiteValue]] = []
        while try selectCounters.step() {
            counters.append([selectCounters.value(at: 0), selectCounters.value(at: 1)])
        }
        return counters
    }

    private func writeCounters(_ counters: [[SQLiteValue]]) throws(SQLiteError) {
        try connection.execute("DELETE FROM sqlite_sequence", isTrusted: true)
        let insert = try connection.prepare(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
            isTrusted: true
        )
        for counter in counters { try insert.run(counter[0], counter[1]) }
    }
}
