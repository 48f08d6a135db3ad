public import EventModel

/// What became of events: every position of a range is in exactly one of the numbers.
public struct Accounting: Hashable, Sendable {
    /// Events that a handler took.
    public var handled: UInt64
    /// Events that no handler is for.
    public var filtered: UInt64
    /// Events put aside because their handling failed.
    public var deadLettered: UInt64
    /// Events that an operator had skipped.
    public var skipped: UInt64

    /// Makes an accounting from its numbers.
    public init(
        handled: UInt64 = 0,
        filtered: UInt64 = 0,
        deadLettered: UInt64 = 0,
        skipped: UInt64 = 0
    ) {
        self.handled = handled
        self.filtered = filtered
        self.deadLettered = deadLettered
        self.skipped = skipped
    }

    /// All numbers together.
    public var total: UInt64 { handled + filtered + deadLettered + skipped }
}

/// What a group stores with its rows, in the same transaction.
public struct GroupProgress: Hashable, Sendable {
    /// How far it has come.
    public var token: TrackingToken
    /// What became of the events after ``accountedFrom``, where the last reset went back to.
    public var accounting: Accounting
    /// The position after which the accounting counts.
    public var accountedFrom: Position
    /// Why it is paused, as its operator said; nothing where it is not.
    public var pauseReason: String?
    /// The sequence in `$operations` of the next event to look at.
    public var nextOperation: Sequence
    /// The last rate measured over many events, in events a second.
    public var measuredRate: Double?
    /// The retry of dead letters under way, where there is one.
    public var retry: LetterRetry?
    /// The replay into new rows beside those in use, where one is under way.
    public var shadow: TrackingToken.Replay?

    /// Makes a progress; without arguments that of a group that never ran.
    public init(
        token: TrackingToken = TrackingToken(),
        accounting: Accounting = Accounting(),
        accountedFrom: Position = .start,
        pauseReason: String? = nil,
        nextOperation: Sequence = .first,
        measuredRate: Double? = nil,
        retry: LetterRetry? = nil,
        shadow: TrackingToken.Replay? = nil
    ) {
        self.token = token
        self.accounting = accounting
        self.accountedFrom = accountedFrom
        self.pauseReason = pauseReason
        self.nextOperation = nextOperation
        self.measuredRate = measuredRate
        self.retry = retry
        self.shadow = shadow
    }

    /// Counts letters that have become something else.
    ///
    /// Those of positions before the accounting begins are not in its numbers.
    mutating func letterLeft(_ position: Position, to number: WritableKeyPath<Accounting, UInt64>) {
        guard position > accountedFrom else { return }
        accounting.deadLettered -= 1
        accounting[keyPath: number] += 1
    }

    /// Whether every position since the last reset of all rows is accounted for.
    public var isAccountedFor: Bool {
        accountedFrom.number + accounting.total == decidedPosition.number
    }

    /// The last position that was ever decided: a partial replay decides none anew.
    private var decidedPosition: Position {
        guard let replay = token.replay, replay.isPartial else { return token.position }
        return max(token.position, replay.resetPosition)
    }

    /// Counts an event that a partial replay has put aside, which had been decided before.
    mutating func putAsideAgain() {
        accounting.deadLettered += 1
        if accounting.handled > 0 { accounting.handled -= 1 } else { accounting.filtered -= 1 }
    }
}
