import EventModel
import EventStorage

/// The appends of one group, decided one after the other: each sees the log as it is with the
/// appends before it.
struct GroupDecision<Log: AppendContext> {
    private let log: Log
    private let head: Position
    private let recordedTime: Timestamp
    private let limits: LogLimits
    private var added = AddedEvents()

    /// The events that the appends write; to be finished when all are decided.
    var draft: RecordDraft
    /// What was decided about the appends so far, in their order; what was accepted holds as soon
    /// as the record is written.
    private(set) var outcomes: [AppendOutcome] = []

    /// Begins to decide about appends to a log.
    ///
    /// - Parameters:
    ///   - log: the log, which does not change meanwhile.
    ///   - head: its last position.
    ///   - recordedTime: when the events will have been committed.
    ///   - limits: what a record may hold.
    ///   - draft: memory to be used again; what it holds is forgotten.
    init(
        on log: Log,
        head: Position,
        recordedTime: Timestamp,
        limits: LogLimits,
        draft: consuming RecordDraft
    ) {
        self.log = log
        self.head = head
        self.recordedTime = recordedTime
        self.limits = limits
        draft.begin()
        self.draft = draft
    }

    /// Decides about the next append, of which `isLast` tells that no other of the group follows.
    ///
    /// - Returns: false where the append does not fit into the record with those before it; it is
    ///   not decided then.
    mutating func decide(_ request: AppendRequest, isLast: Bool) -> Bool {
        let count = draft.eventCount
        do throws(AppendError) {
            let plan = try plan(request)
            let sizeBefore = draft.bodySize
            draft.add(plan, of: request)
            let size = draft.bodySize - sizeBefore
            if limits.exceeds(size: size, eventCount: plan.written.count) {
                throw .refused(.invalid(index: 0, .batchSize(size)))
            }
            if count > 0, limits.exceeds(size: draft.bodySize, eventCount: 1) {
                draft.removeEvents(from: count)
                return false
            }
            if !isLast { added.add(plan, of: request) }
            outcomes.append(.success(AppendResult(plan, of: request)))
        } catch {
            draft.removeEvents(from: count)
            outcomes.append(.failure(error))
        }
        return true
    }

    private func plan(_ request: AppendRequest) throws(AppendError) -> AppendPlan {
        let context = GroupContext(
            log: log,
            head: head,
            added: added,
            draft: draft,
            recordedTime: recordedTime
        )
        return try AppendPlan(
            request,
            head: Position(head.number + UInt64(draft.eventCount)),
            payloadSizeMax: limits.payloadSizeMax,
            in: context
        )
    }
}

/// What the appends before in the same group add to the log.
private struct AddedEvents {
    /// The streams, and the last sequence of each.
    var streams = NameTable()
    var last: [Sequence] = []
    var identities: [EventID: KnownEvent] = [:]

    mutating func add(_ plan: AppendPlan, of request: AppendRequest) {
        for index in plan.written {
            let entry = request.entries[index]
            let placement = plan.placements[index]
            let stream = streams.numberAdding(entry.stream.text)
            if stream == last.count { last.append(placement.sequence) }
            last[stream] = placement.sequence
            identities[entry.event.id] = KnownEvent(stream: entry.stream, placement: placement)
        }
    }
}

/// The log with the appends before in the same group, as deciding about an append sees it.
private struct GroupContext<Log: AppendContext>: AppendContext {
    let log: Log
    let head: Position
    let added: AddedEvents
    let draft: RecordDraft
    let recordedTime: Timestamp

    func lastSequences(of streams: [StreamName]) throws(StorageError) -> [Sequence?] {
        var last = try log.lastSequences(of: streams)
        guard !added.last.isEmpty else { return last }
        for (index, stream) in streams.enumerated() {
            guard let number = added.streams.number(of: stream.text) else { continue }
            last[index] = added.last[number]
        }
        return last
    }

    func places(of ids: [EventID]) throws(StorageError) -> [KnownEvent?] {
        var places = try log.places(of: ids)
        guard !added.identities.isEmpty else { return places }
        for (index, id) in ids.enumerated() where places[index] == nil {
            places[index] = added.identities[id]
        }
        return places
    }

    func read(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        var control = ReadControl.more
        try log.read(selection) { event in
            control = visit(event)
            return control
        }
        guard control == .more, draft.eventCount > 0 else { return }
        let filter = EventFilter(selection)
        let last = Position(head.number + UInt64(draft.eventCount))
        guard let range = selection.positions(head: last) else { return }
        for number in 0..<draft.eventCount {
            let position = Position(head.number + UInt64(number) + 1)
            guard range.contains(position.number) else { continue }
            let next = draft.withEvent(number, position: position, recordedTime: recordedTime) {
                selection.isOfScope($0) && filter.matches($0) ? visit($0) : .more
            }
            if next == .stop { return }
        }
    }
}
