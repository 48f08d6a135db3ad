/// The time that a batch may go on taking in events, looked at seldom where events take little.
struct BatchTime {
    private let uptime: UptimeSource
    private let end: Duration
    private var lookedTime: Duration
    /// How many events are taken in between two looks at the clock.
    private var stride: UInt = 8
    private var rest: UInt = 8

    /// How many events are taken in between two looks at most.
    private static let strideMax: UInt = 256
    /// How far looks are to be apart.
    private static let interval = Duration.microseconds(500)

    /// Begins now.
    init(_ duration: Duration, _ uptime: @escaping UptimeSource) {
        self.uptime = uptime
        lookedTime = uptime()
        end = lookedTime + duration
    }

    /// Whether the time is up; asked after each event.
    @inline(__always)
    mutating func isUp() -> Bool {
        rest &-= 1
        return rest == 0 ? look() : false
    }

    @inline(never)
    private mutating func look() -> Bool {
        let now = uptime()
        let isSoon = now - lookedTime < BatchTime.interval
        stride = isSoon ? min(stride * 2, BatchTime.strideMax) : max(stride / 2, 1)
        rest = stride
        lookedTime = now
        return now >= end
    }
}
