public import EventModel
public import OperationsModel

/// Something done to dead letters: planned, asked for, watched.
public struct LetterActState: Sendable {
    /// What is asked for: to retry, to discard, or to skip; nothing before one was chosen.
    public internal(set) var kind: OperationRequest.Kind?
    /// How far it has come.
    public internal(set) var stage = OperationStage.planning
    /// The sequences that are meant, as of the plan; those of the request once it was asked for.
    public internal(set) var chosen: [DeadLetterSequence] = []
    /// The sequences of ``chosen`` that have letters still.
    public internal(set) var remaining: [DeadLetterSequence] = []
    /// When it was asked for.
    public internal(set) var askTime: Timestamp?
    /// When the outcome arrived.
    public internal(set) var endTime: Timestamp?

    /// The group whose letters they are.
    public var group: String? { kind?.letterGroup }

    /// The letters of a retry; nothing where it is another act.
    public var retry: RetryRequest? {
        if case .retry(let request) = kind { request } else { nil }
    }

    /// How many events leave the dead letters if all goes well.
    public var letterCount: Int {
        switch kind {
        // Of a sequence only the first letter has a cause; a position is one event.
        case .discard(_, .cause): chosen.count
        case .discard(_, .position), .skip: 1
        default: chosen.letterCount
        }
    }

    /// How many events have left the dead letters since it was asked for.
    public var doneCount: Int { max(0, chosen.letterCount - remaining.letterCount) }

    /// The first sequence that failed since it was asked for; nothing where none did.
    public var failedAgain: DeadLetterSequence? {
        guard let askTime else { return nil }
        return remaining.filter { $0.lastTime.map { $0 >= askTime } ?? false }
            .min { $0.position < $1.position }
    }

    /// Takes the sequences that have letters.
    mutating func take(_ all: [DeadLetterSequence]) {
        guard let group, let choice = kind?.letters else { return }
        if stage == .planning { chosen = all.chosen(by: choice, of: group) }
        let identities = Set(chosen.map(\.identity))
        remaining = all.filter { identities.contains($0.identity) }
    }

    /// Takes what operators asked for, and looks for the outcome.
    mutating func take(_ operations: [OperationEntry], at now: Timestamp) {
        guard case .watching(let id) = stage,
            let entry = operations.first(where: { $0.id == id }), entry.outcome.isFinal
        else { return }
        stage = .finished(id, entry.outcome)
        endTime = entry.outcomeTime ?? now
    }
}

extension OperationRequest.Kind {
    /// The group whose dead letters the request is about; nothing for other requests.
    public var letterGroup: String? {
        switch self {
        case .retry(let request): request.group
        case .discard(let group, _), .skip(let group, _): group
        default: nil
        }
    }

    /// Which dead letters the request is about.
    public var letters: LetterChoice? {
        switch self {
        case .retry(let request): request.letters
        case .discard(_, let letters): letters
        case .skip(_, let position): .position(position)
        default: nil
        }
    }

    /// The act in one word, as operators type it.
    public var letterVerb: String {
        switch self {
        case .discard: "discard"
        case .skip: "skip"
        default: "retry"
        }
    }
}
