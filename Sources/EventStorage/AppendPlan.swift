public import EventModel

/// What deciding about an append needs to know of the store.
///
/// Nothing may be appended between the first question and the writing of what was decided: a store
/// asks and writes under one lock, or in one transaction.
public protocol AppendContext {
    /// The last sequences of streams, in their order; nothing for those that do not exist.
    func lastSequences(of streams: [StreamName]) throws(StorageError) -> [Sequence?]

    /// The places and streams of the events with some identities, in their order; nothing for those
    /// that the store does not hold.
    func places(of ids: [EventID]) throws(StorageError) -> [KnownEvent?]

    /// Shows the selected events to `visit`, one by one, until it says stop, as
    /// ``EventStore/read(_:_:)`` does.
    func read(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError)
}

extension AppendContext {
    /// The first event that matches a condition; nothing where none does.
    fileprivate func firstMatch(of condition: AppendCondition) throws(StorageError) -> Position? {
        var first: Position?
        for item in condition.items {
            let selection = EventSelection(
                after: condition.after,
                through: first,
                types: item.types,
                tags: item.tags
            )
            try read(selection) { event in
                first = min(first ?? event.position, event.position)
                return .stop
            }
        }
        return first
    }

    /// The events of a stream from a sequence on, as far as a conflict tells them.
    fileprivate func events(
        of stream: StreamName,
        from sequence: Sequence
    ) throws(StorageError) -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        try read(EventSelection(.stream(stream), fromSequence: sequence)) { event in
            events.append(event.recorded)
            return events.count < StreamConflict.betweenCountMax ? .more : .stop
        }
        return events
    }
}

/// An event the store holds, as far as deciding about an append needs it.
public struct KnownEvent: Hashable, Sendable {
    /// The stream that it is in.
    public var stream: StreamName
    /// Where it stands.
    public var placement: AppendResult.Placement

    /// Makes a known event from its parts.
    public init(stream: StreamName, placement: AppendResult.Placement) {
        self.stream = stream
        self.placement = placement
    }
}

extension AppendResult {
    /// The answer to a request once what its plan writes is written.
    public init(_ plan: AppendPlan, of request: AppendRequest) {
        self.init(
            placements: plan.placements,
            duplicateCount: plan.duplicateCount,
            durability: request.durability
        )
    }
}

/// The decision about an append: which entries are written, and where every entry stands.
///
/// Limits, exactly once by identity, expectations and the condition are the same for every store
/// that decides by it:
/// ```swift
/// func append(_ request: AppendRequest) throws(AppendError) -> AppendResult {
///     try state.withLock { (state) throws(AppendError) in
///         let plan = try AppendPlan(request, head: state.head, in: state)
///         for index in plan.written { state.add(request.entries[index], plan.placements[index]) }
///         return AppendResult(plan, of: request)
///     }
/// }
/// ```
public struct AppendPlan: Sendable {
    /// The indexes of the entries to write, in order.
    public private(set) var written: [Int] = []
    /// Where every entry stands or will stand.
    public private(set) var placements: [AppendResult.Placement] = []

    /// How many entries the store holds already.
    public var duplicateCount: Int { placements.count - written.count }

    /// Decides about a request; writes nothing.
    ///
    /// - Parameters:
    ///   - request: what is to be appended.
    ///   - head: the last position of the store.
    ///   - payloadSizeMax: the most bytes that the store takes as the payload of an event.
    ///   - context: the store.
    /// - Throws: ``AppendError/refused(_:)`` with the reason where nothing is to be written;
    ///   ``AppendError/failed(_:)`` for what the context throws.
    public init(
        _ request: AppendRequest,
        head: Position,
        payloadSizeMax: Int = StoreLimits.payloadSizeMax,
        in context: some AppendContext
    ) throws(AppendError) {
        if let (index, defect) = request.firstDefect(payloadSizeMax: payloadSizeMax) {
            throw .refused(.invalid(index: index, defect))
        }
        do {
            let known = try AppendPlan.knownEvents(of: request, in: context)
            let knownCount = known.count { $0 != nil }
            if knownCount < request.entries.count || request.entries.isEmpty {
                try AppendPlan.check(request, in: context)
            }
            try place(request, known: known, head: head, in: context)
        } catch let error as StorageError {
            throw .failed(error)
        } catch let error as AppendError {
            throw error
        } catch {
            preconditionFailure("Deciding about an append throws only its own two errors.")
        }
    }

