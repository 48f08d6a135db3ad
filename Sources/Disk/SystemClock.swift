import Glibc

/// Tells the time of the machine.
public enum SystemClock {
    /// Microseconds since 1970-01-01T00:00:00Z; goes back when somebody sets the clock.
    public static func microseconds() -> Int64 {
        microseconds(of: CLOCK_REALTIME)
    }

    /// Microseconds since the start of the machine; never goes back.
    public static func uptimeMicroseconds() -> Int64 {
        microseconds(of: CLOCK_MONOTONIC)
    }

    private static func microseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
