import EventModel
import EventStorage
import RecountTesting
import Synchronization
import Testing

@testable import Processing
@testable import ReadModels

extension GroupFixture<MailProjection> {
    /// Performs in a process that dies at a step: before or after it is told that an effect begins,
    /// before or after it is told that it ended, before or after its row goes.
    func perform(dyingAt step: Int) throws {
        let group = group("mails")
        let life = Life(endingAt: step)
        let queue = try #require(try group.openEffects())
        let run = EffectRun(
            MortalQueue(queue: queue, life: life),
            performers: group.performers,
            store: MortalStore(store: store, life: life),
            now: clock.now
        )
        _ = try? run.step()
    }
}

/// Steps that are passed until a fatal one, behind which there are none.
private final class Life: Sendable {
    private let fatalStep: Int
    private let step = Mutex(0)

    struct End: Error {}

    init(endingAt step: Int) { fatalStep = step }

    func pass() throws(End) {
        let isOver = step.withLock { step in
            defer { step = min(step + 1, fatalStep) }
            return step == fatalStep
        }
        if isOver { throw End() }
    }
}

private final class MortalQueue: EffectQueue {
    private let queue: any EffectQueue
    private let life: Life

    init(queue: any EffectQueue, life: Life) {
        self.queue = queue
        self.life = life
    }

    func due(_ kinds: [String], now: Timestamp, limit: Int) throws -> [PendingEffect] {
        try queue.due(kinds, now: now, limit: limit)
    }

    func update(_ effect: PendingEffect, obeying wish: PendingEffect.Wish?) throws {
        try life.pass()
        try queue.update(effect, obeying: wish)
        try life.pass()
    }

    func remove(_ id: EventID) throws {
        try life.pass()
        try queue.remove(id)
        try life.pass()
    }
}

private struct MortalStore: EventStore {
    let store: InMemoryEventStore
    let life: Life

    var identity: StoreIdentity { store.identity }

    func append(_ request: AppendRequest) throws(AppendError) -> AppendResult {
        try pass()
        let result = try store.append(request)
        try pass()
        return result
    }

    private func pass() throws(AppendError) {
        do throws(Life.End) {
            try life.pass()
        } catch {
            throw .refused(.readOnly("the process is dead"))
        }
    }

    func head() throws(StorageError) -> Position { store.head() }

    func read(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        try store.read(selection, visit)
    }

    func stream(_ name: StreamName) throws(StorageError) -> StreamSummary? {
        store.stream(name)
    }

    func streams(_ request: StreamsRequest) throws(StorageError) -> [StreamSummary] {
        store.streams(request)
    }

    func streamCount() throws(StorageError) -> Int { store.streamCount() }

    func census() throws(StorageError) -> [TypeCensus] { store.census() }

    func wait(
        after position: Position,
        timeoutMilliseconds: Int
    ) throws(StorageError) -> Position {
        store.wait(after: position, timeoutMilliseconds: timeoutMilliseconds)
    }

    func wakeWaiters() { store.wakeWaiters() }
}
