import EventModel
import EventStorage
@testable import Processing

/// The group as a host has defined it.
struct SimulatedGroup: ProcessingGroup {
    let host: SimulatedHost
    let name = Plan.group
    let projections = ["rows"]
    let tables = ["rows"]
    let handledTypes: [EventType]? = Array(Plan.types.dropLast())
    var isIdempotent: Bool { host.world.plan.isIdempotent }

    func open() throws -> any GroupStorage { try openStorage() }

    func openStorage() throws -> SimulatedStorage {
        try host.reach()
        let disk = host.world.disk
        if disk.inUse == nil { disk.generations[0] = RowsFile(RowsContent()) }
        guard let (number, file) = disk.inUse else { throw MachineFault() }
        return SimulatedStorage(host, file, generation: number, isInUse: true)
    }

    func openDraft(_ shadow: TrackingToken.Replay) throws -> any GroupStorage {
        try host.reach()
        let disk = host.world.disk
        guard let (number, inUse) = disk.inUse else { throw MachineFault() }
        if let draft = disk.drafts[number + 1],
            draft.content.progress?.replay?.operation == shadow.operation
        {
            return SimulatedStorage(host, draft, generation: number + 1)
        }
        try host.reach()
        let file = RowsFile(RowsContent(), beside: inUse)
        disk.drafts[number + 1] = file
        let draft = SimulatedStorage(host, file, generation: number + 1)
        _ = try draft.loadProgress()
        try draft.transact {
            try draft.reset()
            draft.working?.skipped = inUse.content.skipped
            draft.working?.marks = inUse.content.marks
            return GroupProgress(shadow, of: inUse.content.progress ?? GroupProgress())
        }
        return draft
    }
}

/// The store as a host sees it; each call may be its last.
struct SimulatedStore: EventStore {
    let host: SimulatedHost

    private var log: InMemoryEventStore { host.world.log }
    var identity: StoreIdentity { log.identity }

    func append(_ request: AppendRequest) throws(AppendError) -> AppendResult {
        do {
            try reach()
            let result = try log.append(request)
            try host.world.learn()
            try reach()
            return result
        } catch let error as AppendError {
            throw error
        } catch {
            throw .failed(StorageError(.inputOutput, "\(error)"))
        }
    }

    func head() throws(StorageError) -> Position {
        try reach()
        return log.head()
    }

    func read(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        try reach()
        try log.read(selection, visit)
    }

    private func reach() throws(StorageError) {
        do {
            try host.reach()
        } catch {
            throw StorageError(.inputOutput, "\(error)")
        }
    }

    func wait(
        after position: Position,
        timeoutMilliseconds: Int
    ) throws(StorageError) -> Position {
        log.head()
    }

    func stream(_ name: StreamName) throws(StorageError) -> StreamSummary? { log.stream(name) }

    func streams(_ request: StreamsRequest) throws(StorageError) -> [StreamSummary] {
        log.streams(request)
    }

    func streamCount() throws(StorageError) -> Int { log.streamCount() }
    func census() throws(StorageError) -> [TypeCensus] { log.census() }
    func wakeWaiters() {}
}
