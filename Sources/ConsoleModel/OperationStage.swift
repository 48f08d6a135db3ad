public import EventModel
public import OperationsModel

/// How far something has come that an operator plans, asks for and watches.
public enum OperationStage: Hashable, Sendable {
    /// The plan is being made or read.
    case planning
    /// The request is on its way to the store.
    case asking
    /// The request is recorded; whoever runs the group has yet to obey or is obeying.
    case watching(EventID)
    /// It is over, and how.
    case finished(EventID, OperationEntry.Outcome)

    /// Whether it is over.
    public var isFinished: Bool {
        if case .finished = self { true } else { false }
    }

    /// The operation that is watched or was.
    public var operation: EventID? {
        switch self {
        case .planning, .asking: nil
        case .watching(let id), .finished(let id, _): id
        }
    }
}
