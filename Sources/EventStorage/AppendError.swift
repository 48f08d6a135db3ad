public import EventModel

/// Why an append did not happen.
public enum AppendError: Error, Hashable, Sendable {
    /// The store said no, as the request was; nothing was written.
    case refused(AppendRefusal)
    /// The storage failed.
    case failed(StorageError)
}

/// Why a store says no to an append.
public enum AppendRefusal: Hashable, Sendable {
    /// A stream does not stand where it was expected.
    case conflict(StreamConflict)
    /// An event at this position matches the condition.
    case conditionFailed(Position)
    /// The identity belongs to an event in another stream, or only to a part of the request.
    case identityReused(EventID, at: Position)
    /// The entry at this index breaks a limit.
    case invalid(index: Int, EventDefect)
    /// Nothing can be appended to this store, and why.
    case readOnly(String)
}

/// A stream that does not stand where it was expected.
public struct StreamConflict: Hashable, Sendable {
    /// The stream.
    public var stream: StreamName
    /// Where it was expected to stand.
    public var expectation: StreamExpectation
    /// Its last sequence; nothing where it does not exist.
    public var last: Sequence?
    /// The events after the expected sequence, oldest first, at most a hundred.
    public var between: [RecordedEvent]

    /// Makes a conflict from its parts.
    public init(
        stream: StreamName,
        expectation: StreamExpectation,
        last: Sequence?,
        between: [RecordedEvent]
    ) {
        self.stream = stream
        self.expectation = expectation
        self.last = last
        self.between = between
    }

    /// How many of the events in between are told.
    public static let betweenCountMax = 100
}

extension AppendRefusal: CustomStringConvertible {
    /// The refusal in a sentence.
    public var description: String {
        switch self {
        case .conflict(let conflict):
            let actual = conflict.last.map { "its last sequence is \($0)" } ?? "it does not exist"
            return
                "stream \(conflict.stream) was expected to be \(conflict.expectation), but \(actual)"
        case .conditionFailed(let position):
            return "the event at position \(position) matches the condition"
        case .identityReused(let id, let position):
            return "event id \(id) belongs to the event at position \(position)"
        case .invalid(let index, let defect):
            return "event \(index + 1) of the batch: \(defect)"
        case .readOnly(let reason):
            return "the store is read-only: \(reason)"
        }
    }
}
