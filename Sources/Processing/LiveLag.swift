import EventModel

/// For how long a group lacks events, told from its signs of life.
///
/// The times are those of whoever looks on, so that no two clocks are compared.
struct LiveLag: Hashable, Sendable {
    private var signs: ProcessorSigns?
    /// When the goal was seen for the first time.
    private var goalTime = Duration.zero
    /// When the heartbeat was seen for the first time.
    private var heartbeatTime = Duration.zero

    /// How long a group may show no sign of life before nobody waits for it.
    private static let silenceMax = Duration.seconds(5)

    /// Notes what a look showed.
    mutating func note(_ signs: ProcessorSigns, at now: Duration) {
        if self.signs?.goal != signs.goal { goalTime = now }
        if self.signs?.heartbeat != signs.heartbeat { heartbeatTime = now }
        self.signs = signs
    }

    /// How long ago events were seen that the group still lacks; none where it handles none as they
    /// come, or shows no signs of life.
    func duration(at now: Duration) -> Duration {
        guard let signs, let goal = signs.goal, signs.position < goal,
            now - heartbeatTime <= LiveLag.silenceMax
        else { return .zero }
        return now - goalTime
    }
}
