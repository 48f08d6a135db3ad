public import EventModel
public import EventStorage

/// Events made up for a demonstration: first a history, then more as time goes on.
public protocol DemonstrationLoad: Sendable {
    /// The next events of the history, at most `count`; none when it is told.
    mutating func next(_ count: Int) -> AppendRequest

    /// The next events, as if they happened at a time.
    mutating func live(_ count: Int, at time: Timestamp) -> AppendRequest
}
