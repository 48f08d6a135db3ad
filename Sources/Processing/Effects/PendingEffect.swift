public import EventModel

/// Something to be done outside the store, which a handler asked for and which its group keeps
/// until it is done or given up.
public struct PendingEffect: Hashable, Sendable {
    /// What holds it back.
    public enum Obstacle: String, Hashable, Sendable {
        /// It failed and is not tried again by itself.
        case failed
        /// It was begun, and nobody knows what became of it: the process ended meanwhile.
        case inDoubt = "in doubt"
    }

    /// What an operator wants to become of it.
    public enum Wish: String, Hashable, Sendable {
        /// To be tried again, though it may have been done.
        case retry
        /// Never to be tried again.
        case giveUp = "give-up"
    }

    /// Its identity, the same whenever the event asks for it; fit to be handed on where the other
    /// side recognises a request that it has had.
    public let id: EventID
    /// The group whose projection asked for it.
    public let group: String
    /// The event whose handling asked for it.
    public let event: EventID
    /// The position of that event.
    public let position: Position
    /// The sequence of that event; effects of one sequence are performed in order.
    public let sequenceKey: String
    /// What is to be done.
    public let kind: String
    /// Tells apart what one event asks for of one kind.
    public let key: String
    /// What whoever performs it needs to know, as JSON.
    public let payload: String
    /// The number of the last attempt that is known to have been begun; 0 where none is.
    public var attempts: Int
    /// When it is tried again; nothing means at once.
    public var nextAttempt: Timestamp?
    /// What waits for an operator.
    public var obstacle: Obstacle?
    /// Why the last attempt failed.
    public var cause: String?
    /// What an operator wants, who has not been obeyed yet.
    public var wish: Wish?

    /// Makes an effect that nobody has tried to perform.
    public init(
        group: String,
        event: EventID,
        position: Position,
        sequenceKey: String,
        kind: String,
        key: String,
        payload: String
    ) {
        self.init(
            id: EventID(hashing: ["effect", group, event.description, kind, key]),
            group: group,
            event: event,
            position: position,
            sequenceKey: sequenceKey,
            kind: kind,
            key: key,
            payload: payload
        )
    }

    package init(
        id: EventID,
        group: String,
        event: EventID,
        position: Position,
        sequenceKey: String,
        kind: String,
        key: String,
        payload: String,
        attempts: Int = 0,
        nextAttempt: Timestamp? = nil,
        obstacle: Obstacle? = nil,
        cause: String? = nil,
        wish: Wish? = nil
    ) {
        self.id = id
        self.group = group
        self.event = event
        self.position = position
        self.sequenceKey = sequenceKey
        self.kind = kind
        self.key = key
        self.payload = payload
        self.attempts = attempts
        self.nextAttempt = nextAttempt
        self.obstacle = obstacle
        self.cause = cause
        self.wish = wish
    }

    /// The seconds after which a failed attempt is repeated, the first, the second and so on; then
    /// an operator has to ask.
    private static let retrySeconds = [1.0, 10, 60]

    /// The longest time there is from an attempt to the next; one that is further away means that
    /// somebody set the clock back.
    package static let retrySecondsMax = 60.0

    /// Notes that an attempt failed.
    mutating func attemptFailed(_ attempt: Int, _ cause: String, now: Timestamp) {
        attempts = attempt
        self.cause = cause
        let seconds = PendingEffect.retrySeconds
        let isRepeated = attempt <= seconds.count && obstacle == nil
        nextAttempt = isRepeated ? now.advanced(bySeconds: seconds[attempt - 1]) : nil
        obstacle = isRepeated ? nil : .failed
    }

    /// Notes that an attempt was begun of which nobody knows the end.
    mutating func attemptLost(_ attempt: Int) {
        attempts = attempt
        nextAttempt = nil
        obstacle = .inDoubt
    }
}
