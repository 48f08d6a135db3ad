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
    ///
    /// It is in the numbers of the segment, unless an earlier version divided them.
    mutating func putAsideAgain() {
        elsewhereCount -= accounting.takeOff(1)
        accounting.deadLettered += 1
    }

    /// The halves of the segment, which go on where it is.
    ///
    /// How many earlier events are of each is known, and how many dead letters; what became of the
    /// others is divided between them.
    ///
    /// - Parameters:
    ///   - count: how many events in the accounting are of the upper half.
    ///   - letterCount: how many dead letters are.
    /// - Returns: nothing where the segment cannot be split.
    public func halves(
        count: UInt64,
        letterCount: UInt64
    ) -> (lower: SegmentProgress, upper: SegmentProgress)? {
        guard let (lowerHalf, upperHalf) = segment.halves else { return nil }
        let passed = accounting.part(of: count, deadLettered: letterCount)
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
        let accounting = accounting + sibling.accounting
        return SegmentProgress(
            parent,
            token: token,
            accounting: accounting,
            elsewhereCount: accountedCount - min(accounting.total, accountedCount),
            mark: mark
        )
    }
}
