import Processing

/// What the projections of a group do when a replay begins and when it has ended.
extension GroupDatabase {
    /// Lets the projections know, inside a transaction, that a replay begins.
    func beginReplay(_ replay: TrackingToken.Replay) throws {
        let context = ReplayContext(replay)
        do {
            try readyHandlers().forEach { try $0.replayBegins(context) }
        } catch {
            throw ReplayHookError(description: "what begins a replay: \(error)")
        }
    }

    func endReplay(_ replay: TrackingToken.Replay) throws {
        let context = ReplayContext(replay)
        do {
            try readyHandlers().forEach { try $0.replayEnds(context) }
        } catch {
            throw ReplayHookError(description: "what ends a replay: \(error)")
        }
    }
}

/// What a projection does when a replay begins or ends cannot be done.
private struct ReplayHookError: Error, CustomStringConvertible {
    let description: String
}
