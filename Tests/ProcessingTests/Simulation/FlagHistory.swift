import Disk
import EventModel
import EventStorage
@testable import Processing
import RecountTesting

/// A history chosen at random of resets within resets, splits and merges, on values alone.
struct FlagHistory {
    private static let streams = (0..<6).map { "cart-\($0)" }
    /// Events of some streams, the same in every history.
    static func makeLog() throws -> InMemoryEventStore {
        let log = InMemoryEventStore(now: { .epoch })
        var random = RandomSequence(seed: 7)
        for number in UInt64(0)..<30 {
            let stream = streams[random.next(below: streams.count)]
            _ = try log.append(TestEvents.request(1, to: stream, from: number))
        }
        return log
    }

    private let log: InMemoryEventStore
    private var random: RandomSequence
    private var processor = Processor(GroupProgress(), isIdempotent: false)
    private var head: UInt64 = 5
    private var askedCount: UInt64 = 0
    /// What was decided before the last reset.
    private var known: Set<Position> = []
    /// What was decided since.
    private var decided: Set<Position> = []
    private var last: [StreamName: Position] = [:]
    private var violation: String?

    init(seed: UInt64, _ log: InMemoryEventStore) {
        self.log = log
        random = RandomSequence(seed: seed)
    }

    /// Lives through the history.
    ///
    /// - Returns: what went wrong; nothing where all was well.
    mutating func live() throws -> String? {
        for _ in 0..<16 where violation == nil { try tick() }
        claim(nil)
        for _ in 0..<40 where violation == nil { try goOn(countMax: 30) }
        if violation == nil, decided.count != Int(head) {
            violation = "only \(decided.count) of \(head) events are decided"
        }
        return violation
    }

    private mutating func tick() throws {
        switch random.next(below: 8) {
        case 0: try ask(.replay(group: "g", after: .start, rateLimit: nil))
        case 1: try ask(.split(group: "g", segment: nil))
        case 2: try ask(.merge(group: "g", segment: nil))
        case 3: head = min(30, head + UInt64(random.next(below: 9)))
        default:
            let segments = processor.progress.segments.map(\.segment)
            let own = segments.filter { _ in random.next(below: 2) == 0 }
            claim(own.isEmpty ? nil : Set(own))
            try goOn(countMax: 1 + random.next(below: 9))
        }
    }

    /// Goes on as a host with some segments; nothing means all.
    private mutating func claim(_ segments: Set<Segment>?) {
        processor = Processor(processor.progress, claimed: segments, isIdempotent: false)
    }

    private mutating func ask(_ act: Operation.Act) throws {
        claim(nil)
        askedCount += 1
        let id = EventID(high: 0, low: askedCount)
        let operation = Operation(id: id, act: act, operatorName: "", host: "", reason: "")
        processor.receive(operation, at: Sequence(askedCount))
        try perform(processor.next(head: Position(head), now: .epoch))
    }

    private mutating func perform(_ action: Processor.Action) throws {
        switch action {
        case .replace(_, let progress, _):
            known.formUnion(decided)
            decided = []
            last = [:]
            processor = Processor(progress, isIdempotent: false)
        case .split(let segment, var progress, _):
            guard let index = progress.segments.firstIndex(where: { $0.segment == segment }),
                let (lower, upper) = try halves(progress.segments[index])
            else { return violation = "a segment is split that cannot be" }
            progress.segments[index] = lower
            progress.segments.append(upper)
            progress.segments.sort { $0.segment < $1.segment }
            processor = Processor(progress, isIdempotent: false)
        default: break
        }
        if !processor.progress.isAccountedFor { violation = "the numbers do not add up" }
    }

    private func halves(
        _ segment: SegmentProgress
    ) throws -> (lower: SegmentProgress, upper: SegmentProgress)? {
        let selection = EventSelection(through: segment.token.decidedPosition)
        let upper = segment.segment.halves?.upper
        let count = try upper?.eventCount(among: selection, in: log, by: .perStream)
        return segment.halves(count: count ?? 0, letterCount: 0)
    }

    private mutating func goOn(countMax: Int) throws {
        switch processor.next(head: Position(head), now: .epoch) {
        case .handle(let position, let limit):
            let count = UInt64(min(limit, countMax))
            try handle(after: position, through: Position(position.number + count))
        case let action: try perform(action)
        }
    }

    private mutating func handle(after position: Position, through end: Position) throws {
        var batch = SegmentBatch(processor.progress, processor.team, incarnation: 1)
        try log.read(EventSelection(after: position, through: end)) { event in
            let isReplay = batch.token.isReplay(event.position)
            guard let index = batch.advance(to: event, .perStream) else { return .more }
            batch.countHandled(at: index)
            note(event, isReplay: isReplay)
            return .more
        }
        processor.handled(batch.finish())
        if !processor.progress.isAccountedFor { violation = "the numbers do not add up" }
    }

    private mutating func note(_ event: borrowing EventView, isReplay: Bool) {
        let (position, stream) = (event.position, event.streamName)
        if isReplay != known.contains(position) {
            violation = "position \(position) has the replay flag \(isReplay)"
        }
        if !decided.insert(position).inserted { violation = "position \(position) came twice" }
        if last[stream, default: .start] >= position { violation = "\(position) came too late" }
        last[stream] = position
    }
}
