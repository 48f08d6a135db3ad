/// Tells how much time has passed since some moment, never going back; a parameter wherever it
/// matters how long something took.
public typealias MonotonicTimeSource = @Sendable () -> Duration

/// The clock that measures how long loads and commands take.
public enum MonotonicTime {
    private static let origin = ContinuousClock.now

    /// The time since this clock was first looked at.
    @Sendable public static func elapsed() -> Duration { origin.duration(to: .now) }
}
