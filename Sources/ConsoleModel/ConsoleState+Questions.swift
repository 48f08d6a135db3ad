import EventModel
import OperationsModel

extension ConsoleState {
    /// Asks the store; an older question for the slot is outdated, the same one is not repeated.
    mutating func ask(_ query: Query, in slot: Slot) {
        if let question = outstanding[slot], question.query == query { return }
        lastNumber += 1
        let token = FetchToken(slot: slot, number: lastNumber)
        outstanding[slot] = Outstanding(token: token, query: query)
        askTimes[slot] = now
        effects.append(.fetch(query, token))
    }

    /// Forgets the question of a slot, so that its answer is dropped.
    mutating func forget(_ slot: Slot) {
        outstanding[slot] = nil
        askTimes[slot] = nil
    }

    /// Asks everything the screen at hand shows and that is due again.
    mutating func refresh() {
        guard !isLeaving else { return }
        letGoOfUnreachableStep()
        refreshStepRows()
        for slot in liveSlots where isDue(slot) {
            if let query = query(for: slot) { ask(query, in: slot) }
        }
    }

    /// The slots that are asked for again and again while the screen at hand is shown.
    private var liveSlots: [Slot] {
        var slots: [Slot] = [.status, .problems, .processors]
        switch screen {
        case .help: break
        case .streams: slots += streams.isFollowing || streams.events.isEmpty ? [.tail] : []
        case .processors: break
        case .pulse, .processor, .operations, .replay: slots.append(.operations)
        case .aggregates: slots += [.streams, .commands]
        case .history: slots += [.historyHead, .historySnapshots]
        case .snapshots: slots += [.coverage, .snapshots]
        case .deadLetters: slots.append(.deadLetters)
        case .retry: slots += [.deadLetters, .operations]
        case .effects: slots.append(.effects)
        case .step: break
        }
        if !awaited.isEmpty, !slots.contains(.operations) { slots.append(.operations) }
        return slots
    }

    private func isDue(_ slot: Slot) -> Bool {
        guard outstanding[slot] == nil else { return false }
        guard let asked = askTimes[slot] else { return true }
        guard !isFrozen else { return false }
        return now.microseconds - asked.microseconds >= Int64(interval(of: slot)) * 1000
    }

    /// The milliseconds between two questions for a slot.
    func interval(of slot: Slot) -> Int {
        switch slot {
        case .tail, .status, .historyHead: isBusy ? 200 : isQuiet ? 1990 : 990
        case .processors where screen == .replay && isFocused: 240
        case .processors: isBusy ? 240 : isQuiet ? 1990 : 990
        case .problems, .operations, .streams, .deadLetters, .effects:
            isBusy ? 490 : isQuiet ? 3990 : 1990
        default: 4990
        }
    }

    private mutating func query(for slot: Slot) -> Query? {
        switch slot {
        case .status: return .status
        case .problems: return .problems
        case .processors: return .processors
        case .operations: return .operations(limit: OperationsState.limit)
        case .tail: return tailQuery()
        case .streams:
            return .streams(
                aggregates.request(around: aggregates.target ?? aggregates.absoluteIndex)
            )
        case .historyHead:
            return history.stream.map {
                .events(EventsRequest(range: .streamBackwards($0, through: nil), limit: 1))
            }
        case .historySnapshots: return history.stream.map { .snapshots($0) }
        case .deadLetters:
            return .deadLetters(group: deadLetters.group, limit: DeadLettersState.limit)
        case .effects:
            return .effects(
                EffectsRequest(
                    group: effectList.group,
                    limit: EffectListState.limit,
                    includesEnded: true
                )
            )
        case .coverage: return .snapshotCoverage
        case .commands: return .commands
        case .snapshots: return snapshots.stream.map { .snapshots($0) }
        case .tailOlder, .event, .history, .aggregateState, .difference, .locate, .plan,
            .letterEvent:
            return nil
        }
    }

    private mutating func tailQuery() -> Query {
        streams.headAsked = status?.head ?? .start
        guard streams.scanned > .start else { return .events(streams.request(.before(nil))) }
        return .events(
            streams.request(.after(streams.scanned), limit: TailState.followLimit)
        )
    }

    /// The slot whose age the header of the screen at hand shows.
    public var mainSlot: Slot {
        switch screen {
        case .pulse, .help: .status
        case .streams: streams.isFollowing ? .tail : .status
        case .processors, .processor, .replay, .step: .processors
        case .deadLetters, .retry: .deadLetters
        case .effects: .effects
        case .aggregates: .streams
        case .history: .historyHead
        case .snapshots: .coverage
        case .operations: .operations
        }
    }

    /// The age of the oldest of what the screen at hand shows; nothing before it was answered.
    public var dataAgeSeconds: Double? {
        guard let main = answerTimes[mainSlot], let status = answerTimes[.status]
        else { return nil }
        return max(0, now.seconds(since: min(main, status)))
    }

    /// Whether what the screen at hand shows is older than it ought to be.
    public var isStale: Bool {
        guard let age = dataAgeSeconds else { return false }
        let expected = max(interval(of: mainSlot), interval(of: .status))
        return age > Double(expected) / 1000 + 2
    }
}
