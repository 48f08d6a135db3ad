public import EventModel

/// What a group stores with its rows, in the same transaction.
public struct GroupProgress: Hashable, Sendable {
    /// How far its segments have come, in the order of their numbers; at least one.
    public package(set) var segments: [SegmentProgress]
    /// The position after which the accounting counts.
    public var accountedFrom: Position
    /// Why it is paused, as its operator said; nothing where it is not.
    public var pauseReason: String?
    /// The sequence in `$operations` of the next event to look at.
    public var nextOperation: Sequence
    /// The event of `$operations` before that; nothing where none was looked at.
    public var lastOperation: EventID?
    /// The last rate measured over many events, in events a second.
    public var measuredRate: Double?
    /// The retry of dead letters under way, where there is one.
    public var retry: LetterRetry?
    /// The replay into new rows beside those in use, where one is under way.
    public var shadow: TrackingToken.Replay?
    /// Which events were handled one after the other, and so were of the same segment.
    public var sequencing: SequencingPolicy?

    /// Makes a progress; without arguments that of a group that never ran.
    ///
    /// - Parameters:
    ///   - segments: the progress of each segment.
    ///   - accountedFrom: the position after which the accounting counts.
    ///   - pauseReason: why it is paused.
    ///   - nextOperation: the sequence in `$operations` of the next event to look at.
    ///   - lastOperation: the event of `$operations` before that.
    ///   - measuredRate: the last rate measured over many events.
    ///   - retry: the retry of dead letters under way.
    ///   - shadow: the replay into new rows under way.
    ///   - sequencing: which events were handled one after the other.
    public init(
        segments: [SegmentProgress] = [SegmentProgress(.whole)],
        accountedFrom: Position = .start,
        pauseReason: String? = nil,
        nextOperation: Sequence = .first,
        lastOperation: EventID? = nil,
        measuredRate: Double? = nil,
        retry: LetterRetry? = nil,
        shadow: TrackingToken.Replay? = nil,
        sequencing: SequencingPolicy? = nil
    ) {
        precondition(!segments.isEmpty, "A group has at least one segment.")
        self.segments = segments.sorted { $0.segment < $1.segment }
        self.accountedFrom = accountedFrom
        self.pauseReason = pauseReason
        self.nextOperation = nextOperation
        self.lastOperation = lastOperation
        self.measuredRate = measuredRate
        self.retry = retry
        self.shadow = shadow
        self.sequencing = sequencing
    }

    /// Makes the progress of a group with one segment.
    public init(
        token: TrackingToken,
        accounting: Accounting = Accounting(),
        pauseReason: String? = nil,
        measuredRate: Double? = nil
    ) {
        self.init(
            segments: [SegmentProgress(.whole, token: token, accounting: accounting)],
            pauseReason: pauseReason,
            measuredRate: measuredRate
        )
    }

    /// Makes the progress of new rows beside those in use, before the first event.
    public init(_ shadow: TrackingToken.Replay, of inUse: GroupProgress) {
        let token = TrackingToken(replay: shadow)
        self.init(segments: inUse.segments.map { SegmentProgress($0.segment, token: token) })
    }

    /// The token of the segment that has come least far.
    public var token: TrackingToken { segments[lastIndex].token }

    /// The last event that any segment ever decided; nothing where it never ran.
    package var lastMark: HistoryMark? {
        segments.compactMap(\.mark).max { $0.position < $1.position }
    }

    /// The last position that any segment ever decided, also before a reset.
    public var everDecidedPosition: Position {
        segments.reduce(.start) {
            max($0, $1.token.position, $1.token.replay?.resetPosition ?? .start)
        }
    }

    private var lastIndex: Int {
        var last = 0
        for index in segments.indices
        where segments[index].token.position < segments[last].token.position {
            last = index
        }
        return last
    }

    /// The replay under way, where there is one; of its segments, the first.
    public var replay: TrackingToken.Replay? {
        for segment in segments {
            if let replay = segment.token.replay { return replay }
        }
        return nil
    }

    /// The operations whose replays are under way; segments that had not come so far when a replay
    /// began within another are still in that one.
    var replayOperations: [EventID] {
        segments.compactMap { $0.token.replay?.operation }
    }

