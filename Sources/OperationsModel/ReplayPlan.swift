public import EventModel

/// Which group to replay, and from where.
public struct ReplayRequest: Hashable, Sendable {
    /// Where a replay starts.
    public enum Start: Hashable, Sendable {
        /// Before the first event.
        case beginning
        /// After a position.
        case after(Position)
        /// Before the first event recorded at or after a time.
        case time(Timestamp)
    }

    /// Where a replay ends.
    public enum End: Hashable, Sendable {
        /// Where the group is when it begins.
        case group
        /// After the event at a position.
        case position(Position)
        /// Before the first event recorded at or after a time.
        case time(Timestamp)
    }

    /// The name of the group.
    public var group: String
    /// Where the replay starts.
    public var start: Start
    /// Where it ends.
    public var end: End
    /// The streams whose events are handled again; empty means every stream.
    public var streams: Set<StreamName>
    /// The types that are handled again; empty means every type.
    public var types: Set<EventType>
    /// How many events a second at most; nothing means as fast as it goes.
    public var rateLimit: Int?
    /// Whether the rows are made anew beside those in use, which stay as they are until the new
    /// ones have caught up.
    public var isShadow: Bool

    /// Whether only some events are handled again, on the rows that there are.
    public var isPartial: Bool {
        start != .beginning || end != .group || !streams.isEmpty || !types.isEmpty
    }

    /// Makes a request.
    public init(
        group: String,
        start: Start = .beginning,
        end: End = .group,
        streams: Set<StreamName> = [],
        types: Set<EventType> = [],
        rateLimit: Int? = nil,
        isShadow: Bool = false
    ) {
        self.group = group
        self.start = start
        self.end = end
        self.streams = streams
        self.types = types
        self.rateLimit = rateLimit
        self.isShadow = isShadow
    }
}

/// What a replay would do.
public struct ReplayPlan: Hashable, Sendable {
    /// What a group does with replays of a type.
    public enum Handling: String, Hashable, Sendable {
        /// No handler is for the type.
        case none
        /// The same as with new events.
        case same
        /// Something else than with new events.
        case replaced
        /// Nothing, although new events are handled.
        case muted
    }

    /// How many events of one type will be handled.
    public struct TypeCount: Hashable, Sendable {
        /// The type.
        public var type: EventType
        /// How many events of it lie in the range.
        public var count: UInt64
        /// What the group does with them.
        public var handling: Handling

        /// Whether a handler runs for them.
        public var isHandled: Bool { handling == .same || handling == .replaced }

        /// Makes a count from its parts.
        public init(type: EventType, count: UInt64, handling: Handling) {
            self.type = type
            self.count = count
            self.handling = handling
        }
    }

    /// The request this plan is for.
    public var request: ReplayRequest
    /// The position the replay starts after.
    public var from: Position
    /// The group's position now, at which the replay ends.
    public var to: Position
    /// The events in the range by type, most frequent first.
    public var types: [TypeCount]
    /// How many streams the events belong to.
    public var streamCount: Int
    /// The rate the group last reached, in events a second; nothing where it never ran.
    public var measuredRate: Double?
    /// The shortest and longest time the replay is expected to take.
    public var secondsExpected: ClosedRange<Double>?
    /// The tables that will be emptied and filled again.
    public var tables: [String]
    /// The other processes that have the tables open; nothing where the operating system does not
    /// show that.
    public var readers: TableReaders?
    /// The bytes that the rows in use take, which the new ones will need besides.
    public var size: Int
    /// How many events wait as dead letters and will be handled again.
    public var deadLetterCount: Int
    /// What else the operator ought to know, one sentence each.
    public var notes: [String]
    /// Why the replay would be refused now; nothing where it would not.
    public var refusal: String?

    /// The number of events in the range.
    public var eventCount: UInt64 {
        to > from ? to.number - from.number : 0
    }

    /// The number of events of the range that are handled again.
    public var chosenCount: UInt64 { types.reduce(0) { $0 + $1.count } }

    /// The number of events of the range with which the group does something.
    public func count(_ handling: Handling) -> UInt64 {
        types.reduce(0) { $1.handling == handling ? $0 + $1.count : $0 }
    }

    /// Makes a plan from its parts.
    public init(
        request: ReplayRequest,
        from: Position,
        to: Position,
        types: [TypeCount],
        streamCount: Int,
        measuredRate: Double?,
        secondsExpected: ClosedRange<Double>?,
        tables: [String],
        readers: TableReaders? = nil,
        size: Int = 0,
        deadLetterCount: Int = 0,
        notes: [String],
        refusal: String?
    ) {
        self.request = request
        self.from = from
        self.to = to
        self.types = types
        self.streamCount = streamCount
        self.measuredRate = measuredRate
        self.secondsExpected = secondsExpected
        self.tables = tables
        self.readers = readers
        self.size = size
        self.deadLetterCount = deadLetterCount
        self.notes = notes
        self.refusal = refusal
    }
}
