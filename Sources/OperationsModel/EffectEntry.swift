public import EventModel

/// Something to be done outside the store that a projection asked for.
public struct EffectEntry: Hashable, Sendable {
    /// How it stands.
    public enum State: String, Hashable, Sendable {
        /// It is performed when its turn has come.
        case waiting
        /// A process is performing it, or was a moment ago.
        case underWay = "under way"
        /// It failed and waits for an operator.
        case failed
        /// It was begun, and nobody knows what became of it; it waits for an operator.
        case inDoubt = "in doubt"
        /// It was done.
        case performed
        /// An operator gave it up.
        case givenUp = "given up"
    }

    /// Its identity.
    public var id: EventID
    /// The group.
    public var group: String
    /// What is to be done.
    public var kind: String
    /// Tells apart what one event asks for of one kind.
    public var key: String
    /// The event whose handling asked for it; ``Position/start`` where nobody knows it any more.
    public var position: Position
    /// The sequence, whose effects are performed in order.
    public var sequenceKey: String
    /// What whoever performs it needs to know, as JSON; empty where it has ended, since it is kept
    /// no longer then.
    public var payload: String
    /// How it stands.
    public var state: State
    /// How many attempts were begun.
    public var attempts: Int
    /// When it is tried again; nothing means at once, or when asked.
    public var nextAttempt: Timestamp?
    /// Why the last attempt failed.
    public var cause: String?
    /// When the event that asked for it was recorded.
    public var askTime: Timestamp?
    /// When the last attempt began or ended, or the effect was given up; nothing before the first.
    public var lastTime: Timestamp?

    /// Makes an entry from its parts.
    public init(
        id: EventID,
        group: String,
        kind: String,
        key: String,
        position: Position,
        sequenceKey: String,
        payload: String,
        state: State,
        attempts: Int,
        nextAttempt: Timestamp? = nil,
        cause: String? = nil,
        askTime: Timestamp? = nil,
        lastTime: Timestamp? = nil
    ) {
        self.id = id
        self.group = group
        self.kind = kind
        self.key = key
        self.position = position
        self.sequenceKey = sequenceKey
        self.payload = payload
        self.state = state
        self.attempts = attempts
        self.nextAttempt = nextAttempt
        self.cause = cause
        self.askTime = askTime
        self.lastTime = lastTime
    }

    /// Whether an operator has to say what is to become of it.
    public var needsOperator: Bool { state == .failed || state == .inDoubt }

    /// Whether nothing more is to become of it.
    public var isOver: Bool { state == .performed || state == .givenUp }
}

/// Which effects an operator wants to see.
public struct EffectsRequest: Hashable, Sendable {
    /// The group; nothing means every group.
    public var group: String?
    /// How many of each group at most that are not over, and as many of those that are.
    public var limit: Int
    /// Whether also those are told that ended last.
    public var includesEnded: Bool

    /// Makes a request.
    public init(group: String? = nil, limit: Int = .max, includesEnded: Bool = false) {
        self.group = group
        self.limit = limit
        self.includesEnded = includesEnded
    }
}

/// What an operator wants to become of an effect.
public enum EffectChoice: String, Hashable, Sendable {
    /// To be tried again, though it may have been done.
    case retry
    /// Never to be tried again.
    case giveUp = "give-up"
}
