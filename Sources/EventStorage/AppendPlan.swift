package import EventModel

/// What deciding about an append needs to know of the store.
package protocol AppendContext {
    /// The last sequence of a stream; nothing where it does not exist.
    func lastSequence(of stream: StreamName) throws(StorageError) -> Sequence?

    /// The place and stream of the event with an identity; nothing where there is none.
    func place(of id: EventID) throws(StorageError) -> KnownEvent?

    /// Shows the selected events to `visit`, one by one, until it says stop.
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
package struct KnownEvent: Hashable, Sendable {
    package var stream: StreamName
    package var placement: AppendResult.Placement

    package init(stream: StreamName, placement: AppendResult.Placement) {
        self.stream = stream
        self.placement = placement
    }
}

/// The decision about an append: which entries are written, and where every entry stands.
package struct AppendPlan {
    /// The indexes of the entries to write, in order.
    package private(set) var written: [Int] = []
    /// Where every entry stands or will stand.
    package private(set) var placements: [AppendResult.Placement] = []

    /// How many entries the store holds already.
    package var duplicateCount: Int { placements.count - written.count }

    /// Decides about a request on a store whose last position is `head`; writes nothing.
    package init(
        _ request: AppendRequest,
        head: Position,
        in context: some AppendContext
    ) throws(AppendError) {
        if let (index, defect) = request.firstDefect {
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
        var known: [KnownEvent?] = []
        known.reserveCapacity(request.entries.count)
        for entry in request.entries {
            let event = try context.place(of: entry.event.id)
            if let event, event.stream != entry.stream {
                throw AppendError.refused(
                    .identityReused(entry.event.id, at: event.placement.position)
                )
            }
            known.append(event)
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
        for (stream, expectation) in request.expectations.sorted(by: { $0.key < $1.key }) {
            let last = try context.lastSequence(of: stream)
            guard !expectation.isMet(byLast: last) else { continue }
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
        var next: [StreamName: Sequence] = [:]
        var placed: [EventID: KnownEvent] = [:]
        var position = head
        placements.reserveCapacity(request.entries.count)
        for (index, entry) in request.entries.enumerated() {
            if let event = known[index] {
                placements.append(event.placement)
                continue
            }
            if let earlier = placed[entry.event.id] {
                guard request.duplicates == .skip, earlier.stream == entry.stream else {
                    throw AppendError.refused(
                        .identityReused(entry.event.id, at: earlier.placement.position)
                    )
                }
                placements.append(earlier.placement)
                continue
            }
            let sequence =
                try next[entry.stream]
                ?? context.lastSequence(of: entry.stream)?.next ?? .first
            position = position.next
            let placement = AppendResult.Placement(position: position, sequence: sequence)
            next[entry.stream] = sequence.next
            placed[entry.event.id] = KnownEvent(stream: entry.stream, placement: placement)
            written.append(index)
            placements.append(placement)
        }
    }
}
