import EventLog
import EventModel
import EventStorage
import Processing

/// What operators did about a group's dead letters and events since its rows were begun.
struct LetterHistory {
    /// Operations that gave letters up.
    private(set) var discardedCount = 0
    /// Events that are never to be handled, and may have been before somebody said so.
    private(set) var skippedPositions: Set<Position> = []

    /// Reads the operations of a group.
    ///
    /// - Parameters:
    ///   - group: the name of the group.
    ///   - origin: the operation that made the rows; nothing where they are the first.
    ///   - log: where the operations are.
    /// - Throws: what keeps the log from being read.
    init(of group: String, since origin: EventID?, in log: EventLog) throws {
        var acts: [EventID: Operation.Act] = [:]
        var history = LetterHistory()
        try log.read(EventSelection(.stream(Operation.stream))) { view in
            let event = view.recorded
            if let operation = Operation(event), operation.group == group {
                acts[operation.id] = operation.act
                if operation.id == origin, operation.act.makesAllRows { history = LetterHistory() }
            } else if let outcome = OperationOutcome(event), let act = acts[outcome.operation],
                outcome.result == .completed || outcome.result == .failed
            {
                history.note(act)
            }
            return .more
        }
        self = history
    }

    private init() {}

    private mutating func note(_ act: Operation.Act) {
        switch act {
        case .discard: discardedCount += 1
        case .skip(_, let position): skippedPositions.insert(position)
        default: break
        }
    }
}

extension Operation.Act {
    /// Whether rows begin anew with it.
    fileprivate var makesAllRows: Bool {
        guard case .replay(_, let after, _, _, let selection) = self else { return false }
        return after == .start && selection.isAll
    }
}
