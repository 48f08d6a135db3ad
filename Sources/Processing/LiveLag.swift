import EventModel

/// For how long a group has lacked events, since it was at the head for the first time.
struct LiveLag: Hashable, Sendable {
    /// The head that it has not reached yet.
    private var goal: Position?
    /// When that was seen for the first time.
    private var seenTime = Duration.zero
    private var wasLevel = false

    /// Notes a position, and the head at a time.
    mutating func note(_ position: Position, head: Position, at now: Duration) {
        guard position < head else {
            wasLevel = true
            goal = nil
            return
        }
        if let goal, position < goal { return }
        goal = head
        seenTime = now
    }

    /// How long ago an event came that it has not handled yet.
    func duration(at now: Duration) -> Duration {
        wasLevel && goal != nil ? now - seenTime : .zero
    }
}