    /// The stored event of each entry, where there is one.
    private static func knownEvents(
        of request: AppendRequest,
        in context: some AppendContext
    ) throws -> [KnownEvent?] {
        let known = try context.places(of: request.entries.map(\.event.id))
        for (entry, event) in zip(request.entries, known) {
            guard let event, event.stream != entry.stream else { continue }
            throw AppendError.refused(
                .identityReused(entry.event.id, at: event.placement.position)
            )
        }
        guard request.duplicates == .allOrNone else { return known }
        if let index = known.firstIndex(where: { $0 != nil }), let event = known[index],
            known.contains(where: { $0 == nil })
        {
            let id = request.entries[index].event.id
            throw AppendError.refused(.identityReused(id, at: event.placement.position))
        }
        return known
    }

    /// Holds the expectations and the condition against the store.
    private static func check(_ request: AppendRequest, in context: some AppendContext) throws {
        let streams = request.expectations.keys.sorted()
        for (stream, last) in zip(streams, try context.lastSequences(of: streams)) {
            guard let expectation = request.expectations[stream],
                !expectation.isMet(byLast: last)
            else { continue }
            var first = Sequence.first
            if case .exactly(let sequence) = expectation { first = sequence.next }
            let conflict = StreamConflict(
                stream: stream,
                expectation: expectation,
                last: last,
                between: try context.events(of: stream, from: first)
            )
            throw AppendError.refused(.conflict(conflict))
        }
        if let condition = request.condition,
            let position = try context.firstMatch(of: condition)
        {
            throw AppendError.refused(.conditionFailed(position))
        }
    }

    /// Gives every entry its place.
    private mutating func place(
        _ request: AppendRequest,
        known: [KnownEvent?],
        head: Position,
        in context: some AppendContext
    ) throws {
        let streams = EntryStreams(request, known: known)
        let last = try context.lastSequences(of: streams.all)
        var next = last.map { $0?.next ?? .first }
        var identities = IdentityTable(expecting: request.entries.count)
        placements.reserveCapacity(request.entries.count)
        written.reserveCapacity(request.entries.count)
        let entries = request.entries.span
        for index in entries.indices {
            if let event = known[index] {
                placements.append(event.placement)
                continue
            }
            let id = entries[index].event.id
            if let earlier = identities.position(of: id) {
                let earlierIndex = written[Int(earlier.number) - 1]
                let placement = placements[earlierIndex]
                guard request.duplicates == .skip,
                    streams.numbers[earlierIndex] == streams.numbers[index]
                else { throw AppendError.refused(.identityReused(id, at: placement.position)) }
                placements.append(placement)
                continue
            }
            identities.add(id)
            written.append(index)
            let position = Position(head.number + UInt64(written.count))
            let stream = streams.numbers[index]
            placements.append(AppendResult.Placement(position: position, sequence: next[stream]))
            next[stream] = next[stream].next
        }
    }
}

/// The streams that the entries of a request go to, as far as the store does not hold them.
private struct EntryStreams {
    /// Each stream once, in the order in which they first come up.
    private(set) var all: [StreamName] = []
    /// The number of each entry's stream among them; -1 where the store holds the entry.
    private(set) var numbers: [Int] = []

    init(_ request: AppendRequest, known: [KnownEvent?]) {
        var names = NameTable(expecting: request.entries.count)
        numbers.reserveCapacity(request.entries.count)
        let entries = request.entries.span
        for index in entries.indices {
            guard known[index] == nil else {
                numbers.append(-1)
                continue
            }
            let number = names.numberAdding(entries[index].stream.text)
            if number == all.count { all.append(entries[index].stream) }
            numbers.append(number)
        }
    }
}
