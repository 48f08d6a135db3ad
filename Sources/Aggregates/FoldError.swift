public import EventModel
public import EventStorage

/// Why a state could not be folded.
public enum FoldError: Error, Sendable, CustomStringConvertible {
    /// The rules have something against an event.
    case event(RejectedEvent)
    /// The rules cannot be used, or the state not be written as JSON; the text says why.
    case rules(String)
    /// The storage failed.
    case storage(StorageError)

    /// The failure in a sentence.
    public var description: String {
        switch self {
        case .event(let event): event.description
        case .rules(let reason): reason
        case .storage(let error): error.description
        }
    }
}

/// An event that the rules of its category cannot take in, and why.
public struct RejectedEvent: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stream.
    public let stream: StreamName
    /// The number of the event in the stream.
    public let sequence: Sequence
    /// The number of the event in the store.
    public let position: Position
    /// Its type.
    public let type: EventType
    /// What the rules say, as a sentence.
    public let reason: String

    init(_ event: borrowing EventView, reason: String) {
        stream = event.streamName
        sequence = event.sequence
        position = event.position
        type = event.eventType
        self.reason = reason
    }

    /// Which event it is, and what the rules say.
    public var description: String {
        "\(stream) sequence \(sequence), position \(position), \(type): \(reason)"
    }
}
