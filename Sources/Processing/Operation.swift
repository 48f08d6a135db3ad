public import EventModel

/// What an operator asked for, as the stream `$operations` holds it.
public struct Operation: Hashable, Sendable {
    /// The act.
    public enum Act: Hashable, Sendable {
        /// Stop a group after the batch it is in.
        case pause(group: String)
        /// Let a paused group go on.
        case resume(group: String)
        /// Make a group's rows anew, from the events after a position; in the place of those in use
        /// at once, or beside them until they have caught up.
        case replay(
            group: String,
            after: Position,
            rateLimit: Int?,
            isShadow: Bool = false,
            selection: ReplaySelection = ReplaySelection()
        )
        /// Put the rows back that were in use before an operation, or end it where it is under way.
        case undo(group: String, operation: EventID)
        /// Remove the rows that were in use before the last replay.
        case letGo(group: String)
        /// Try dead letters of a group again, one sequence after the other.
        case retry(
            group: String,
            letters: LetterSelection,
            rateLimit: Int?,
            stopsAtFailure: Bool
        )
        /// Give up dead letters of a group: their events count as skipped.
        case discard(group: String, letters: LetterSelection)
        /// Never have a group handle an event, also not in a replay.
        case skip(group: String, position: Position)
        /// Try an effect of a group again, or never again.
        case effect(group: String, effect: EventID, wish: PendingEffect.Wish)
        /// Split a segment of a group into halves: the one with a number, or a largest one.
        case split(group: String, segment: UInt32?)
        /// Merge a segment of a group with the other half of what it was split from: the one with a
        /// number, or a smallest one.
        case merge(group: String, segment: UInt32?)
        /// Save the state of one aggregate.
        case snapshotStream(StreamName)
        /// Save the state of every aggregate of a category that has no current snapshot, at
        /// most so many a second.
        case snapshotCategory(Category, rateLimit: Int? = nil)
        /// Save the state of every aggregate whose snapshot other rules made or whose next is due,
        /// at most so many a second.
        case snapshotStale(rateLimit: Int? = nil)
    }

    /// The identity of the request, which its outcomes name.
    public var id: EventID
    /// The act.
    public var act: Act
    /// Who asked.
    public var operatorName: String
    /// On which machine.
    public var host: String
    /// Why, in the operator's words.
    public var reason: String

    /// Makes an operation from its parts.
    public init(id: EventID, act: Act, operatorName: String, host: String, reason: String) {
        self.id = id
        self.act = act
        self.operatorName = operatorName
        self.host = host
        self.reason = reason
    }

    /// The stream that tells all operations.
    public static let stream = StreamName("$operations")

    /// The processing group the act is for; nothing where it is for none.
    public var group: String? {
        switch act {
        case .pause(let group), .resume(let group), .replay(let group, _, _, _, _),
            .undo(let group, _), .letGo(let group),
            .retry(let group, _, _, _), .discard(let group, _), .skip(let group, _),
            .effect(let group, _, _), .split(let group, _), .merge(let group, _):
            group
        case .snapshotStream, .snapshotCategory, .snapshotStale: nil
        }
    }
}

/// What came of an operation, as the stream `$operations` holds it.
public struct OperationOutcome: Hashable, Sendable {
    /// How it stands.
    public enum Result: String, Hashable, Sendable, CaseIterable {
        /// It is being carried out.
        case started
        /// It was done.
        case completed
        /// It was refused.
        case refused
        /// It was begun and failed.
        case failed
    }

    /// The identity of the request.
    public var operation: EventID
    /// How it stands.
    public var result: Result
    /// What was done, or why not, in a sentence.
    public var message: String
    /// How the target stood before, in words; empty where it does not apply.
    public var before: String
    /// How the target stands after, in words; empty where it does not apply.
    public var after: String

    /// Whether nothing more comes of the operation.
    var isWithoutEffect: Bool { result == .refused || result == .failed }

    /// The identity of the event that tells the outcome, the same whenever it is told.
    ///
    /// All final results share one: whoever obeys an operation once more, after a death or where
    /// something else was asked for meanwhile, does not tell another end of it.
    public var eventID: EventID {
        let mark: UInt64 = result == .started ? 1 : 2
        return EventID(high: operation.high, low: operation.low ^ mark << 48)
    }

    /// Makes an outcome from its parts.
    public init(
        of operation: EventID,
        _ result: Result,
        _ message: String,
        before: String = "",
        after: String = ""
    ) {
        self.operation = operation
        self.result = result
        self.message = message
        self.before = before
        self.after = after
    }
}
