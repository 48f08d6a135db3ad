public import EventModel

/// An event that was put aside: its handling failed, or an earlier one of its sequence is put
/// aside.
///
/// Holds no payload: when it is tried again, the event is read from the log, through the upcasters
/// of that day.
public struct DeadLetter: Hashable, Sendable {
    /// Why an event could not be handled.
    public struct Failure: Hashable, Sendable {
        /// What went wrong the last time.
        public var cause: String
        /// How often it was tried.
        public var attempts: Int
        /// When it failed for the first time.
        public var firstTime: Timestamp
        /// When it failed for the last time.
        public var lastTime: Timestamp
        /// When it is tried again without being asked; nothing where it waits for an operator.
        public var nextAttempt: Timestamp?

        /// Makes a failure from its parts.
        public init(
            cause: String,
            attempts: Int,
            firstTime: Timestamp,
            lastTime: Timestamp,
            nextAttempt: Timestamp?
        ) {
            self.cause = cause
            self.attempts = attempts
            self.firstTime = firstTime
            self.lastTime = lastTime
            self.nextAttempt = nextAttempt
        }

        /// The seconds after each failure until the event is tried again without being asked.
        private static let delaySeconds: [Double] = [1, 10, 60]

        /// The first failure, or the next one after an earlier.
        public init(_ cause: String, at now: Timestamp, after earlier: Failure? = nil) {
            let attempts = (earlier?.attempts ?? 0) + 1
            let delay =
                attempts <= Failure.delaySeconds.count
                ? Failure.delaySeconds[attempts - 1] : nil
            self.init(
                cause: cause,
                attempts: attempts,
                firstTime: earlier?.firstTime ?? now,
                lastTime: now,
                nextAttempt: delay.map { now.advanced(bySeconds: $0) }
            )
        }
    }

    /// The event.
    public var position: Position
    /// What names its sequence.
    public var sequenceKey: String
    /// Whether the group had decided it before its last reset.
    public var isReplay: Bool
    /// Why it could not be handled; nothing where it only waits for an earlier one.
    public var failure: Failure?
    /// The operation that asked to try it again and has not come to it yet.
    public var asker: EventID?

    /// Makes a letter from its parts.
    public init(
        position: Position,
        sequenceKey: String,
        isReplay: Bool,
        failure: Failure?,
        asker: EventID? = nil
    ) {
        self.position = position
        self.sequenceKey = sequenceKey
        self.isReplay = isReplay
        self.failure = failure
        self.asker = asker
    }
}

/// Which dead letters an operator means.
public enum LetterSelection: Hashable, Sendable {
    /// Every one of the group.
    case all
    /// That of an event.
    case position(Position)
    /// Those of a sequence.
    case sequence(String)
    /// Those that failed for a cause, word for word.
    case cause(String)
}

/// A retry that an operator asked for, while it is under way.
public struct LetterRetry: Hashable, Sendable {
    /// The request in `$operations`.
    public var operation: EventID
    /// How many events a second at most; nothing means as fast as it goes.
    public var rateLimit: Int?
    /// Whether the first event that fails again ends the retry.
    public var stopsAtFailure: Bool
    /// How many letters have been handled.
    public var handledCount: UInt64 = 0
    /// How many sequences have failed again.
    public var failedCount: UInt64 = 0
    /// The event that failed again last.
    public var failedPosition: Position?

    /// Makes a retry that has not begun.
    public init(operation: EventID, rateLimit: Int?, stopsAtFailure: Bool) {
        self.operation = operation
        self.rateLimit = rateLimit
        self.stopsAtFailure = stopsAtFailure
    }

    /// Whether a failure has ended it.
    var isStopped: Bool { stopsAtFailure && failedCount > 0 }
}
