public import EventStorage

/// What handles the events of a group, ready for use by one thread.
///
/// Apart from the storage, so that it is asked for once a batch and then called for every event
/// without a look at anything that can change.
public protocol GroupHandler: AnyObject {
    /// Whether a handler may be for an event, by its type.
    func mayHandle(_ event: borrowing EventView) -> Bool

    /// Handles one event inside a transaction.
    ///
    /// - Returns: whether there was a handler for it.
    /// - Throws: what the handler has against it.
    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool
}
