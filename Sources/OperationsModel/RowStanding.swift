public import EventModel

/// Which row of a read model is asked about.
public struct RowStandingRequest: Hashable, Sendable {
    /// The group; nothing where only one has the table.
    public var group: String?
    /// The table.
    public var table: String
    /// A value for each column of its primary key, in the order of the key.
    public var key: [String]

    /// Makes a request.
    public init(group: String? = nil, table: String, key: [String]) {
        self.group = group
        self.table = table
        self.key = key
    }
}

/// Whether a row shows everything that its events make of it, which events those are, and why not.
public struct RowStanding: Hashable, Sendable {
    /// An event that changes the row.
    public struct Change: Hashable, Sendable {
        /// The position of the event.
        public var position: Position
        /// Its stream.
        public var stream: StreamName
        /// Its type.
        public var type: EventType

        /// Makes a change from its parts.
        public init(position: Position, stream: StreamName, type: EventType) {
            self.position = position
            self.stream = stream
            self.type = type
        }
    }

    /// The group.
    public var group: String
    /// The table as it was made.
    public var table: String
    /// The columns of its primary key, with what was asked for.
    public var key: [RowChange.KeyColumn]
    /// The last position whose event is in all rows, when the row was looked at.
    public var position: Position
    /// The columns of the table.
    public var columns: [String]
    /// What the row in use holds, a value for each column; nothing where there is no such row.
    public var values: [CellValue]?
    /// Whether the row is what a copy makes of the same events; nothing where the copy cannot be
    /// brought to them, because segments are at different places.
    public var isEqual: Bool?
    /// What would make the row what the copy has; nothing where they are equal, or have other
    /// columns.
    public var difference: RowChange?
    /// The last event of each of the first streams that made the row, the newest first.
    public var changes: [Change]
    /// How many events made the row what it is.
    public var changeCount: Int
    /// Whether more streams made it than ``changes`` tells.
    public var hasMoreStreams: Bool
    /// The first events that will change the row when the group gets to them, in their order.
    public var coming: [Change]
    /// How many events will.
    public var comingCount: Int
    /// The first events that the group has not come to and cannot be handled, each with its cause,
    /// which may be about the row.
    public var failures: [String]
    /// How many dead letters the group has, which no copy handles.
    public var deadLetterCount: Int
    /// How the group stands with the streams that made the row, then with those that will change
    /// it.
    public var streams: [StreamStanding]
    /// What keeps the answer from being exact, one sentence each.
    public var notes: [String]

    /// Whether the row shows everything that happened, or is rightly not there.
    public var isCurrent: Bool {
        isEqual == true && comingCount == 0 && failures.isEmpty
            && streams.allSatisfy { $0.letters == nil && $0.processor.replay == nil }
            && (values != nil || deadLetterCount == 0)
    }

    /// Makes a standing from its parts.
    public init(
        group: String,
        table: String,
        key: [RowChange.KeyColumn],
        position: Position,
        columns: [String],
        values: [CellValue]?,
        isEqual: Bool?,
        difference: RowChange? = nil,
        changes: [Change] = [],
        changeCount: Int = 0,
        hasMoreStreams: Bool = false,
        coming: [Change] = [],
        comingCount: Int = 0,
        failures: [String] = [],
        deadLetterCount: Int = 0,
        streams: [StreamStanding] = [],
        notes: [String] = []
    ) {
        self.group = group
        self.table = table
        self.key = key
        self.position = position
        self.columns = columns
        self.values = values
        self.isEqual = isEqual
        self.difference = difference
        self.changes = changes
        self.changeCount = changeCount
        self.hasMoreStreams = hasMoreStreams
        self.coming = coming
        self.comingCount = comingCount
        self.failures = failures
        self.deadLetterCount = deadLetterCount
        self.streams = streams
        self.notes = notes
    }
}
