public import EventModel

/// How one segment of a processing group stands.
public struct SegmentStatus: Hashable, Sendable {
    /// Its number.
    public var number: UInt32
    /// How many segments of its size a group would have.
    public var shareCount: UInt32
    /// The last position it has decided, stored with the rows.
    public var position: Position
    /// The last position that its owner has been through, which it may not have stored yet.
    public var processedPosition: Position
    /// The process that runs it, as `pid@host`; nothing where none does.
    public var owner: String?
    /// The age of the owner's last sign of life, in seconds.
    public var heartbeatSeconds: Double?

    /// Makes a status from its parts.
    public init(
        number: UInt32,
        shareCount: UInt32,
        position: Position,
        processedPosition: Position? = nil,
        owner: String? = nil,
        heartbeatSeconds: Double? = nil
    ) {
        self.number = number
        self.shareCount = shareCount
        self.position = position
        self.processedPosition = processedPosition ?? position
        self.owner = owner
        self.heartbeatSeconds = heartbeatSeconds
    }
}
