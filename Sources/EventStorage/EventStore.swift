public import EventModel

/// An append-only store of events with one order over all streams.
///
/// Every call blocks the calling thread until it has its answer, `append` until the disk has
/// synced; callers on Swift's cooperative threads hop to a thread of their own first. A store is
/// safe to use from several threads, and a durable one from several processes.
public protocol EventStore: Sendable {
    /// Which store this is.
    var identity: StoreIdentity { get }

    /// Appends events, all or none.
    ///
    /// Events whose identity the store holds are never written twice: a request that repeats an
    /// earlier one returns the original places, whatever it expects.
    ///
    /// - Throws: ``AppendError/refused(_:)`` where an expectation, a condition, a limit or an
    ///   identity speaks against it; ``AppendError/failed(_:)`` where the storage fails.
    func append(_ request: AppendRequest) throws(AppendError) -> AppendResult

    /// The position of the last event that readers may see.
    func head() throws(StorageError) -> Position

    /// Shows the selected events to `visit`, one by one, until it says stop.
    ///
    /// The view is valid only during the call. Memory does not grow with the selection.
    func read(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError)

    /// Shows the same events as ``read(_:_:)``, to one of several readers that go through the store
    /// side by side.
    ///
    /// What one of them has read and verified may be kept, within bounds, for those near it.
    func readShared(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError)

    /// What a list says about one stream; nothing where it has no event.
    func stream(_ name: StreamName) throws(StorageError) -> StreamSummary?

    /// One page of the streams.
    func streams(_ request: StreamsRequest) throws(StorageError) -> [StreamSummary]

    /// How many streams there are.
    func streamCount() throws(StorageError) -> Int

    /// The types and revisions the store holds, sorted.
    func census() throws(StorageError) -> [TypeCensus]

    /// Waits until there are events after `position` or the time is up, without busy waiting.
    ///
    /// - Returns: the head at the end of the wait.
    func wait(
        after position: Position,
        timeoutMilliseconds: Int
    ) throws(StorageError) -> Position

    /// Ends every ``wait(after:timeoutMilliseconds:)`` under way, as if its time were up.
    func wakeWaiters()
}

/// Whether a reader wants more.
public enum ReadControl: Sendable {
    /// Show the next event.
    case more
    /// Show no further event.
    case stop
}

extension EventStore {
    /// Shows the same events as ``read(_:_:)``; nothing is kept for other readers.
    public func readShared(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        try read(selection, visit)
    }

    /// The selected events as values, in order; for small selections.
    public func events(_ selection: EventSelection) throws(StorageError) -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        try read(selection) { event in
            events.append(event.recorded)
            return .more
        }
        return events
    }

    /// The event at a position; nothing beyond the head.
    public func event(at position: Position) throws(StorageError) -> RecordedEvent? {
        guard position > .start else { return nil }
        let before = Position(position.number - 1)
        return try events(EventSelection(after: before, through: position)).first
    }
}
