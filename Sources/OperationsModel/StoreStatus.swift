public import EventModel

/// How a store as a whole stands.
public struct StoreStatus: Hashable, Sendable {
    /// The name of the store, as its directory is called.
    public var name: String
    /// The identity of the store, as a UUID.
    public var identity: String
    /// How often the store has been restored and promoted, from 1.
    public var incarnation: UInt32
    /// The position of the last event.
    public var head: Position
    /// When the last event was recorded; nothing in an empty store.
    public var lastRecordedTime: Timestamp?
    /// How many streams hold at least one event.
    public var streamCount: Int
    /// The bytes the log takes on disk.
    public var logBytes: UInt64
    /// Whether nothing can be appended, and why.
    public var readOnlyReason: String?
    /// When this was measured.
    public var measuredTime: Timestamp

    /// Makes a status from its parts.
    public init(
        name: String,
        identity: String,
        incarnation: UInt32,
        head: Position,
        lastRecordedTime: Timestamp?,
        streamCount: Int,
        logBytes: UInt64,
        readOnlyReason: String?,
        measuredTime: Timestamp
    ) {
        self.name = name
        self.identity = identity
        self.incarnation = incarnation
        self.head = head
        self.lastRecordedTime = lastRecordedTime
        self.streamCount = streamCount
        self.logBytes = logBytes
        self.readOnlyReason = readOnlyReason
        self.measuredTime = measuredTime
    }
}
