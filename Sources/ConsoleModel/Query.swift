public import EventModel
public import OperationsModel

/// A question to the store, one case for each that ``OperationsSource`` answers.
public enum Query: Hashable, Sendable {
    /// How the store as a whole stands.
    case status
    /// Everything that is or will be wrong.
    case problems
    /// A page of streams.
    case streams(StreamsRequest)
    /// A page of events.
    case events(EventsRequest)
    /// One event with its payload.
    case event(Position)
    /// The state of an aggregate at a point.
    case state(StreamName, StatePoint)
    /// What differs between two sequences of an aggregate.
    case difference(StreamName, from: Sequence?, to: Sequence?)
    /// How every processing group stands.
    case processors
    /// What a replay would do.
    case plan(ReplayRequest)
    /// The sequences that have dead letters, of a group or of all, at most so many of each.
    case deadLetters(group: String?, limit: Int)
    /// What is to be done outside the store.
    case effects(EffectsRequest)
    /// How well each category is covered by snapshots.
    case snapshotCoverage
    /// The snapshots of a stream.
    case snapshots(StreamName)
    /// How long commands took.
    case commands
    /// What operators asked for, at most so many.
    case operations(limit: Int)
}

/// What the store answered to a ``Query``; the cases have the same names.
public enum Answer: Hashable, Sendable {
    /// How the store as a whole stands.
    case status(StoreStatus)
    /// Everything that is or will be wrong.
    case problems([Problem])
    /// A page of streams.
    case streams([StreamSummary])
    /// A page of events.
    case events([EventSummary])
    /// One event, or nothing beyond the head.
    case event(EventDetail?)
    /// The state of an aggregate.
    case state(AggregateState)
    /// The fields that differ.
    case difference([FieldDifference])
    /// How every processing group stands.
    case processors([ProcessorStatus])
    /// What a replay would do.
    case plan(ReplayPlan)
    /// The sequences that have dead letters.
    case deadLetters([DeadLetterSequence])
    /// What is to be done outside the store, and what was.
    case effects([EffectEntry])
    /// How well each category is covered.
    case snapshotCoverage([SnapshotCoverage])
    /// The snapshots of a stream.
    case snapshots([SnapshotSummary])
    /// How long commands took.
    case commands([CommandSummary])
    /// What operators asked for.
    case operations([OperationEntry])
}

extension OperationsSource {
    /// Answers a question of the console; blocks until the answer is there.
    public func answer(to query: Query) throws(OperationsError) -> Answer {
        switch query {
        case .status: .status(try status())
        case .problems: .problems(try problems())
        case .streams(let request): .streams(try streams(request))
        case .events(let request): .events(try events(request))
        case .event(let position): .event(try event(at: position))
        case .state(let stream, let point): .state(try state(of: stream, at: point))
        case .difference(let stream, let earlier, let later):
            .difference(try difference(of: stream, from: earlier, to: later))
        case .processors: .processors(try processors())
        case .plan(let request): .plan(try plan(request))
        case .deadLetters(let group, let limit):
            .deadLetters(try deadLetters(of: group, limit: limit))
        case .effects(let request): .effects(try effects(request))
        case .snapshotCoverage: .snapshotCoverage(try snapshotCoverage())
        case .snapshots(let stream): .snapshots(try snapshots(of: stream))
        case .commands: .commands(try commands())
        case .operations(let limit): .operations(try operations(limit: limit))
        }
    }
}

/// A place in the console that one answer fills; a newer question for it outdates the older.
public enum Slot: String, Hashable, Sendable, CaseIterable {
    /// The state of the store.
    case status
    /// The problem line and the list on Pulse.
    case problems
    /// Every processing group.
    case processors
    /// What operators asked for.
    case operations
    /// The end of the live tail.
    case tail
    /// The events before those of the live tail.
    case tailOlder
    /// The event whose payload is shown.
    case event
    /// The window of the list of streams.
    case streams
    /// The window of one stream's events.
    case history
    /// The last event of the stream whose history is shown.
    case historyHead
    /// The snapshots of the stream whose history is shown.
    case historySnapshots
    /// The state at the selected sequence.
    case aggregateState
    /// The difference up to the selected sequence.
    case difference
    /// The sequence an operator wants to go to.
    case locate
    /// What a replay would do.
    case plan
    /// The sequences that have dead letters.
    case deadLetters
    /// The event of the selected dead letter.
    case letterEvent
    /// The effects.
    case effects
    /// The snapshots by category.
    case coverage
    /// The snapshots of one stream.
    case snapshots
    /// The commands below the list of aggregates.
    case commands
}

/// Which question an answer belongs to.
public struct FetchToken: Hashable, Sendable {
    /// The place the answer is for.
    public let slot: Slot
    /// The number of the question; a higher one in the same slot outdates it.
    public let number: UInt64

    /// Makes a token.
    public init(slot: Slot, number: UInt64) {
        self.slot = slot
        self.number = number
    }
}
