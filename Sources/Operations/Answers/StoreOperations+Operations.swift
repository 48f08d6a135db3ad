import EventLog
public import EventModel
import EventStorage
public import OperationsModel
import Processing
import ReadModels

extension StoreOperations {
    /// Records a request of an operator; whoever runs the group obeys and records the outcome.
    ///
    /// A request that makes sense and is refused all the same is recorded with its refusal.
    public func request(_ operation: OperationRequest) throws(OperationsError) -> EventID {
        try OperationsError.telling {
            guard !operation.reason.isEmpty else {
                throw OperationsError(.invalid, "an operation needs a reason")
            }
            var generator = SystemRandomNumberGenerator()
            let request = Operation(
                id: EventID(time: now(), using: &generator),
                act: try act(of: operation.kind),
                operatorName: identity.name,
                host: identity.host,
                reason: operation.reason
            )
            var events = [request.event]
            let refusal = try refusal(of: operation.kind)
            if let refusal {
                events.append(OperationOutcome(of: request.id, .refused, refusal).event)
            }
            _ = try log.append(AppendRequest(ofSystem: events, to: Operation.stream))
            if let refusal { throw OperationsError(.refused, refusal) }
            return request.id
        }
    }

    /// Why nobody would obey a request as things are; nothing where somebody would.
    private func refusal(of kind: OperationRequest.Kind) throws -> String? {
        guard case .replay(let request) = kind else { return nil }
        return try plan(request).refusal
    }

    private func act(of kind: OperationRequest.Kind) throws -> Operation.Act {
        switch kind {
        case .pause(let name):
            return .pause(group: try group(name).name)
        case .resume(let name):
            return .resume(group: try group(name).name)
        case .replay(let request):
            return .replay(
                group: try group(request.group).name,
                after: try startPosition(of: request.start),
                rateLimit: request.rateLimit,
                isShadow: request.isShadow,
                selection: try selection(of: request)
            )
        case .undo(let name, let operation):
            return .undo(group: try group(name).name, operation: operation)
        case .letGo(let name):
            return .letGo(group: try group(name).name)
        case .retry(let request):
            return .retry(
                group: try group(request.group).name,
                letters: LetterSelection(request.letters),
                rateLimit: request.rateLimit,
                stopsAtFailure: request.stopsAtFailure
            )
        case .discard(let name, let letters):
            return .discard(group: try group(name).name, letters: LetterSelection(letters))
        case .skip(let name, let position):
            guard try log.event(at: position) != nil else {
                throw OperationsError(.notFound, "there is no event at position \(position)")
            }
            return .skip(group: try group(name).name, position: position)
        case .effect(let name, let effect, let choice):
            return .effect(
                group: try group(name).name,
                effect: effect,
                wish: PendingEffect.Wish(choice)
            )
        case .split(let name, let segment):
            return .split(group: try group(name).name, segment: segment)
        case .merge(let name, let segment):
            return .merge(group: try group(name).name, segment: segment)
        case .snapshotStream(let stream):
            guard try log.stream(stream) != nil else {
                throw OperationsError(.notFound, "there is no stream \(stream)")
            }
            return .snapshotStream(stream)
        case .snapshotCategory(let category, let rateLimit):
            return .snapshotCategory(category, rateLimit: rateLimit)
        case .snapshotStale(let rateLimit):
            return .snapshotStale(rateLimit: rateLimit)
        }
    }

    /// What operators asked for and what came of it, newest first.
    public func operations(limit: Int) throws(OperationsError) -> [OperationEntry] {
        try OperationsError.telling {
            var entries: [OperationEntry] = []
            var outcomes: [EventID: (outcome: OperationOutcome, time: Timestamp)] = [:]
            let selection = EventSelection(.stream(Operation.stream), direction: .backwards)
            try log.read(selection) { view in
                let event = view.recorded
                if let outcome = OperationOutcome(event) {
                    if outcomes[outcome.operation] == nil {
                        outcomes[outcome.operation] = (outcome, event.recordedTime)
                    }
                } else if let operation = Operation(event) {
                    let answer = outcomes.removeValue(forKey: operation.id)
                    entries.append(OperationEntry(operation, event, answer))
                }
                return entries.count < limit ? .more : .stop
            }
            return entries
        }
    }
}

extension OperationEntry {
    fileprivate init(
        _ operation: Operation,
        _ event: RecordedEvent,
        _ answer: (outcome: OperationOutcome, time: Timestamp)?
    ) {
        let change =
            answer.map { [$0.outcome.before, $0.outcome.after] }?
            .filter { !$0.isEmpty }.joined(separator: " → ")
        self.init(
            id: operation.id,
            position: event.position,
            requestTime: event.recordedTime,
            name: operation.act.name,
            target: operation.act.target,
            operatorName: operation.operatorName,
            host: operation.host,
            reason: operation.reason,
            outcome: answer.map { Outcome($0.outcome) } ?? .pending,
            outcomeTime: answer?.time,
            change: change ?? ""
        )
    }
}

extension OperationEntry.Outcome {
    fileprivate init(_ outcome: OperationOutcome) {
        switch outcome.result {
        case .started: self = .running
        case .completed: self = .completed(outcome.message)
        case .refused: self = .refused(outcome.message)
        case .failed: self = .failed(outcome.message)
        }
    }
}
