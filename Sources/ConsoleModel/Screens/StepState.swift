public import EventModel
public import OperationsModel

/// A scratch copy of a group's tables that goes through history.
public struct StepState: Sendable {
    /// Which pane takes the keys.
    public enum Pane: Hashable, Sendable {
        /// The rows that the last step changed.
        case changes
        /// The rows of a table, or of a query, as they are here.
        case rows
    }

    /// Work on the copy that is under way.
    public struct Work: Hashable, Sendable {
        /// Which order it is.
        public var token: ScratchToken
        /// What was ordered.
        public var order: ScratchOrder
        /// When it was ordered.
        public var startTime: Timestamp
        /// How far it has come; nothing before it told.
        public var reached: Position?
        /// How far it is to come.
        public var last = Position.start
        /// When it first told how far it had come.
        public internal(set) var firstTime: Timestamp?
        /// How far that was.
        public internal(set) var firstPosition = Position.start
        /// Whether it was told to end.
        public var isInterrupted = false
    }

    /// The group; nothing before one was chosen.
    public internal(set) var group: String?
    /// What the copy did last, and so where it stands; nothing while there is no copy.
    public internal(set) var step: ReplayStep?
    /// The event that kept the copy from getting where it was to begin, and why.
    public internal(set) var failure: String?
    /// What is being done with the copy.
    public internal(set) var work: Work?
    /// Why the last order was not carried out.
    public internal(set) var error: OperationsError?
    /// Which pane takes the keys.
    public internal(set) var pane = Pane.changes
    /// The first line of the changes that is shown.
    public internal(set) var changeTop = 0
    /// Where the rows come from that are shown.
    public internal(set) var source: RowSource?
    /// The rows, as they were at ``pagePosition``.
    public internal(set) var page: RowPage?
    /// Where the copy stood when the rows were read.
    public internal(set) var pagePosition: Position?
    /// Why there are no rows.
    public internal(set) var rowsError: OperationsError?
    /// The first row that is shown.
    public internal(set) var rowTop = 0
    /// The condition that was last gone on to.
    public internal(set) var condition = ""

    /// The move that was asked for while the copy was at work.
    var pending: ReplayMove?

    /// Where the copy stands.
    public var position: Position { step?.position ?? .start }

    /// Whether a copy is there.
    public var hasCopy: Bool { step != nil }

    /// The lines that tell the changes of the last step.
    public var changeLineCount: Int {
        (step?.changes ?? []).reduce(0) { $0 + $1.lineCount }
    }

    /// Whether there is more to tell than the event and the rows.
    var hasNotes: Bool {
        error != nil || failure != nil || step?.end != .reached || step?.notes.isEmpty == false
    }

    /// Events a second of the work at hand; nothing before it is known.
    public func rate(at now: Timestamp) -> Double? {
        guard let work, let start = work.firstTime, let reached = work.reached else { return nil }
        let seconds = now.seconds(since: start)
        guard seconds > 0.3, reached > work.firstPosition else { return nil }
        return Double(reached.number - work.firstPosition.number) / seconds
    }
}

extension StepState.Work {
    /// Whether it may take long and is not one of several steps.
    public var isLong: Bool {
        switch order {
        case .move(.next), .move(.back), .rows(.table): reached != nil
        default: true
        }
    }

    /// Takes how far it has come; work that begins again is measured anew.
    mutating func take(reached: Position, last: Position, at now: Timestamp) {
        if firstTime == nil || reached < self.reached ?? .start {
            firstTime = now
            firstPosition = reached
        }
        self.reached = reached
        self.last = last
    }
}

extension RowChange {
    /// How many lines tell the change: one, and one more for each of several new values.
    public var lineCount: Int {
        kind == .updated && columns.count > 1 ? 1 + columns.count : 1
    }
}
