import EventModel

/// How a processor replays.
extension Processor {
    /// Begins to handle events again, on new rows or on those that there are.
    mutating func replay(
        _ operation: Operation,
        after start: Position,
        rateLimit: Int?,
        selection: ReplaySelection,
        now: Timestamp
    ) -> Action {
        if let reason = refusal(after: start, selection, isShadow: false) {
            return refuse(operation, reason)
        }
        let isPartial = start > .start || !selection.isAll
        let position = progress.everDecidedPosition
        if let historyBreak { progress.goBack(to: historyBreak.ancestor) }
        for index in progress.segments.indices {
            let token = progress.segments[index].token
            // One that has not come so far has nothing to handle again.
            if !isPartial || start < token.position {
                progress.segments[index].token = token.reset(
                    after: start,
                    at: now,
                    by: operation.id,
                    rateLimit: rateLimit,
                    selection: selection,
                    author: operation.author
                )
            }
            if !isPartial {
                progress.segments[index].accounting = Accounting()
                progress.segments[index].elsewhereCount = 0
            }
        }
        if !isPartial { progress.accountedFrom = .start }
        progress.pauseReason = nil
        progress.retry = nil
        failure = nil
        budget = RateBudget()
        let outcome = OperationOutcome(
            of: operation.id,
            .started,
            "replaying positions \(start.next) to \(min(position, selection.end ?? position))",
            before: "position \(position)",
            after: "position \(start)"
        )
        return .replace(isPartial ? .copy : .none, progress, outcome)
    }

    private func refusal(
        after start: Position,
        _ selection: ReplaySelection,
        isShadow: Bool
    ) -> String? {
        progress.refusal(
            ofReplayAfter: start,
            selection,
            isShadow: isShadow,
            isIdempotent: isIdempotent,
            isAheadOfHistory: historyBreak != nil
        )
    }

    /// Begins to make new rows beside those in use.
    mutating func shadow(
        _ operation: Operation,
        after start: Position,
        rateLimit: Int?,
        _ selection: ReplaySelection,
        now: Timestamp
    ) -> Action {
        if let reason = refusal(after: start, selection, isShadow: true) {
            return refuse(operation, reason)
        }
        progress.shadow = TrackingToken.Replay(
            shadowOf: operation.id,
            startTime: now,
            rateLimit: rateLimit,
            author: operation.author
        )
        let outcome = OperationOutcome(
            of: operation.id,
            .started,
            "making new rows beside those in use"
        )
        return .store(progress, outcome)
    }

    /// Ends the replay of the claimed segments that have handled everything again; nothing where
    /// there is none.
    ///
    /// The last segment of the group that ends it tells its outcome.
    mutating func endReplay() -> Action? {
        var ended: TrackingToken.Replay?
        for index in progress.segments.indices
        where isClaimed(progress.segments[index].segment)
            && progress.segments[index].token.hasReplayedAll
        {
            ended = progress.segments[index].token.replay
            progress.segments[index].token.endReplay()
        }
        guard let ended else { return nil }
        let isUnderWay = progress.segments.contains {
            $0.token.replay?.operation == ended.operation
        }
        return .store(progress, isUnderWay ? nil : outcome(of: ended))
    }

    private func outcome(of replay: TrackingToken.Replay) -> OperationOutcome {
        let count = replay.endPosition.number - replay.startPosition.number
        return OperationOutcome(
            of: replay.operation,
            .completed,
            replay.selection.streams.isEmpty && replay.selection.types.isEmpty
                ? "replayed \(count) events" : "replayed the chosen of \(count) events",
            before: "position \(replay.startPosition)",
            after: "position \(progress.token.position)"
        )
    }
}

extension TrackingToken.Replay {
    /// Why nothing is replayed or skipped meanwhile.
    var refusal: String {
        "new rows are being made by operation \(operation); let them catch up, or undo it"
    }
}
