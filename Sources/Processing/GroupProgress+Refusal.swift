public import EventModel

extension GroupProgress {
    /// Why a replay does not begin, for its plan and for who obeys it; nothing where it does.
    ///
    /// - Parameters:
    ///   - start: the position behind which it begins.
    ///   - selection: the events that it handles.
    ///   - isShadow: whether it makes new rows beside those in use.
    ///   - isIdempotent: whether handling an event twice leaves the rows as handling it once.
    ///   - isAheadOfHistory: whether the rows hold what the log does not.
    /// - Returns: the reason, in words.
    public func refusal(
        ofReplayAfter start: Position,
        _ selection: ReplaySelection,
        isShadow: Bool,
        isIdempotent: Bool,
        isAheadOfHistory: Bool
    ) -> String? {
        let isPartial = start > .start || !selection.isAll
        if isShadow && isPartial { return "new rows beside those in use are made from every event" }
        if isShadow && isAheadOfHistory {
            return "the group is ahead of history; replay it in place"
        }
        if isPartial && isAheadOfHistory {
            return "its tables hold what the log does not; replay it from the start"
        }
        if isPartial && !isIdempotent {
            return "handling an event twice would change its tables; replay it from the start"
        }
        if let shadow { return shadow.refusal }
        // What is handled again has to be decided, and in the accounting.
        if isShadow || isPartial, let replay {
            return "the replay \(replay.operation) is still under way"
        }
        if !isShadow, start >= everDecidedPosition {
            return "the group has not handled anything after position \(start)"
        }
        if let end = selection.end, end <= start {
            return "the replay would end at position \(end), before its start"
        }
        return nil
    }
}
