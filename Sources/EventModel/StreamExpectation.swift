/// Where a stream must stand for an append to go through.
public enum StreamExpectation: Hashable, Sendable {
    /// Anywhere; the events go to the end.
    case any
    /// The stream must not exist yet.
    case noStream
    /// The stream must hold at least one event.
    case streamExists
    /// The stream's last event must have exactly this sequence.
    case exactly(Sequence)

    /// Whether a stream whose last event has `last` (nothing: no such stream) meets it.
    public func isMet(byLast last: Sequence?) -> Bool {
        switch self {
        case .any: true
        case .noStream: last == nil
        case .streamExists: last != nil
        case .exactly(let sequence): last == sequence
        }
    }
}
