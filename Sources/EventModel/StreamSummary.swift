/// What a list says about one stream.
public struct StreamSummary: Hashable, Sendable {
    /// The stream's name.
    public var stream: StreamName
    /// How many events it holds.
    public var eventCount: UInt64
    /// The position of its last event.
    public var lastPosition: Position
    /// When its first event was recorded.
    public var firstTime: Timestamp
    /// When its last event was recorded.
    public var lastTime: Timestamp

    /// Makes a summary from its parts.
    public init(
        stream: StreamName,
        eventCount: UInt64,
        lastPosition: Position,
        firstTime: Timestamp,
        lastTime: Timestamp
    ) {
        self.stream = stream
        self.eventCount = eventCount
        self.lastPosition = lastPosition
        self.firstTime = firstTime
        self.lastTime = lastTime
    }
}

/// Which page of the streams to list.
public struct StreamsRequest: Hashable, Sendable {
    /// What decides which stream comes first.
    public enum Order: String, Hashable, Sendable, CaseIterable {
        /// By name, ascending.
        case name
        /// By number of events, most first.
        case events
        /// By last change, newest first.
        case recent
    }

    /// Only streams of this category.
    public var category: Category?
    /// Only streams whose name does not come before this, by the order of bytes.
    public var from: String
    /// Only streams whose name starts with this.
    public var prefix: String
    /// Only streams whose name contains this.
    public var containing: String
    /// What decides which stream comes first.
    public var order: Order
    /// How many streams to leave out at the start.
    public var skip: Int
    /// How many streams to list at most.
    public var limit: Int

    /// Makes a request; without arguments it lists the first streams by name.
    public init(
        category: Category? = nil,
        from: String = "",
        prefix: String = "",
        containing: String = "",
        order: Order = .name,
        skip: Int = 0,
        limit: Int = 1000
    ) {
        self.category = category
        self.from = from
        self.prefix = prefix
        self.containing = containing
        self.order = order
        self.skip = skip
        self.limit = limit
    }
}
