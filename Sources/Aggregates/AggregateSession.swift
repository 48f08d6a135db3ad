import EventModel
import EventStorage

/// Aggregates of one category that stay in memory, and commands on them that are journaled in
/// groups: decided one after the other, appended together, and durable when the call returns.
///
/// For whoever has many commands at hand, such as a queue's consumer or an import. Others may
/// change the same aggregates meanwhile; then the group is carried out command by command. For use
/// by one thread; blocks it.
public struct AggregateSession<Root: Aggregate>: ~Copyable {
    /// What came of a command.
    public typealias Outcome = Result<CommandOutcome<Root>, CommandError<Root.Rejection>>

    /// A command and where it goes.
    public struct Order: Sendable {
        /// What is asked.
        public var command: Root.Command
        /// Which aggregate is asked.
        public var identifier: String
        /// The identity of the command, and what its events tell about it.
        public var metadata: CommandMetadata

        /// Puts an order together.
        public init(_ command: Root.Command, for identifier: String, metadata: CommandMetadata) {
            self.command = command
            self.identifier = identifier
            self.metadata = metadata
        }
    }

    private let repository: AggregateRepository<Root>
    private let keptCountMax: Int
    private var kept: [String: AggregateRepository<Root>.Loaded] = [:]
    private var group = CommandGroup<Root>()

    /// Begins with nothing in memory.
    ///
    /// - Parameters:
    ///   - repository: what aggregates are loaded from and commands are carried out by.
    ///   - count: how many aggregates are kept about; all are forgotten when there are more.
    public init(_ repository: AggregateRepository<Root>, keeping count: Int = 100_000) {
        self.repository = repository
        keptCountMax = count
    }

    /// Carries out commands in their order.
    ///
    /// What the commands lead to is appended in groups as large as the store takes, most of the
    /// time all in one, each with one sync.
    ///
    /// - Returns: what came of each, in their order, as ``AggregateRepository`` would tell it.
    public mutating func handle(_ orders: [Order]) -> [Outcome] {
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(orders.count)
        var groupStart = 0
        // Loops over indices, here and below: iterators of generic values are slow.
        for number in orders.indices {
            let order = orders[number]
            // A command that is sent again is found in the store, behind the group.
            if group.isFull || group.commands.contains(order.metadata.commandID) {
                outcomes += commit(orders[groupStart..<number])
                groupStart = number
            }
            decide(order)
        }
        outcomes += commit(orders[groupStart...])
        if kept.count > keptCountMax { kept = [:] }
        return outcomes
    }

    /// Decides a command on the aggregate in memory, and adds what comes of it to the group.
    private mutating func decide(_ order: Order) {
        let measured = repository.statistics?.begin(Root.category, order.command)
        do throws(CommandError<Root.Rejection>) {
            let stream = Root.stream(order.identifier)
            var loaded = try loaded(order, stream)
            switch try decision(about: order, on: loaded, stream) {
            case .known(let outcome): group.add(order.metadata, .success(outcome), [], measured)
            case .events(let events):
                let pending = try repository.pending(events, order.metadata)
                group.expect(stream, after: loaded.last)
                for event in events { loaded.root.evolve(event) }
                let count = loaded.last?.next.number ?? 0
                loaded.last = Sequence(count + UInt64(events.count) - 1)
                kept[order.identifier] = loaded
                let outcome = CommandOutcome(
                    stream: stream,
                    root: loaded.root,
                    events: events,
                    placements: [],
                    isRepeated: false
                )
                group.add(order.metadata, .success(outcome), pending, measured)
            }
        } catch {
            group.add(order.metadata, .failure(error), [], measured)
        }
    }

    private mutating func loaded(
        _ order: Order,
        _ stream: StreamName
    ) throws(CommandError<Root.Rejection>) -> AggregateRepository<Root>.Loaded {
        if let known = kept[order.identifier] { return known }
        let loaded = try repository.loadForCommand(stream, order.metadata).loaded
        kept[order.identifier] = loaded
        return loaded
    }

    /// What an aggregate says to a command.
    private enum Decision {
        /// There is nothing to append.
        case known(CommandOutcome<Root>)
        /// What is to be appended, at least one event.
        case events([Root.Event])
    }

    private func decision(
        about order: Order,
        on loaded: AggregateRepository<Root>.Loaded,
        _ stream: StreamName
    ) throws(CommandError<Root.Rejection>) -> Decision {
        var rejection: Root.Rejection?
        do {
            let events = try loaded.root.decide(order.command)
            if !events.isEmpty { return .events(events) }
        } catch {
            rejection = error
        }
        // A command whose events went in long ago may be refused, or have nothing to do, by now.
        if let outcome = try repository.repeated(stream, loaded.root, order.metadata) {
            return .known(outcome)
        }
        if let rejection { throw .rejected(rejection) }
        return .known(
            CommandOutcome(
                stream: stream,
                root: loaded.root,
                events: [],
                placements: [],
                isRepeated: false
            )
        )
    }

