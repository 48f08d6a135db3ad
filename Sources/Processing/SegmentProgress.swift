import EventModel

/// How far a segment of a group has come, and what became of its events.
public struct SegmentProgress: Hashable, Sendable {
    /// The segment.
    public var segment: Segment
    /// How far it has come.
    public var token: TrackingToken
    /// What became of the events of the segment.
    public var accounting: Accounting
    /// How many positions are in the accounting of another segment.
    public var elsewhereCount: UInt64
    /// The last event it ever decided, of whatever segment; nothing where it never ran.
    public var mark: HistoryMark?

    /// Makes a progress; without further arguments that of a segment that never ran.
    public init(
        _ segment: Segment,
        token: TrackingToken = TrackingToken(),
        accounting: Accounting = Accounting(),
        elsewhereCount: UInt64 = 0,
        mark: HistoryMark? = nil
    ) {
        self.segment = segment
        self.token = token
        self.accounting = accounting
        self.elsewhereCount = elsewhereCount
        self.mark = mark
    }

    /// How many positions are accounted for.
    var accountedCount: UInt64 { accounting.total + elsewhereCount }

    /// Counts an event that a partial replay has put aside, which had been decided before.
    mutating func putAsideAgain() {
        elsewhereCount -= accounting.takeOff(1)
        accounting.deadLettered += 1
    }

    /// Forgets what was decided after a position; where a dead letter may be among it, what became
    /// of events is to be forgotten too.
    ///
    /// What became of each event is not known: of those forgotten, as large a share counts as of
    /// this segment as of all, and handled ones are taken off first.
    mutating func goBack(to ancestor: Position) {
        let decided = token.decidedPosition
        token = token.limited(to: ancestor)
        if let mark, mark.position > ancestor { self.mark = nil }
        let all = accountedCount
        let forgotten = min(decided.number - min(decided, token.decidedPosition).number, all)
        guard forgotten > 0 else { return }
        let product = forgotten.multipliedFullWidth(by: accounting.total)
        let own = all.dividingFullWidth(product).quotient
        let left = forgotten - own + accounting.takeOff(own)
        elsewhereCount -= min(elsewhereCount, left)
    }

    /// The halves of the segment, which go on where it is.
    ///
    /// What became of earlier events is divided between them; which of them it was of is not known,
    /// but for dead letters.
    ///
    /// - Parameter letterCount: how many dead letters are of sequences of the upper half.
    /// - Returns: nothing where the segment cannot be split.
    public func halves(letterCount: UInt64) -> (lower: SegmentProgress, upper: SegmentProgress)? {
        guard let (lowerHalf, upperHalf) = segment.halves else { return nil }
        let passed = Accounting(
            handled: accounting.handled / 2,
            filtered: accounting.filtered / 2,
            deadLettered: min(letterCount, accounting.deadLettered),
            skipped: accounting.skipped / 2
        )
        func half(_ segment: Segment, _ share: Accounting) -> SegmentProgress {
            let rest = accountedCount - share.total
            return SegmentProgress(
                segment,
                token: token,
                accounting: share,
                elsewhereCount: rest,
                mark: mark
            )
        }
        return (half(lowerHalf, accounting - passed), half(upperHalf, passed))
    }

    /// The segment that a half and its sibling were split from; nothing where they are not at the
    /// same place.
    public func merged(with sibling: SegmentProgress) -> SegmentProgress? {
        guard let parent = segment.parent, segment.sibling == sibling.segment,
            token == sibling.token
        else { return nil }
        var accounting = accounting + sibling.accounting
        // What a partial replay put aside in one half can still be in the numbers of the other.
        _ = accounting.takeOff(accounting.total - min(accounting.total, accountedCount))
        return SegmentProgress(
            parent,
            token: token,
            accounting: accounting,
            elsewhereCount: accountedCount - accounting.total,
            mark: mark
        )
    }
}
