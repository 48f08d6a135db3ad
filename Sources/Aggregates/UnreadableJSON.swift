import JSON

/// JSON that belongs to an event and that a fold, an upcaster or a projection cannot read.
package struct UnreadableJSON: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which bytes of an event they are.
    package enum Part: String, Hashable, Sendable {
        /// What happened.
        case payload
        /// Facts about the event.
        case metadata
    }

    /// Which bytes of the event they are.
    package let part: Part
    /// What is wrong with them and at which byte, as a clause.
    package let reason: String

    /// Tells what is wrong with a part.
    package init(_ part: Part, reason: String) {
        self.part = part
        self.reason = reason
    }

    /// The part, what is wrong with it and at which byte.
    package var description: String { "the \(part) cannot be read: \(reason)" }
}
