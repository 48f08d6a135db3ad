/// Rows that statements have changed, and what each was before; made by a ``SQLiteChangeRecorder``
/// and understood by that one alone.
public struct SQLiteChanges: Sendable {
    /// What identifies a row as long as it is there.
    enum Key: Hashable, Sendable {
        case rowid(Int64)
        case columns(SQLiteRowImage)
    }

    /// A change of one row.
    struct Entry: Sendable {
        /// The number of the table.
        let table: Int
        let key: Key
        /// What was there before; nothing where no row had the key.
        let before: SQLiteRowImage?
    }

    /// The changes in order; a row that is changed again stands there again.
    private(set) var entries: [Entry] = []
    /// What `AUTOINCREMENT` counted before; nothing where that is the same.
    var countersBefore: [[SQLiteValue]]?
    /// The bytes of memory that they take, roughly.
    public private(set) var size = MemoryLayout<SQLiteChanges>.stride

    /// Makes changes to nothing.
    public init() {}

    /// Whether nothing was changed.
    public var isEmpty: Bool { entries.isEmpty && countersBefore == nil }

    /// Adds changes that came after these.
    public mutating func append(_ later: SQLiteChanges) {
        entries += later.entries
        countersBefore = countersBefore ?? later.countersBefore
        size += later.size
    }

    mutating func append(_ entry: Entry) {
        entries.append(entry)
        size += MemoryLayout<Entry>.stride + (entry.before?.bytes.count ?? 0)
        if case .columns(let image) = entry.key { size += image.bytes.count }
    }

    /// The first change of each row, which tells what it was before all.
    var firstEntries: [Entry] {
        var seen: Set<Place> = []
        return entries.filter { seen.insert(Place(table: $0.table, key: $0.key)).inserted }
    }

    private struct Place: Hashable {
        let table: Int
        let key: Key
    }
}

/// What became of a row between two moments.
public struct SQLiteRowDifference: Hashable, Sendable {
    /// The table.
    public let table: String
    /// The names of its columns.
    public let columns: [String]
    /// The columns of its primary key, as indexes into ``columns``; none where it has no key.
    public let keyColumns: [Int]
    /// The row's number in a table without a primary key, or where its key holds `NULL`.
    public let rowid: Int64?
    /// The values before, one for each column; nothing where the row was inserted.
    public internal(set) var before: [SQLiteValue]?
    /// The values after, one for each column; nothing where the row was deleted.
    public internal(set) var after: [SQLiteValue]?

    /// Makes a difference of two rows with the same primary key, or of one row and none.
    package init(
        table: String,
        columns: [String],
        keyColumns: [Int],
        rowid: Int64? = nil,
        before: [SQLiteValue]? = nil,
        after: [SQLiteValue]? = nil
    ) {
        self.table = table
        self.columns = columns
        self.keyColumns = keyColumns
        self.rowid = rowid
        self.before = before
        self.after = after
    }
}
