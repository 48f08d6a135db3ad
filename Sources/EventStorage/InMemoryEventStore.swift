public import EventModel
import Synchronization

/// A store that lives and dies with its process; for tests and examples.
public final class InMemoryEventStore: EventStore {
    /// Which store this is.
    public let identity: StoreIdentity
    private let now: TimeSource
    private let state = Mutex(State())
    private let changed = ChangeSignal()

    /// Makes an empty store.
    ///
    /// - Parameters:
    ///   - identity: which store it claims to be.
    ///   - now: tells the recorded times; where it goes back, the last time is used again.
    public init(
        identity: StoreIdentity = StoreIdentity(
            id: EventID(high: 0, low: 0),
            incarnation: 1,
            name: "memory"
        ),
        now: @escaping TimeSource
    ) {
        self.identity = identity
        self.now = now
    }

    /// Appends events, all or none; never blocks on a disk.
    public func append(_ request: AppendRequest) throws(AppendError) -> AppendResult {
        let result = try state.withLock { (state) throws(AppendError) -> AppendResult in
            let plan = try AppendPlan(request, head: state.head, in: state)
            state.write(plan, of: request, at: now())
            return AppendResult(plan, of: request)
        }
        changed.raise()
        return result
    }

    /// The position of the last event.
    public func head() -> Position {
        state.withLock { $0.head }
    }

    /// Shows the selected events to `visit`, one by one, until it says stop.
    public func read(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        try state.withLock { $0 }.read(selection, visit)
    }

    /// What a list says about one stream; nothing where it has no event.
    public func stream(_ name: StreamName) -> StreamSummary? {
        state.withLock { $0.index.summary(of: name) }
    }

    /// One page of the streams.
    public func streams(_ request: StreamsRequest) -> [StreamSummary] {
        state.withLock { $0.index.summaries(request) }
    }

    /// How many streams there are.
    public func streamCount() -> Int {
        state.withLock { $0.index.streamCount }
    }

    /// The types and revisions the store holds, sorted.
    public func census() -> [TypeCensus] {
        state.withLock { $0.index.census }
    }

    /// Waits until there are events after `position` or the time is up.
    public func wait(after position: Position, timeoutMilliseconds: Int) -> Position {
        let seen = changed.value
        let head = head()
        guard head <= position else { return head }
        changed.wait(since: seen, timeoutMilliseconds: timeoutMilliseconds)
        return self.head()
    }

    /// Ends every wait under way, as if its time were up.
    public func wakeWaiters() {
        changed.raise()
    }
}

/// The events, encoded one behind the other, and where each begins.
private struct State: AppendContext {
    var index = EventIndex()
    var identities = IdentityTable()
    var bytes: [UInt8] = []
    var starts: [Int] = [0]
    var recordedTimes: [Timestamp] = []

    var head: Position { Position(UInt64(recordedTimes.count)) }

    mutating func write(_ plan: AppendPlan, of request: AppendRequest, at time: Timestamp) {
        let time = max(time, recordedTimes.last ?? time)
        for entryIndex in plan.written {
            let entry = request.entries[entryIndex]
            let placement = plan.placements[entryIndex]
            EventEncoding.append(
                entry.event,
                stream: entry.stream,
                sequence: placement.sequence,
                to: &bytes
            )
            starts.append(bytes.count)
            recordedTimes.append(time)
            identities.add(entry.event.id)
            State.withView(in: bytes, starts, recordedTimes, at: placement.position) {
                index.add($0)
            }
        }
    }

    func read(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        let filter = EventFilter(selection)
        let plan = ReadPlan(selection, head: head, in: index)
        try plan.forEach(selection.direction) { (position) throws(StorageError) in
            State.withView(in: bytes, starts, recordedTimes, at: position) {
                filter.matches($0) ? visit($0) : .more
            }
        }
    }

    func lastSequences(of streams: [StreamName]) -> [Sequence?] {
        streams.map { index.lastSequence(of: $0.text.utf8.span.bytes) }
    }

    func places(of ids: [EventID]) -> [KnownEvent?] { ids.map(place) }

    private func place(of id: EventID) -> KnownEvent? {
        guard let position = identities.position(of: id) else { return nil }
        return State.withView(in: bytes, starts, recordedTimes, at: position) { event in
            KnownEvent(
                stream: event.streamName,
                placement: AppendResult.Placement(position: position, sequence: event.sequence)
            )
        }
    }

    /// Shows one event; static, so that the index can be changed meanwhile.
    private static func withView<Result>(
        in bytes: [UInt8],
        _ starts: [Int],
        _ recordedTimes: [Timestamp],
        at position: Position,
        _ body: (borrowing EventView) -> Result
    ) -> Result {
        let number = Int(position.number)
        let encoded = bytes.span.bytes.extracting(starts[number - 1]..<starts[number])
        let recordedTime = recordedTimes[number - 1]
        do {
            return body(
                try EventView(encoded: encoded, position: position, recordedTime: recordedTime)
            )
        } catch {
            preconditionFailure("An event that this store encoded can be decoded.")
        }
    }
}