    /// Appends the events of the group, the last of the orders; where they do not go in as they
    /// are, each command is carried out by itself, on what the store says then.
    private mutating func commit(_ orders: ArraySlice<Order>) -> [Outcome] {
        var ended = CommandGroup<Root>()
        swap(&ended, &group)
        do {
            guard try ended.append(to: repository.store) else { return carryOutEach(orders) }
        } catch {
            switch error {
            case .refused: return carryOutEach(orders)
            case .failed(let failure):
                forget(orders)
                return orders.map { _ in .failure(.failed(failure)) }
            }
        }
        for measured in ended.measured { repository.statistics?.end(measured) }
        for number in ended.outcomes.indices {
            guard case .success(let outcome) = ended.outcomes[number] else { continue }
            saveSnapshotIfDue(orders[orders.startIndex + number], outcome)
        }
        return ended.outcomes
    }

    /// Saves the state after the last event of a command where that is due.
    ///
    /// The aggregate is loaded again, since the one in memory was never told the times at which
    /// the store recorded its events.
    private mutating func saveSnapshotIfDue(_ order: Order, _ outcome: CommandOutcome<Root>) {
        guard let last = outcome.placements.last, let known = kept[order.identifier],
            known.last == last.sequence, repository.isSnapshotDue(for: known),
            var loaded = try? repository.load(order.identifier)
        else { return }
        repository.saveSnapshot(of: loaded)
        loaded.snapshotSequence = loaded.last
        kept[order.identifier] = loaded
    }

    private mutating func carryOutEach(_ orders: ArraySlice<Order>) -> [Outcome] {
        forget(orders)
        return orders.map { order in
            do throws(CommandError<Root.Rejection>) {
                return .success(
                    try repository.handle(
                        order.command,
                        for: order.identifier,
                        metadata: order.metadata
                    )
                )
            } catch {
                return .failure(error)
            }
        }
    }

    private mutating func forget(_ orders: ArraySlice<Order>) {
        for order in orders { kept[order.identifier] = nil }
    }
}

/// Commands that were decided, and what is to be appended of them together.
private struct CommandGroup<Root: Aggregate> {
    /// What came of each command; where its events stand is told when they have been appended.
    private(set) var outcomes: [AggregateSession<Root>.Outcome] = []
    /// The identities of the commands.
    private(set) var commands: Set<EventID> = []
    /// The commands that are counted.
    private(set) var measured: [CommandStatistics.Measured] = []
    private var entries: [AppendRequest.Entry] = []
    private var expectations: [StreamName: StreamExpectation] = [:]
    private var size = 0

    /// Whether no further command may fit in: half of what the store takes is used, so that the
    /// events of one more fit in as a rule.
    var isFull: Bool {
        entries.count >= StoreLimits.batchCountMax / 2 || size >= StoreLimits.batchSizeMax / 2
    }

    /// Notes where a stream stands before the first of its events in the group.
    mutating func expect(_ stream: StreamName, after last: Sequence?) {
        guard expectations[stream] == nil else { return }
        expectations[stream] = last.map { .exactly($0) } ?? .noStream
    }

    /// Adds a command.
    mutating func add(
        _ metadata: CommandMetadata,
        _ outcome: AggregateSession<Root>.Outcome,
        _ events: [PendingEvent],
        _ measured: CommandStatistics.Measured?
    ) {
        if let measured { self.measured.append(measured) }
        commands.insert(metadata.commandID)
        if case .success(let outcome) = outcome {
            for event in events {
                entries.append(AppendRequest.Entry(stream: outcome.stream, event: event))
                size += event.payload.count + event.metadata.count
            }
        }
        outcomes.append(outcome)
    }

    /// Appends the events and notes where they stand.
    ///
    /// - Returns: false where the store had some of them already.
    mutating func append(to store: any EventStore) throws(AppendError) -> Bool {
        guard !entries.isEmpty else { return true }
        let result = try store.append(
            AppendRequest(entries: entries, expectations: expectations)
        )
        guard result.duplicateCount == 0 else { return false }
        var start = 0
        for number in outcomes.indices {
            guard case .success(var outcome) = outcomes[number], !outcome.isRepeated else {
                continue
            }
            outcome.placements = Array(result.placements[start..<start + outcome.events.count])
            start += outcome.events.count
            outcomes[number] = .success(outcome)
        }
        return true
    }
}
