public import EventModel

/// A point in the history of a read model.
public enum ReadModelPoint: Hashable, Sendable {
    /// After the event with this position; 0 is before everything.
    case position(Position)
    /// After the last event that was recorded at or before this time.
    case time(Timestamp)
    /// After the last event.
    case head
}

/// Where an interactive replay is to go.
public enum ReplayMove: Hashable, Sendable {
    /// Over so many of the next events that the group handles, at least one.
    case next(Int)
    /// To before so many of the last events that the group handled, at least one.
    case back(Int)
    /// To a point, forwards or back.
    case to(ReadModelPoint)
    /// To the next event of a stream.
    case stream(StreamName)
    /// To the next event that is stored under a type.
    case type(EventType)
    /// To the next event after which a query's first value is neither 0 nor `NULL`, and before
    /// which it was; the query reads the tables of the scratch copy.
    case until(String)
}

/// What one move of an interactive replay did.
public struct ReplayStep: Hashable, Sendable {
    /// Why a move ended.
    public enum End: Hashable, Sendable {
        /// It got where it was to go.
        case reached
        /// There is no such event up to the head.
        case atHead
        /// There is no such event back to the beginning.
        case atStart
        /// Whoever asked for it gave up.
        case interrupted
        /// The next event cannot be handled, and why.
        case failed(String)
    }

    /// The position before.
    public var from: Position
    /// The position after.
    public var position: Position
    /// The event at the position; nothing before the first.
    public var event: EventSummary?
    /// Whether the group handles that event.
    public var isHandled: Bool
    /// How many handled events lie between the two positions.
    public var handledCount: UInt64
    /// The rows that differ, in the order of their first change, at most as many as were asked for;
    /// nothing where it is not known which.
    public var changes: [RowChange]?
    /// How many rows differ; nothing where it is not known.
    public var changeCount: Int?
    /// Why it ended.
    public var end: End
    /// What else there is to know, one sentence each.
    public var notes: [String]

    /// Makes a step from its parts.
    public init(
        from: Position,
        position: Position,
        event: EventSummary?,
        isHandled: Bool,
        handledCount: UInt64,
        changes: [RowChange]?,
        changeCount: Int?,
        end: End,
        notes: [String] = []
    ) {
        self.from = from
        self.position = position
        self.event = event
        self.isHandled = isHandled
        self.handledCount = handledCount
        self.changes = changes
        self.changeCount = changeCount
        self.end = end
        self.notes = notes
    }
}

/// What became of one row of a read model.
public struct RowChange: Hashable, Sendable {
    /// In which way.
    public enum Kind: String, Hashable, Sendable {
        /// It is new.
        case inserted
        /// Other columns than its key hold other values.
        case updated
        /// It is gone.
        case deleted
    }

    /// A column that tells which row it is.
    public struct KeyColumn: Hashable, Sendable {
        /// The column; `rowid` where the table has no primary key.
        public var name: String
        /// What it holds.
        public var value: CellValue

        /// Makes a column of a key.
        public init(_ name: String, _ value: CellValue) {
            self.name = name
            self.value = value
        }
    }

    /// A column that holds another value.
    public struct Column: Hashable, Sendable {
        /// The column.
        public var name: String
        /// What it held; nothing in a new row.
        public var before: CellValue?
        /// What it holds; nothing in a row that is gone.
        public var after: CellValue?

        /// Makes a column from its parts.
        public init(_ name: String, before: CellValue?, after: CellValue?) {
            self.name = name
            self.before = before
            self.after = after
        }
    }

    /// The table.
    public var table: String
    /// In which way it changed.
    public var kind: Kind
    /// What tells which row it is.
    public var key: [KeyColumn]
    /// The other columns of an inserted or deleted row; those that differ of an updated one.
    public var columns: [Column]

    /// Makes a change from its parts.
    public init(table: String, kind: Kind, key: [KeyColumn], columns: [Column]) {
        self.table = table
        self.kind = kind
        self.key = key
        self.columns = columns
    }
}

/// What one column of one row holds.
public enum CellValue: Hashable, Sendable {
    /// Nothing.
    case null
    /// A whole number.
    case integer(Int64)
    /// A floating-point number.
    case real(Double)
    /// Text.
    case text(String)
    /// Bytes.
    case bytes([UInt8])
}
