import EventModel

/// The head that a group lacks which handles events as they come.
struct LiveGoal: Hashable, Sendable {
    /// The head that it has not reached yet; nothing where it lacks no event, or never was at the
    /// head.
    private(set) var position: Position?
    private var wasLevel = false

    /// Notes where the group is, and the head.
    mutating func note(_ position: Position, head: Position) {
        guard position < head else {
            wasLevel = true
            self.position = nil
            return
        }
        if let goal = self.position, position < goal { return }
        self.position = wasLevel ? head : nil
    }
}
