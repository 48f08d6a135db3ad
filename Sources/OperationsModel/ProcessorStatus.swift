public import EventModel

/// How one processing group stands.
public struct ProcessorStatus: Hashable, Sendable {
    /// What the group is doing.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// At the head, handling events as they come.
        case live
        /// Running, with events still before it that it never handled.
        case catchingUp
        /// Running over events that it handled before a reset.
        case replaying
        /// Stopped by an operator.
        case paused
        /// Running, with events before it, but not advancing.
        case stalled
        /// Stopped at an event whose handling fails.
        case failing
        /// Its token knows more events than the log holds.
        case aheadOfHistory
        /// No process runs it.
        case noHost
    }

    /// How far a replay has come.
    public struct Replay: Hashable, Sendable {
        /// The operation that asked for it.
        public var operation: EventID
        /// The position the replay started after.
        public var from: Position
        /// The position at which it ends.
        public var to: Position
        /// When it began.
        public var startTime: Timestamp

        /// Makes a progress from its parts.
        public init(operation: EventID, from: Position, to: Position, startTime: Timestamp) {
            self.operation = operation
            self.from = from
            self.to = to
            self.startTime = startTime
        }
    }

    /// How far new rows have come that are made beside those in use.
    public struct Shadow: Hashable, Sendable {
        /// The operation that asked for it.
        public var operation: EventID
        /// How far the new rows are; nothing where no process runs the group.
        public var position: Position?
        /// When it began.
        public var startTime: Timestamp

        /// Makes a progress from its parts.
        public init(operation: EventID, position: Position?, startTime: Timestamp) {
            self.operation = operation
            self.position = position
            self.startTime = startTime
        }
    }

    /// The rows that were in use before the last replay.
    public struct Kept: Hashable, Sendable {
        /// The operation that replaced them, which can be undone.
        public var operation: EventID
        /// How far the group had come then.
        public var position: Position

        /// Makes a description from its parts.
        public init(operation: EventID, position: Position) {
            self.operation = operation
            self.position = position
        }
    }

    /// What became of the events of a range.
    public struct Accounting: Hashable, Sendable {
        /// The position after which the range begins.
        public var after: Position
        /// The last position of the range.
        public var through: Position
        /// Events that a projection took.
        public var handled: UInt64
        /// Events that no projection is for.
        public var filtered: UInt64
        /// Events that wait as dead letters.
        public var deadLettered: UInt64
        /// Events that an operator gave up or had skipped.
        public var skipped: UInt64

        /// All numbers together.
        public var total: UInt64 { handled + filtered + deadLettered + skipped }
        /// How many positions the range has.
        public var positionCount: UInt64 { through.number - min(after, through).number }
        /// Whether every position is in exactly one of the numbers, in each segment.
        public var isComplete: Bool

        /// Makes an accounting from its parts.
        public init(
            after: Position,
            through: Position,
            handled: UInt64,
            filtered: UInt64,
            deadLettered: UInt64,
            skipped: UInt64,
            isComplete: Bool
        ) {
            self.after = after
            self.through = through
            self.handled = handled
            self.filtered = filtered
            self.deadLettered = deadLettered
            self.skipped = skipped
            self.isComplete = isComplete
        }
    }

    /// How a group whose log holds another history can go on.
    public struct Rewind: Hashable, Sendable {
        /// The last position up to which both histories are known to be the same.
        public var ancestor: Position
        /// What happened, in words.
        public var what: String
        /// What to do about it on the command line.
        public var remedy: String

        /// Makes a description from its parts.
        public init(ancestor: Position, what: String, remedy: String) {
            self.ancestor = ancestor
            self.what = what
            self.remedy = remedy
        }
    }

    /// The name of the group.
    public var group: String
    /// What it is doing.
    public var state: State
    /// The last position it has decided, stored with the rows; of several segments, the lowest.
    public var position: Position
    /// The position of the log's last event.
    public var head: Position
    /// The age of the oldest event not decided yet, in seconds; 0 at the head.
    public var lagSeconds: Double
    /// Events decided a second, over the last seconds.
    public var ratePerSecond: Double
    /// Its segments, in the order of their numbers; empty where it never ran.
    public var segments: [SegmentStatus]
    /// The process that runs it, or its first segment, as `pid@host`; nothing where none does.
    public var owner: String?
    /// The age of the owner's last sign of life, in seconds.
    public var heartbeatSeconds: Double?
    /// How many events wait as dead letters.
    public var deadLetterCount: Int
    /// What became of the events since the last reset of all rows; nothing where it never ran.
    public var accounting: Accounting?
    /// The first failure since it last advanced, naming the event.
    public var failure: String?
    /// The replay under way.
    public var replay: Replay?
    /// The new rows that are made beside those in use.
    public var shadow: Shadow?
    /// The rows that were in use before; nothing where none are kept.
    public var kept: Kept?
    /// Why it is paused, as its operator said.
    public var pauseReason: String?
    /// How it can go on; nothing unless it is ahead of history.
    public var rewind: Rewind?
    /// The kinds of effects its projections ask for, sorted.
    public var effectKinds: [String]
    /// The projections that share its token.
    public var projections: [String]
    /// The tables its projections maintain.
    public var tables: [String]

    /// The number of events not decided yet.
    public var lagEvents: UInt64 {
        head > position ? head.number - position.number : 0
    }

    /// The seconds until it is at the head, at its rate; 0 there, nothing where it does not move.
    public var secondsLeft: Double? {
        if lagEvents == 0 { return 0 }
        return ratePerSecond > 0 ? Double(lagEvents) / ratePerSecond : nil
    }

    /// How many segments it has.
    public var segmentCount: Int { max(1, segments.count) }

    /// Makes a status from its parts.
    public init(
        group: String,
        state: State,
        position: Position,
        head: Position,
        lagSeconds: Double,
        ratePerSecond: Double,
        segments: [SegmentStatus] = [],
        owner: String? = nil,
        heartbeatSeconds: Double? = nil,
        deadLetterCount: Int = 0,
        accounting: Accounting? = nil,
        failure: String? = nil,
        replay: Replay? = nil,
        shadow: Shadow? = nil,
        kept: Kept? = nil,
        pauseReason: String? = nil,
        rewind: Rewind? = nil,
        effectKinds: [String] = [],
        projections: [String] = [],
        tables: [String] = []
    ) {
        self.group = group
        self.state = state
        self.position = position
        self.head = head
        self.lagSeconds = lagSeconds
        self.ratePerSecond = ratePerSecond
        self.segments = segments
        self.owner = owner
        self.heartbeatSeconds = heartbeatSeconds
        self.deadLetterCount = deadLetterCount
        self.accounting = accounting
        self.failure = failure
        self.replay = replay
        self.shadow = shadow
        self.kept = kept
        self.pauseReason = pauseReason
        self.rewind = rewind
        self.effectKinds = effectKinds
        self.projections = projections
        self.tables = tables
    }
}
