public import EventModel
import EventSchema
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

/// An event that upcasters or the rules of its category cannot take in, and why.
public struct RejectedEvent: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stream.
    public let stream: StreamName
    /// The number of the event in the stream.
    public let sequence: Sequence
    /// The number of the event in the store.
    public let position: Position
    /// Its type.
    public let type: EventType
    /// Which form of the type it is stored in.
    public let revision: UInt32
    /// What the rules say, as a clause.
    public let reason: String

    /// Takes down what upcasters or rules have thrown about an event.
    public init(_ event: borrowing EventView, _ error: any Error) {
        let form = EventForm(event.eventType, revision: event.revision)
        stream = event.streamName
        sequence = event.sequence
        position = event.position
        type = form.type
        revision = form.revision
        // The form is named already, unless it is another one that upcasters have led to.
        switch error {
        case let error as EventCodecError where error.form == form:
            reason = error.reason.description
        case let error as UpcasterError where error.form == form:
            reason = "cannot be upcast: \(error.reason)"
        default:
            reason = String(describing: error)
        }
    }

    /// Which event it is, and what the rules say.
    public var description: String {
        let form = EventForm(type, revision: revision)
        return "\(stream) sequence \(sequence), position \(position), \(form): \(reason)"
    }
}
