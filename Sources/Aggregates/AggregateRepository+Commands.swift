import EventModel
import EventSchema
import EventStorage

extension AggregateRepository {
    /// How often a command is decided when others keep changing the stream.
    ///
    /// Every lost attempt is another's success: among sixteen equal rivals for one stream, who
    /// loses so often in a row is one in ten million.
    private static var attemptsMax: Int { 256 }

    /// Carries out a command: loads the aggregate, lets it decide, appends the events.
    ///
    /// Where others append to the stream meanwhile, the aggregate says whether what was decided
    /// still holds; else it decides again. A command whose identity has been used has no second
    /// effect: the outcome tells the events it had, whatever the aggregate would say to it by now.
    /// That holds for commands that had events; one without leaves no trace and is decided again.
    ///
    /// - Parameters:
    ///   - command: what is asked.
    ///   - identifier: which aggregate is asked.
    ///   - presence: whether the command creates the aggregate, or needs it to exist.
    ///   - metadata: the identity of the command, and what its events tell about it.
    /// - Returns: the events and where they stand, with the state after them.
    /// - Throws: ``CommandError``.
    public func handle(
        _ command: Root.Command,
        for identifier: String,
        _ presence: AggregatePresence = .any,
        metadata: CommandMetadata
    ) throws(CommandError<Root.Rejection>) -> CommandOutcome<Root> {
        let measured = statistics?.begin(Root.category, command)
        defer { if let measured { statistics?.end(measured) } }
        return try carryOut(command, in: Root.stream(identifier), presence, metadata)
    }

    private func carryOut(
        _ command: Root.Command,
        in stream: StreamName,
        _ presence: AggregatePresence,
        _ metadata: CommandMetadata
    ) throws(CommandError<Root.Rejection>) -> CommandOutcome<Root> {
        var (loaded, isRepeated) = try loadForCommand(stream, metadata)
        var standing: [Root.Event]?
        var lastConflict: StreamConflict?
        for attempt in 0..<Self.attemptsMax {
            if isRepeated, let outcome = try repeated(stream, loaded.root, metadata) {
                return outcome
            }
            let events: [Root.Event]
            do throws(CommandError<Root.Rejection>) {
                if let standing {
                    events = standing
                } else {
                    events = try decide(command, on: loaded, of: stream, presence)
                }
            } catch {
                if let outcome = try repeatedBehindSnapshot(stream, loaded, metadata) {
                    return outcome
                }
                throw error
            }
            // An empty answer may be that of a command whose events the snapshot covers.
            if events.isEmpty, let outcome = try repeatedBehindSnapshot(stream, loaded, metadata) {
                return outcome
            }
            switch try append(pending(events, metadata), to: stream, after: loaded.last) {
            case .appended(let result):
                if result.duplicateCount > 0,
                    let outcome = try repeated(stream, loaded.root, metadata)
                {
                    return outcome
                }
                return appended(events, result, to: stream, loaded)
            case .refused(.conflict(let conflict)):
                lastConflict = conflict
                WorkerThread.pause(microseconds: Self.pauseMicroseconds(afterAttempt: attempt))
                var others: [Root.Event] = []
                isRepeated = try goOnForCommand(stream, &loaded, metadata) { others.append($0) }
                standing = loaded.root.allows(events, after: others) ? events : nil
            case .refused(.identityReused(let id, let position)):
                if let outcome = try repeated(stream, loaded.root, metadata) { return outcome }
                throw .refused(.identityReused(id, at: position))
            case .refused(let refusal):
                throw .refused(refusal)
            }
        }
        guard let lastConflict else {
            preconditionFailure("A command is decided again only after a conflict.")
        }
        throw .conflict(lastConflict)
    }

    /// How long to stay away after a conflict: longer the more there were, and never as long as
    /// others do who lost at the same time.
    private static func pauseMicroseconds(afterAttempt attempt: Int) -> Int {
        attempt == 0 ? 0 : Int.random(in: 0...min(25 << min(attempt, 8), 4000))
    }

    private func decide(
        _ command: Root.Command,
        on loaded: Loaded,
        of stream: StreamName,
        _ presence: AggregatePresence
    ) throws(CommandError<Root.Rejection>) -> [Root.Event] {
        switch (presence, loaded.last) {
        case (.new, .some): throw .exists(stream)
        case (.existing, .none): throw .missing(stream)
        default: break
        }
        do {
            return try loaded.root.decide(command)
        } catch {
            throw .rejected(error)
        }
    }

