import EventModel
import EventStorage

/// The progress of a group while segments of it, which are at the same place, take in events.
struct SegmentBatch {
    /// The progress, in which the tokens of the segments have not moved yet.
    private(set) var progress: GroupProgress
    /// The token of the segments before the batch.
    let token: TrackingToken
    /// The last event taken in.
    private(set) var position: Position
    private var lastEvent: (id: EventID, recordedTime: Timestamp)?
    /// The first event of each long stretch that it has come to.
    private var passedMarks: [HistoryMark] = []
    private let incarnation: UInt32
    private let segments: [Int]
    private let table: SegmentTable?
    /// How many events were of each segment of the group, where it has several.
    private var routedCounts: [UInt64] = []
    private var othersCount: UInt64 = 0
    /// What became of the events of a group that has one segment; arrays would take their time.
    private var counted = Accounting()
    private let resetPosition: Position
    private let isPartial: Bool

    init(_ progress: GroupProgress, _ team: SegmentTeam, incarnation: UInt32) {
        self.progress = progress
        self.incarnation = incarnation
        token = team.token
        resetPosition = team.token.replay?.resetPosition ?? .start
        isPartial = team.token.replay?.isPartial ?? false
        position = team.token.position
        segments = team.indices
        let isWhole = progress.segments.count == 1
        table = isWhole ? nil : SegmentTable(segments, of: progress)
        if !isWhole { routedCounts = Array(repeating: 0, count: progress.segments.count) }
    }

    /// Whether the event that it went on to was decided before the reset.
    var isReplay: Bool { position <= resetPosition }

    /// Goes on to an event; those in between, of a group with one segment, no handler is for.
    ///
    /// - Returns: where its segment is, of those that take in events; nothing where it is of
    ///   another one.
    mutating func advance(
        to event: borrowing EventView,
        _ sequencing: SequencingPolicy
    ) -> Int? {
        let reached = event.position
        let isMarked =
            reached.number / SegmentBatch.markInterval != position.number
            / SegmentBatch.markInterval
        if table == nil, reached.number != position.number + 1 {
            passOver(through: Position(reached.number - 1))
        }
        position = reached
        lastEvent = (event.id, event.recordedTime)
        if isMarked, let mark { passedMarks.append(mark) }
        guard let table else { return 0 }
        guard let index = table.index(of: sequencing.hash(of: event)) else {
            othersCount += 1
            return nil
        }
        routedCounts[index] += 1
        return index
    }

    /// The positions of which one event is a mark besides the last one of the batch.
    ///
    /// In a large batch it would take too long to keep more, of which the next one removes most.
    private static let markInterval = HistoryMark.interval * 64

    /// The marks to keep besides the last one.
    var marks: [HistoryMark] {
        passedMarks.filter {
            position.number - $0.position.number <= HistoryMark.reach(ofLevel: $0.level)
        }
    }

    private var mark: HistoryMark? {
        lastEvent.map {
            HistoryMark(
                position: position,
                event: $0.id,
                incarnation: incarnation,
                recordedTime: $0.recordedTime
            )
        }
    }

    /// Whether the group has one segment, which every event is of.
    var isWhole: Bool { table == nil }

    /// Counts events of a group with one segment that no handler is for, without a look at them.
    ///
    /// Positions are gapless, so that their number is known. In a partial replay they are in the
    /// accounting already.
    mutating func passOver(through last: Position) {
        guard last > position else { return }
        let count = last.number - position.number
        position = last
        lastEvent = nil
        if !isPartial { counted.filtered += count }
    }

    /// Counts the next event of a group with one segment, which no handler is for.
    mutating func passOver(_ event: borrowing EventView) {
        passOver(through: event.position)
        lastEvent = (event.id, event.recordedTime)
    }

    /// Counts an event of a segment.
    mutating func count(_ number: WritableKeyPath<Accounting, UInt64>, at index: Int) {
        progress.segments[index].accounting[keyPath: number] += 1
    }

    /// Counts an event of a segment that a handler took.
    mutating func countHandled(at index: Int) {
        if table == nil { counted.handled += 1 } else { count(\.handled, at: index) }
    }

    /// Counts an event of a segment that no handler is for.
    mutating func countFiltered(at index: Int) {
        if table == nil { counted.filtered += 1 } else { count(\.filtered, at: index) }
    }

    /// Counts an event that a partial replay has put aside.
    mutating func putAsideAgain(at index: Int) {
        progress.segments[index].putAsideAgain()
    }

    /// The progress behind the batch.
    consuming func finish() -> GroupProgress {
        if table == nil {
            progress.segments[0].accounting = progress.segments[0].accounting + counted
        }
        // A partial replay decides nothing anew.
        let isCounted = table != nil && !isPartial
        let total = routedCounts.reduce(othersCount, +)
        let mark = mark
        for index in segments {
            progress.segments[index].token.advance(to: position)
            let earlier = progress.segments[index].mark?.position ?? .start
            if let mark, position >= earlier { progress.segments[index].mark = mark }
            if isCounted { progress.segments[index].elsewhereCount += total - routedCounts[index] }
        }
        return progress
    }
}

/// Which segment takes a hash, looked up at once.
struct SegmentTable {
    private var indices: [Int8]

    init(_ chosen: [Int], of progress: GroupProgress) {
        indices = Array(repeating: -1, count: Segment.countMax)
        for index in chosen {
            let segment = progress.segments[index].segment
            for hash in 0..<Segment.countMax where segment.takes(UInt32(hash)) {
                indices[hash] = Int8(index)
            }
        }
    }

    func index(of hash: UInt32) -> Int? {
        let index = indices[Int(hash % UInt32(Segment.countMax))]
        return index < 0 ? nil : Int(index)
    }
}
