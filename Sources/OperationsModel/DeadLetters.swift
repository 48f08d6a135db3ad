public import EventModel

/// The dead letters of one sequence of a group: its first one, and how many wait behind it.
public struct DeadLetterSequence: Hashable, Sendable {
    /// The group.
    public var group: String
    /// What names the sequence; the stream's name unless the group has another policy.
    public var key: String
    /// The event that fails, or that follows one which was given up.
    public var position: Position
    /// Its stream.
    public var stream: StreamName
    /// Its number in its stream.
    public var sequence: Sequence
    /// Its type.
    public var type: EventType
    /// How many later events of the sequence wait for it.
    public var heldCount: Int
    /// What went wrong the last time; nothing where it is about to be tried.
    public var cause: String?
    /// How often it was tried.
    public var attempts: Int
    /// When it failed for the first time.
    public var firstTime: Timestamp?
    /// When it failed for the last time.
    public var lastTime: Timestamp?
    /// When it is tried again without being asked; nothing where it waits for an operator.
    public var nextAttempt: Timestamp?

    /// Makes a sequence from its parts.
    public init(
        group: String,
        key: String,
        position: Position,
        stream: StreamName,
        sequence: Sequence,
        type: EventType,
        heldCount: Int,
        cause: String?,
        attempts: Int,
        firstTime: Timestamp?,
        lastTime: Timestamp?,
        nextAttempt: Timestamp?
    ) {
        self.group = group
        self.key = key
        self.position = position
        self.stream = stream
        self.sequence = sequence
        self.type = type
        self.heldCount = heldCount
        self.cause = cause
        self.attempts = attempts
        self.firstTime = firstTime
        self.lastTime = lastTime
        self.nextAttempt = nextAttempt
    }
}

/// Which dead letters of a group an operator means.
public enum LetterChoice: Hashable, Sendable {
    /// Every one.
    case all
    /// That of an event; to try it again means its sequence, from the first one on.
    case position(Position)
    /// Those of a sequence.
    case sequence(String)
    /// Those that failed for a cause, word for word.
    case cause(String)
}

/// How an operator wants dead letters tried again.
public struct RetryRequest: Hashable, Sendable {
    /// The group.
    public var group: String
    /// Which ones.
    public var letters: LetterChoice
    /// How many events a second at most; nothing means as fast as it goes.
    public var rateLimit: Int?
    /// Whether the first event that fails again ends it.
    public var stopsAtFailure: Bool

    /// Makes a request.
    public init(
        group: String,
        letters: LetterChoice,
        rateLimit: Int? = nil,
        stopsAtFailure: Bool = true
    ) {
        self.group = group
        self.letters = letters
        self.rateLimit = rateLimit
        self.stopsAtFailure = stopsAtFailure
    }
}
