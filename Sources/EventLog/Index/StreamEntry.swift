import EventModel

/// What an index knows of a stream; its first and its last event tell the rest.
struct StreamEntry: Hashable, Sendable {
    /// The stream's name.
    var stream: StreamName
    /// How many events it holds.
    var eventCount: UInt64
    /// Where its first event begins.
    var firstAddress: UInt64
    /// Where its last event begins.
    var lastAddress: UInt64
}