    /// Whether an operation has been begun and not ended.
    func isUnderWay(_ operation: EventID) -> Bool {
        replayOperations.contains(operation) || retry?.operation == operation
            || shadow?.operation == operation
    }

    /// Notes that an event of `$operations` was looked at, and obeyed where it is to be.
    mutating func noteOperation(_ event: EventID, at sequence: Sequence) {
        nextOperation = sequence.next
        lastOperation = event
    }

    /// Takes over which operations were obeyed.
    package mutating func takeOverOperations(of other: GroupProgress) {
        nextOperation = other.nextOperation
        lastOperation = other.lastOperation
    }

    /// The position of the segment that has come furthest.
    public var furthestPosition: Position {
        segments.reduce(.start) { max($0, $1.token.position) }
    }

    /// Whether another progress differs only in how far segments have come, in what became of
    /// events and in which operations have been seen.
    package func isAlike(_ other: GroupProgress?) -> Bool {
        guard let other, segments.count == other.segments.count else { return false }
        for (mine, its) in zip(segments, other.segments)
        where mine.segment != its.segment || mine.token.replay != its.token.replay {
            return false
        }
        return pauseReason == other.pauseReason && accountedFrom == other.accountedFrom
            && retry?.operation == other.retry?.operation && shadow == other.shadow
            && sequencing == other.sequencing
    }

    /// How many positions its segments have come further since an earlier progress of the group.
    func advance(since earlier: GroupProgress) -> UInt64 {
        var count: UInt64 = 0
        for (new, old) in zip(segments, earlier.segments)
        where new.token.position > old.token.position {
            count = max(count, new.token.position.number - old.token.position.number)
        }
        return count
    }

    /// What became of the events after ``accountedFrom``, in all segments together.
    public var accounting: Accounting {
        segments.reduce(Accounting()) { $0 + $1.accounting }
    }

    /// Whether all segments are at the same place.
    public var isLevel: Bool { segments.allSatisfy { $0.token == segments[0].token } }

    /// Forgets what was decided after an event, which belongs to another history than the log's.
    mutating func goBack(to ancestor: HistoryMark?) {
        let position = ancestor?.position ?? .start
        for index in segments.indices {
            segments[index].token = segments[index].token.limited(to: position)
            if let mark = segments[index].mark, mark.position > position {
                segments[index].mark = ancestor
            }
        }
    }

    /// Lets a replay under way go on as fast as it can.
    mutating func liftRateLimit() {
        for index in segments.indices { segments[index].token.liftRateLimit() }
    }

    /// Takes over what became of events, from rows with the same segments.
    mutating func takeOver(_ made: GroupProgress) {
        precondition(made.segments.map(\.segment) == segments.map(\.segment), "The same segments.")
        for index in segments.indices {
            segments[index].accounting = made.segments[index].accounting
            segments[index].elsewhereCount = made.segments[index].elsewhereCount
        }
    }

    /// The index of the segment that takes a sequence.
    public func index(ofSequence key: String) -> Int {
        if segments.count == 1 { return 0 }
        let hash = SequenceHash(of: key).bits
        guard let index = segments.firstIndex(where: { $0.segment.takes(hash) }) else {
            preconditionFailure("The segments of a group take every sequence.")
        }
        return index
    }

    /// Counts a letter that has become something else.
    ///
    /// One of a position before the accounting begins is not in its numbers.
    mutating func letterLeft(
        _ letter: DeadLetter,
        to number: WritableKeyPath<Accounting, UInt64>
    ) {
        guard letter.position > accountedFrom else { return }
        let index = index(ofSequence: letter.sequenceKey)
        segments[index].accounting.deadLettered -= 1
        segments[index].accounting[keyPath: number] += 1
    }

    /// Whether every position since the last reset of all rows is accounted for, in each segment
    /// and in all of them together.
    public var isAccountedFor: Bool {
        let isComplete = segments.allSatisfy {
            accountedFrom.number + $0.accountedCount == $0.token.decidedPosition.number
        }
        let decided = segments[0].token.decidedPosition
        guard isComplete, segments.allSatisfy({ $0.token.decidedPosition == decided }) else {
            return isComplete
        }
        return accountedFrom.number + accounting.total == decided.number
    }
}
