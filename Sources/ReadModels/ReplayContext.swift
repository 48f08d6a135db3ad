public import EventModel
public import Processing

/// The replay that a projection is told of when it begins and when it has ended.
public struct ReplayContext: Hashable, Sendable {
    /// The request in `$operations`.
    public var operation: EventID
    /// Who asked for it, where and why.
    public var author: OperationAuthor
    /// When it began.
    public var startTime: Timestamp
    /// Whether only some events are handled again, on the rows that there are.
    public var isPartial: Bool
    /// Whether the rows are made beside those in use, and take their place at the end.
    public var isShadow: Bool

    /// Makes a context from its parts.
    public init(
        operation: EventID,
        author: OperationAuthor = OperationAuthor(),
        startTime: Timestamp,
        isPartial: Bool = false,
        isShadow: Bool = false
    ) {
        self.operation = operation
        self.author = author
        self.startTime = startTime
        self.isPartial = isPartial
        self.isShadow = isShadow
    }

    init(_ replay: TrackingToken.Replay) {
        self.init(
            operation: replay.operation,
            author: replay.author,
            startTime: replay.startTime,
            isPartial: replay.isPartial,
            isShadow: replay.isShadow
        )
    }
}
