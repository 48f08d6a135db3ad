import EventModel
import EventStorage

/// Passes every call on to a store in memory, and says so before.
final class HookedStore: EventStore {
    private let store: InMemoryEventStore
    private let beforeAppend: @Sendable (AppendRequest) throws(AppendError) -> Void
    private let beforeEvent: @Sendable () -> Void

    /// Wraps a store.
    ///
    /// - Parameters:
    ///   - store: where the events are.
    ///   - beforeAppend: called before each append, which does not happen where this throws.
    ///   - beforeEvent: called before each event that is shown.
    init(
        _ store: InMemoryEventStore,
        beforeAppend: @escaping @Sendable (AppendRequest) throws(AppendError) -> Void = { _ in },
        beforeEvent: @escaping @Sendable () -> Void = {}
    ) {
        self.store = store
        self.beforeAppend = beforeAppend
        self.beforeEvent = beforeEvent
    }

    var identity: StoreIdentity { store.identity }

    func append(_ request: AppendRequest) throws(AppendError) -> AppendResult {
        try beforeAppend(request)
        return try store.append(request)
    }

    func read(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        try store.read(selection) { event in
            beforeEvent()
            return visit(event)
        }
    }

    func head() -> Position { store.head() }
    func stream(_ name: StreamName) -> StreamSummary? { store.stream(name) }
    func streams(_ request: StreamsRequest) -> [StreamSummary] { store.streams(request) }
    func streamCount() -> Int { store.streamCount() }
    func census() -> [TypeCensus] { store.census() }
    func wait(after position: Position, timeoutMilliseconds: Int) -> Position {
        store.wait(after: position, timeoutMilliseconds: timeoutMilliseconds)
    }
    func wakeWaiters() { store.wakeWaiters() }
}
