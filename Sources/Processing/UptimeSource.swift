/// Tells how long something has been running, by a clock that never goes back and stands still for
/// nobody; a parameter wherever that matters, so that it can be simulated.
typealias UptimeSource = @Sendable () -> Duration

/// Makes a source that counts from now on.
func uptimeSource() -> UptimeSource {
    let start = ContinuousClock.now
    return { ContinuousClock.now - start }
}
