/// Tells the time; a parameter wherever time matters, so that it can be simulated.
public typealias TimeSource = @Sendable () -> Timestamp
