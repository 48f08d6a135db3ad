import EventModel

/// The events that a stream has in one part of the log.
struct StreamRun: Hashable, Sendable {
    /// The sequence of the first of them.
    var firstSequence: UInt64
    /// How many they are, at least one.
    var count: Int
    /// The position of the last of them.
    var lastPosition: UInt64
    /// When the first of them was recorded.
    var firstTime: Timestamp
    /// When the last of them was recorded.
    var lastTime: Timestamp
    /// The number of the first address among all addresses of an index file.
    var firstAddress: Int

    /// The number of events in the stream up to the end of the run.
    var endSequence: UInt64 { firstSequence &+ UInt64(count) }
}
