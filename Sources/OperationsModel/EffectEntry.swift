public import EventModel

/// Something to be done outside the store that a projection asked for and that is not done yet.
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
    }

    /// Its identity.
    public var id: EventID
    /// The group.
    public var group: String
    /// What is to be done.
    public var kind: String
    /// Tells apart what one event asks for of one kind.
    public var key: String
    /// The event whose handling asked for it.
    public var position: Position
    /// The sequence, whose effects are performed in order.
    public var sequenceKey: String
    /// What whoever performs it needs to know, as JSON.
    public var payload: String
    /// How it stands.
    public var state: State
    /// How many attempts were begun.
    public var attempts: Int
    /// When it is tried again; nothing means at once, or when asked.
    public var nextAttempt: Timestamp?
    /// Why the last attempt failed.
    public var cause: String?

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
        cause: String? = nil
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
    }

    /// Whether an operator has to say what is to become of it.
    public var needsOperator: Bool { state == .failed || state == .inDoubt }
}

/// What an operator wants to become of an effect.
public enum EffectChoice: String, Hashable, Sendable {
    /// To be tried again, though it may have been done.
    case retry
    /// Never to be tried again.
    case giveUp = "give-up"
}
