import EventStorage

/// How long a batch may go on taking in events, looked at seldom where events take little.
struct BatchTime {
    private let uptime: UptimeSource
    private let isFull: () -> Bool
    /// Whether other threads go first at every look.
    private let yields: Bool
    private let end: Duration
    private var lookedTime: Duration
    /// How many events are taken in between two looks at the clock.
    private var stride: UInt = 8
    private var rest: UInt = 8

    /// How many events are taken in between two looks at most.
    private static let strideMax: UInt = 256
    /// How far looks are to be apart.
    private static let interval = Duration.microseconds(250)

    /// Begins now.
    ///
    /// - Parameters:
    ///   - duration: the time.
    ///   - yields: whether other threads of the machine go first, several times in a millisecond:
    ///     one that wakes up, after a sync say, would have to wait until the operating system
    ///     thinks of it.
    ///   - uptime: tells the time.
    ///   - isFull: whether the batch is to end before that, because of what it has changed.
    init(
        _ duration: Duration,
        yields: Bool,
        _ uptime: @escaping UptimeSource,
        isFull: @escaping () -> Bool
    ) {
        self.uptime = uptime
        self.isFull = isFull
        self.yields = yields
        lookedTime = uptime()
        end = lookedTime + duration
    }

    /// Whether the batch is to end; asked after each event.
    @inline(__always)
    mutating func isUp() -> Bool {
        rest &-= 1
        return rest == 0 ? look() : false
    }

    @inline(never)
    private mutating func look() -> Bool {
        if yields { WorkerThread.yield() }
        let now = uptime()
        let isSoon = now - lookedTime < BatchTime.interval
        stride = isSoon ? min(stride * 2, BatchTime.strideMax) : max(stride / 2, 1)
        rest = stride
        lookedTime = now
        return now >= end || isFull()
    }
}
