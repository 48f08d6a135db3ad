import EventModel
import EventStorage

/// How a group learns what operators say.
extension GroupRun {
    /// What operators said to a group, as the log tells it.
    private struct Past {
        /// Before the first operation that has no outcome and is not under way.
        var nextOperation = Sequence.first
        var lastOperation: EventID?
        /// Why the group is paused.
        var pauseReason: String?
        /// The events that are never to be handled, and who said so.
        var skipped: [Position: EventID] = [:]
    }

    /// Has the group go by what the log says that operators said to it, where it has nothing stored
    /// or has obeyed what the log does not hold.
    ///
    /// - Parameter stored: what was stored with the rows; nothing where the group never ran.
    /// - Throws: what the storage or the store has against it.
    func hear(_ stored: GroupProgress?) throws {
        if let stored, try holdsOperations(of: stored) { return }
        var progress = stored ?? GroupProgress()
        // New rows beside those in use may lack what was skipped; where the log has the request, it
        // is obeyed once more.
        progress.shadow = nil
        let past = try past(progress)
        progress.nextOperation = past.nextOperation
        progress.lastOperation = past.lastOperation
        if stored == nil { progress.pauseReason = past.pauseReason }
        processor.progress = try storage.transact {
            if stored == nil { try storage.reset() }
            if stored?.shadow != nil { try storage.removeDraft() }
            try storeSkipped(as: past)
            return progress
        }
    }

    /// Skips what the log says, and of what it says no more those events that it certainly holds.
    private func storeSkipped(as past: Past) throws {
        let known = processor.historyBreak.map { $0.ancestor?.position ?? .start }
        let last = known ?? processor.progress.everDecidedPosition
        for position in try storage.skippedPositions().sorted()
        where position > last && past.skipped[position] == nil {
            try storage.removeSkippedPosition(position)
        }
        for (position, operation) in past.skipped.sorted(by: { $0.key < $1.key }) {
            try storage.addSkippedPosition(position, operation: operation)
        }
    }

    /// Whether the log holds the last operation that was looked at.
    private func holdsOperations(of progress: GroupProgress) throws -> Bool {
        guard let last = progress.lastOperation, progress.nextOperation > .first else {
            return true
        }
        let sequence = Sequence(progress.nextOperation.number - 1)
        let selection = EventSelection(
            .stream(Operation.stream),
            fromSequence: sequence,
            throughSequence: sequence
        )
        return try store.events(selection).first?.id == last
    }

    private func past(_ progress: GroupProgress) throws -> Past {
        var past = Past()
        var ids: [EventID] = []
        var unanswered: [EventID: (operation: Operation, sequence: Sequence)] = [:]
        for event in try store.events(EventSelection(.stream(Operation.stream))) {
            ids.append(event.id)
            if let operation = Operation(event), operation.group == group.name {
                unanswered[operation.id] = (operation, event.sequence)
            } else if let outcome = OperationOutcome(event), outcome.result != .started,
                let operation = unanswered.removeValue(forKey: outcome.operation)?.operation
            {
                switch (operation.act, outcome.result) {
                case (.pause, .completed): past.pauseReason = operation.reason
                case (.resume, .completed): past.pauseReason = nil
                case (.skip(_, let position), .completed): past.skipped[position] = operation.id
                default: break
                }
            }
        }
        let open = unanswered.values.filter { !progress.isUnderWay($0.operation.id) }
        past.nextOperation = open.map(\.sequence).min() ?? Sequence(UInt64(ids.count))
        let count = Int(past.nextOperation.number)
        past.lastOperation = count > 0 ? ids[count - 1] : nil
        return past
    }

    /// Takes in what operators have said since the last look.
    func receiveOperations() throws {
        let selection = EventSelection(
            .stream(Operation.stream),
            fromSequence: processor.nextOperation
        )
        let shadow = processor.progress.shadow
        try store.read(selection) { event in
            let recorded = event.recorded
            if let outcome = OperationOutcome(recorded), outcome.isWithoutEffect {
                processor.forget(outcome.operation)
            }
            if let operation = Operation(recorded), operation.group == group.name {
                processor.receive(operation, at: event.sequence)
            } else {
                processor.pass(event.id, at: event.sequence)
            }
            return .more
        }
        // They were given up before a death.
        if shadow != processor.progress.shadow {
            stopShadow()
            try storage.removeDraft()
        }
    }

    func tell(_ outcome: OperationOutcome) throws {
        _ = try store.append(AppendRequest(ofSystem: [outcome.event], to: Operation.stream))
    }
}
