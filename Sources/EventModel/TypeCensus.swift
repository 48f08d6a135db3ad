/// How often one type of event occurs in one revision.
public struct TypeCensus: Hashable, Sendable {
    /// The type.
    public var type: EventType
    /// The revision.
    public var revision: UInt32
    /// How many events a store holds of them.
    public var count: UInt64
    /// The position of the first such event.
    public var firstPosition: Position
    /// The position of the last such event.
    public var lastPosition: Position
    /// When the first such event was recorded.
    public var firstTime: Timestamp
    /// When the last such event was recorded.
    public var lastTime: Timestamp

    /// Makes a census row from its parts.
    public init(
        type: EventType,
        revision: UInt32,
        count: UInt64,
        firstPosition: Position,
        lastPosition: Position,
        firstTime: Timestamp,
        lastTime: Timestamp
    ) {
        self.type = type
        self.revision = revision
        self.count = count
        self.firstPosition = firstPosition
        self.lastPosition = lastPosition
        self.firstTime = firstTime
        self.lastTime = lastTime
    }
}
