import EventModel

/// How a group that lags goes first, and a replay yields to it.
extension GroupRun {
    /// Tells replays, before the events are handled, what the group lacks where it handles events
    /// as they come.
    func noteLag(head: Position) {
        guard limit() == nil else { return }
        guard !processor.isReplaying, !processor.isStopped else { return liveGoal = LiveGoal() }
        let told = liveGoal.position
        liveGoal.note(processor.team.token.position, head: head)
        if let goal = liveGoal.position, goal != told { publishSigns() }
    }

    /// Whether a replay is to let others go first now: other groups, and the rows in use where it
    /// makes new ones beside them.
    func yields() -> Bool {
        guard let liveLagMax, processor.isReplaying else {
            governor = nil
            return false
        }
        var governor =
            governor
            ?? ReplayGovernor(lagMax: liveLagMax, signs: group.makeSignsSource(), uptime: uptime)
        defer { self.governor = governor }
        return governor.yields()
    }
}