    /// Loads the aggregate of a command.
    func loadForCommand(
        _ stream: StreamName,
        _ metadata: CommandMetadata
    ) throws(CommandError<Root.Rejection>) -> (loaded: Loaded, isRepeated: Bool) {
        do {
            return try load(stream, noting: metadata)
        } catch {
            throw .history(error)
        }
    }

    private func goOnForCommand(
        _ stream: StreamName,
        _ loaded: inout Loaded,
        _ metadata: CommandMetadata,
        each: (Root.Event) -> Void
    ) throws(CommandError<Root.Rejection>) -> Bool {
        do {
            return try goOn(stream, &loaded, noting: metadata, each: each)
        } catch {
            throw .history(error)
        }
    }

    /// What a command did earlier whose events may lie before the snapshot that was loaded.
    private func repeatedBehindSnapshot(
        _ stream: StreamName,
        _ loaded: Loaded,
        _ metadata: CommandMetadata
    ) throws(CommandError<Root.Rejection>) -> CommandOutcome<Root>? {
        loaded.snapshotSequence == nil ? nil : try repeated(stream, loaded.root, metadata)
    }

    /// What came of an append that the storage did not fail.
    private enum Attempt {
        case appended(AppendResult)
        case refused(AppendRefusal)
    }

    /// Appends the events where the stream still stands as it was loaded.
    private func append(
        _ events: [PendingEvent],
        to stream: StreamName,
        after last: Sequence?
    ) throws(CommandError<Root.Rejection>) -> Attempt {
        let expectation = last.map { StreamExpectation.exactly($0) } ?? .noStream
        let request = AppendRequest(events, to: stream, expecting: expectation)
        do {
            return .appended(try store.append(request))
        } catch {
            switch error {
            case .refused(let refusal): return .refused(refusal)
            case .failed(let failure): throw .failed(failure)
            }
        }
    }

    /// The events of a command as they are appended.
    func pending(
        _ events: [Root.Event],
        _ metadata: CommandMetadata
    ) throws(CommandError<Root.Rejection>) -> [PendingEvent] {
        let json = metadata.json(from: origin)
        var pending: [PendingEvent] = []
        pending.reserveCapacity(events.count)
        for index in events.indices {
            let content: EventContent
            do {
                content = try history.codec.encode(events[index])
            } catch {
                throw .history(.rules(error.description))
            }
            pending.append(
                PendingEvent(
                    id: metadata.eventID(index),
                    type: content.form.type,
                    revision: content.form.revision,
                    eventTime: metadata.eventTime,
                    metadata: json,
                    payload: content.payload
                )
            )
        }
        return pending
    }

    /// The outcome of events that were appended, after which a snapshot may be due.
    private func appended(
        _ events: [Root.Event],
        _ result: AppendResult,
        to stream: StreamName,
        _ loaded: Loaded
    ) -> CommandOutcome<Root> {
        var loaded = loaded
        for index in events.indices { loaded.root.evolve(events[index]) }
        if let last = result.placements.last {
            loaded.last = last.sequence
            loaded.lastPosition = last.position
            if isSnapshotDue(for: loaded) { saveSnapshot(of: loaded) }
        }
        return CommandOutcome(
            stream: stream,
            root: loaded.root,
            events: events,
            placements: result.placements,
            isRepeated: false
        )
    }

    /// What a command did earlier; nothing where the stream holds no event of it.
    func repeated(
        _ stream: StreamName,
        _ root: Root,
        _ metadata: CommandMetadata
    ) throws(CommandError<Root.Rejection>) -> CommandOutcome<Root>? {
        var events: [Root.Event] = []
        var placements: [AppendResult.Placement] = []
        var failure: RejectedEvent?
        do {
            try store.read(EventSelection(.stream(stream))) { event in
                guard event.id == metadata.eventID(placements.count) else {
                    return placements.isEmpty ? .more : .stop
                }
                do throws(RejectedEvent) {
                    try history.decode(event) { events.append($0) }
                } catch {
                    failure = error
                    return .stop
                }
                placements.append(
                    AppendResult.Placement(position: event.position, sequence: event.sequence)
                )
                return .more
            }
        } catch {
            throw .history(.storage(error))
        }
        if let failure { throw .history(.event(failure)) }
        if placements.isEmpty { return nil }
        return CommandOutcome(
            stream: stream,
            root: root,
            events: events,
            placements: placements,
            isRepeated: true
        )
    }
}
