/// Lets a replay yield to the groups of the store that handle events as they come, whatever process
/// runs them.
///
/// A group that was at the head and now is behind by more than a bound goes first: the replay then
/// does one batch a second, so that it comes to its end all the same.
struct ReplayGovernor {
    private let lagMax: Duration
    private let signs: SignsSource
    private let uptime: UptimeSource
    private var lags: [String: LiveLag] = [:]
    private var lookTime: Duration?
    private var batchTime: Duration?
    private var isOtherBehind = false

    /// How often others are looked at.
    private static let lookInterval = Duration.milliseconds(50)
    /// How long a replay may yield before it does a batch all the same.
    private static let yieldMax = Duration.seconds(1)

    /// Begins with a replay.
    ///
    /// - Parameters:
    ///   - lagMax: how far behind a group may be before the replay yields.
    ///   - signs: tells the signs of life of the groups to yield to.
    ///   - uptime: tells the time.
    init(
        lagMax: Duration,
        signs: @escaping SignsSource,
        uptime: @escaping UptimeSource = uptimeSource()
    ) {
        self.lagMax = lagMax
        self.signs = signs
        self.uptime = uptime
    }

    /// Whether the replay is to let others go first now; it is asked before each batch.
    mutating func yields() -> Bool {
        let now = uptime()
        look(at: now)
        if isOtherBehind, let batchTime, now - batchTime < ReplayGovernor.yieldMax { return true }
        batchTime = now
        return false
    }

    private mutating func look(at now: Duration) {
        if let lookTime, now - lookTime < ReplayGovernor.lookInterval { return }
        lookTime = now
        var seen: [String: LiveLag] = [:]
        for (name, signs) in signs() {
            seen[name] = lags[name] ?? LiveLag()
            seen[name]?.note(signs, at: now)
        }
        lags = seen
        isOtherBehind = seen.values.contains { $0.duration(at: now) > lagMax }
    }
}
