public import EventModel

/// What rows of a group are compared, and with which.
public struct ReadModelComparisonRequest: Hashable, Sendable {
    /// The rows that those in use are compared with.
    public enum Counterpart: String, Hashable, Sendable, CaseIterable {
        /// Rows made anew in a copy, by today's definition.
        case rebuilt
        /// A copy of the rows that were in use before the last replay, brought to the same position
        /// as an undoing would.
        case kept
    }

    /// The group.
    public var group: String
    /// What its rows are compared with.
    public var counterpart: Counterpart
    /// The only table to compare; nothing for all.
    public var table: String?
    /// How many rows that differ are told of each table.
    public var rowCountMax: Int

    /// Makes a request.
    public init(
        group: String,
        counterpart: Counterpart = .rebuilt,
        table: String? = nil,
        rowCountMax: Int = 10
    ) {
        self.group = group
        self.counterpart = counterpart
        self.table = table
        self.rowCountMax = rowCountMax
    }
}

/// How the rows of a group that are in use differ from others at the same position.
public struct ReadModelComparison: Hashable, Sendable {
    /// One table of both.
    public struct Table: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The rows in use; nothing where no such table is.
        public var inUse: Rows?
        /// The rows of the counterpart; nothing where it has no such table.
        public var counterpart: Rows?
        /// How many rows are only among those in use.
        public var onlyInUseCount: Int64
        /// How many rows are only in the counterpart.
        public var onlyCounterpartCount: Int64
        /// How many rows have the same primary key and other values.
        public var changedCount: Int64
        /// The first rows that differ; those only in the counterpart are told as inserted.
        public var changes: [RowChange]
        /// Whether the two have other columns, so that no row is the same.
        public var hasOtherColumns: Bool

        /// How many rows differ.
        public var differentCount: Int64 { onlyInUseCount + onlyCounterpartCount + changedCount }

        /// Makes a table from its parts.
        public init(
            name: String,
            inUse: Rows?,
            counterpart: Rows?,
            onlyInUseCount: Int64 = 0,
            onlyCounterpartCount: Int64 = 0,
            changedCount: Int64 = 0,
            changes: [RowChange] = [],
            hasOtherColumns: Bool = false
        ) {
            self.name = name
            self.inUse = inUse
            self.counterpart = counterpart
            self.onlyInUseCount = onlyInUseCount
            self.onlyCounterpartCount = onlyCounterpartCount
            self.changedCount = changedCount
            self.changes = changes
            self.hasOtherColumns = hasOtherColumns
        }
    }

    /// What the rows of a table come to.
    public struct Rows: Hashable, Sendable {
        /// How many there are.
        public var count: Int64
        /// Their SHA-256 in hexadecimal digits.
        public var digest: String

        /// Makes rows from their parts.
        public init(count: Int64, digest: String) {
            self.count = count
            self.digest = digest
        }
    }

    /// What was compared.
    public var request: ReadModelComparisonRequest
    /// The position at which both are.
    public var position: Position
    /// The SHA-256 of all rows in use, in hexadecimal digits.
    public var digest: String
    /// The SHA-256 of all rows of the counterpart.
    public var counterpartDigest: String
    /// The tables, those with most rows that differ first, then the largest.
    public var tables: [Table]
    /// The events that the copy could not handle, each with its cause, in order; it went on without
    /// them.
    public var failures: [String]
    /// Whether the group has let go of events that failed, so that failures are no surprise.
    public var hasDiscarded: Bool
    /// What keeps the comparison from being exact, or may explain what differs, one sentence each.
    public var notes: [String]

    /// Whether nothing differs, and nothing failed that the group has handled.
    public var isEqual: Bool {
        digest == counterpartDigest && (failures.isEmpty || hasDiscarded)
    }

    /// Makes a comparison from its parts.
    public init(
        request: ReadModelComparisonRequest,
        position: Position,
        digest: String,
        counterpartDigest: String,
        tables: [Table],
        failures: [String] = [],
        hasDiscarded: Bool = false,
        notes: [String] = []
    ) {
        self.request = request
        self.position = position
        self.digest = digest
        self.counterpartDigest = counterpartDigest
        self.tables = tables
        self.failures = failures
        self.hasDiscarded = hasDiscarded
        self.notes = notes
    }
}

/// How far a comparison is.
public enum ReadModelComparisonStage: Hashable, Sendable {
    /// The copy has come to a position on its way to another one.
    case building(reached: Position, last: Position)
    /// So many rows of so many have been read.
    case reading(rowCount: Int, of: Int)
}
