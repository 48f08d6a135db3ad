public import EventModel

/// What an operator asks for.
public struct OperationRequest: Hashable, Sendable {
    /// The act itself.
    public enum Kind: Hashable, Sendable {
        /// Stop a group after the batch it is in.
        case pause(group: String)
        /// Let a paused group go on.
        case resume(group: String)
        /// Empty a group's tables and handle events again.
        case replay(ReplayRequest)
        /// Put the rows of a group back that were in use before an operation, or end it where it is
        /// under way.
        case undo(group: String, operation: EventID)
        /// Remove the rows of a group that were in use before its last replay.
        case letGo(group: String)
        /// Try dead letters again, one sequence after the other.
        case retry(RetryRequest)
        /// Give up dead letters of a group.
        case discard(group: String, LetterChoice)
        /// Never have a group handle an event, also not in a replay.
        case skip(group: String, Position)
        /// Try an effect of a group again, or never again.
        case effect(group: String, effect: EventID, EffectChoice)
        /// Split a segment of a group into halves: the one with a number, or a largest one.
        case split(group: String, segment: UInt32? = nil)
        /// Merge a segment of a group with the other half of what it was split from: the one with a
        /// number, or a smallest one.
        case merge(group: String, segment: UInt32? = nil)
        /// Save the state of one aggregate at its head.
        case snapshotStream(StreamName)
        /// Save the state of every aggregate of a category whose snapshot is not current,
        /// at most so many a second.
        case snapshotCategory(Category, rateLimit: Int? = nil)
        /// Save the state of every aggregate whose snapshot other rules made or whose next is due,
        /// at most so many a second.
        case snapshotStale(rateLimit: Int? = nil)
    }

    /// The act.
    public var kind: Kind
    /// Why, in the operator's words.
    public var reason: String

    /// Makes a request.
    public init(_ kind: Kind, reason: String) {
        self.kind = kind
        self.reason = reason
    }
}

/// One operation as the stream `$operations` tells it.
public struct OperationEntry: Hashable, Sendable {
    /// What came of a request.
    public enum Outcome: Hashable, Sendable {
        /// Nobody has answered yet.
        case pending
        /// It is being carried out.
        case running
        /// It was done.
        case completed(String)
        /// It was refused, and why.
        case refused(String)
        /// It was begun and failed, and why.
        case failed(String)
    }

    /// The identity of the request.
    public var id: EventID
    /// The position of the request.
    public var position: Position
    /// When it was asked for.
    public var requestTime: Timestamp
    /// The act, such as `replay`.
    public var name: String
    /// What it was to act on, such as a group or a stream.
    public var target: String
    /// Who asked.
    public var operatorName: String
    /// On which machine.
    public var host: String
    /// Why, in the operator's words.
    public var reason: String
    /// What came of it.
    public var outcome: Outcome
    /// When the outcome was recorded.
    public var outcomeTime: Timestamp?
    /// How the target stood before and after, in words; empty where it does not apply.
    public var change: String

    /// Makes an entry from its parts.
    public init(
        id: EventID,
        position: Position,
        requestTime: Timestamp,
        name: String,
        target: String,
        operatorName: String,
        host: String,
        reason: String,
        outcome: Outcome,
        outcomeTime: Timestamp? = nil,
        change: String = ""
    ) {
        self.id = id
        self.position = position
        self.requestTime = requestTime
        self.name = name
        self.target = target
        self.operatorName = operatorName
        self.host = host
        self.reason = reason
        self.outcome = outcome
        self.outcomeTime = outcomeTime
        self.change = change
    }
}
