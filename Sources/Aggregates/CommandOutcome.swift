public import EventModel
public import EventStorage

/// What came of a command that was not refused.
public struct CommandOutcome<Root: Aggregate>: Sendable {
    /// The aggregate's stream.
    public let stream: StreamName
    /// The aggregate after the command, or after later ones where the command was sent again.
    public let root: Root
    /// The events of the command; none where there was nothing to do.
    public let events: [Root.Event]
    /// Where the events stand.
    public internal(set) var placements: [AppendResult.Placement]
    /// Whether the command had been carried out before.
    public let isRepeated: Bool
}

/// What a command expects of the aggregate before anything is decided.
public enum AggregatePresence: Hashable, Sendable {
    /// The aggregate is created where it does not exist.
    case any
    /// The command creates it.
    case new
    /// The command changes one that exists.
    case existing
}

/// Why a command was not carried out.
public enum CommandError<Rejection: Error>: Error, CustomStringConvertible {
    /// The aggregate refused it.
    case rejected(Rejection)
    /// The aggregate was to be new, and its stream has events.
    case exists(StreamName)
    /// The aggregate was to exist, and its stream has no event.
    case missing(StreamName)
    /// Others changed the stream again and again between reading and appending.
    case conflict(StreamConflict)
    /// The store refused the events for a reason that trying again does not remove.
    case refused(AppendRefusal)
    /// The history of the aggregate cannot be read, or the events not be stored as JSON.
    case history(FoldError)
    /// The storage failed; whether the events were written is not known. Sending the command
    /// again with its identity is safe.
    case failed(StorageError)

    /// The reason in a sentence.
    public var description: String {
        switch self {
        case .rejected(let rejection): "rejected: \(rejection)"
        case .exists(let stream): "\(stream) exists already; choose another identifier"
        case .missing(let stream): "there is no \(stream); create it first"
        case .conflict(let conflict): AppendRefusal.conflict(conflict).description
        case .refused(let refusal): refusal.description
        case .history(let error): error.description
        case .failed(let error): error.description
        }
    }
}
