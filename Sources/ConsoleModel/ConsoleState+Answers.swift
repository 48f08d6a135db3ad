import EventModel
import OperationsModel

extension ConsoleState {
    /// Takes an answer, unless a newer question has been asked for the same slot since.
    mutating func take(_ result: Result<Answer, OperationsError>, for token: FetchToken) {
        guard let question = outstanding[token.slot], question.token == token else { return }
        outstanding[token.slot] = nil
        switch result {
        case .failure(let error):
            errors[token.slot] = error
            if token.slot == .locate { tell(error.message, .failure) }
            if token.slot == .difference { history.blame = nil }
        case .success(let answer):
            errors[token.slot] = nil
            answerTimes[token.slot] = now
            take(answer, to: question.query, in: token.slot)
        }
    }

    private mutating func take(_ answer: Answer, to query: Query, in slot: Slot) {
        switch (answer, query) {
        case (.status(let status), _): take(status)
        case (.problems(let problems), _): take(problems)
        case (.processors(let processors), _): take(processors)
        case (.operations(let operations), _): take(operations)
        case (.streams(let page), .streams(let request)):
            aggregates.take(page, for: request, rows: listRows(on: .aggregates), at: now)
        case (.events(let page), .events(let request)): take(page, for: request, in: slot)
        case (.event(let detail), .event(let position)):
            if slot == .letterEvent {
                deadLetters.detail = detail
            } else if streams.selected?.position == position {
                streams.detail = detail
            }
        case (.state(let state), .state(_, let point)): take(state, at: point, in: slot)
        case (.difference(let fields), .difference(_, let from, let to)):
            takeDifference(fields, from: from, to: to, in: slot)
        case (.plan(let plan), _): replay.plan = plan
        case (.deadLetters(let letters), _): take(letters)
        case (.effects(let list), _):
            effectList.take(list, rows: listRows(on: .effects), at: now)
        case (.snapshotCoverage(let coverage), _): take(coverage)
        case (.commands(let commands), _): take(commands)
        case (.snapshots(let list), .snapshots(let stream)): take(list, of: stream, in: slot)
        default: break
        }
    }

    private mutating func take(_ status: StoreStatus) {
        self.status = status
        trends.take(status)
    }

    private mutating func take(_ problems: [Problem]) {
        self.problems = problems
        pulse.cursor.reconcile(
            with: ProblemIdentity.identities(of: problems),
            rows: listRows(on: .pulse)
        )
    }

    private mutating func take(_ processors: [ProcessorStatus]) {
        allProcessors = processors
        trends.take(processors, at: now)
        self.processors.take(processors, rows: listRows(on: .processors), at: now)
        if isGroupWanted, let group = processors.first?.group {
            isGroupWanted = false
            if screen == .processor { openProcessor(group) }
            if screen == .replay { openReplay(group) }
            if screen == .retry { planLetters(.retry(group, .all)) }
            if screen == .step { openStep(group) }
        }
        if let group = replay.request?.group, let status = processor(named: group) {
            replay.take(status, at: now)
        }
    }

    private mutating func take(_ operations: [OperationEntry]) {
        allOperations = operations
        self.operations.take(operations, rows: listRows(on: .operations))
        replay.take(operations, at: now)
        letterAct.take(operations, at: now)
        for entry in operations where entry.outcome.isFinal {
            guard let what = awaited.removeValue(forKey: entry.id) else { continue }
            effects.append(.bell)
            switch entry.outcome {
            case .completed(let text): tell("\(what): \(text.isEmpty ? "done" : text)")
            case .refused(let text): tell("\(what): refused: \(text)", .refusal)
            case .failed(let text): tell("\(what): failed: \(text)", .failure)
            case .pending, .running: break
            }
        }
    }

    private mutating func take(_ coverage: [SnapshotCoverage]) {
        snapshots.coverage = coverage
        snapshots.cursor.reconcile(with: coverage.map(\.category), rows: listRows(on: .snapshots))
        chooseSnapshotStream()
    }

    private mutating func take(_ commands: [CommandSummary]) {
        aggregates.commands = commands
        aggregates.cursor.reconcile(
            with: aggregates.window.map(\.stream),
            rows: listRows(on: .aggregates)
        )
    }

    private mutating func take(_ list: [SnapshotSummary], of stream: StreamName, in slot: Slot) {
        if slot == .historySnapshots, stream == history.stream {
            history.snapshots = list.map(\.sequence.number).sorted()
        } else if slot == .snapshots, stream == snapshots.stream {
            snapshots.snapshots = list
        }
    }

    private mutating func take(
        _ page: [EventSummary],
        for request: EventsRequest,
        in slot: Slot
    ) {
        switch slot {
        case .tail:
            streams.take(page, for: request, rows: listRows(on: .streams))
            askForPayload()
        case .tailOlder:
            streams.takeOlder(page, limit: request.limit, rows: listRows(on: .streams))
        case .history: takeHistory(page)
        case .historyHead: takeHistoryHead(page)
        case .locate:
            if let event = page.first, event.stream == history.stream {
                select(sequence: event.sequence.number)
            } else {
                tell("no such event", .refusal)
            }
        default: break
        }
    }

    /// Takes whether a request was recorded.
    mutating func take(_ result: Result<EventID, OperationsError>, for token: RequestToken) {
        guard let kind = requests.removeValue(forKey: token.number) else { return }
        switch result {
        case .success(let id):
            awaited[id] = kind.phrase
            tell("asked: \(kind.phrase)")
            setStage(.watching(id), of: kind)
            for slot in [Slot.operations, .processors, .deadLetters, .effects] { forget(slot) }
        case .failure(let error):
            tell("not asked: \(kind.phrase): \(error.message)", .failure)
            setStage(.planning, of: kind)
        }
    }
}

extension OperationRequest.Kind {
    /// The request in a few words.
    var phrase: String {
        switch self {
        case .pause(let group): "pause \(group)"
        case .resume(let group): "resume \(group)"
        case .replay(let request): "replay \(request.group)"
        case .undo(let group, _): "undo of a replay of \(group)"
        case .letGo(let group): "removal of the rows kept of \(group)"
        case .retry(let request): "retry in \(request.group)"
        case .discard(let group, _): "discard in \(group)"
        case .skip(let group, let position): "skip of position \(position) in \(group)"
        case .effect(let group, _, let choice): "\(choice.rawValue) of an effect of \(group)"
        case .split(let group, _): "split of a segment of \(group)"
        case .merge(let group, _): "merge of segments of \(group)"
        case .snapshotStream(let stream): "snapshot of \(stream)"
        case .snapshotCategory(let category, _): "snapshots of \(category)"
        case .snapshotStale: "stale snapshots"
        }
    }
}
