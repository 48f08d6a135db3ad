public import EventModel
import EventStorage

/// An event that a scratch copy could not handle.
public struct ScratchFailure: Error, CustomStringConvertible {
    /// The position of the event.
    public let position: Position
    /// The event, and why.
    public let description: String

    init(_ event: borrowing EventView, cause: any Error) {
        position = event.position
        description =
            "position \(event.position), \(event.eventType) in \(event.streamName): \(cause)"
    }
}
