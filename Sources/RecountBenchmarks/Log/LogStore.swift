import EventLog
import EventModel
import EventStorage

/// Our log as the benchmarks use it.
final class LogStore: StoreUnderTest {
    private let log: EventLog
    private let durability: Durability

    /// Makes a new store, or opens one that exists.
    init(_ directory: StoreDirectory, durability: Durability, isNew: Bool = false) throws {
        log =
            isNew
            ? try EventLog.create(directory, id: EventID(high: 3, low: 3))
            : try EventLog.open(directory)
        self.durability = durability
    }

    func append(_ batch: WorkloadBatch) throws -> UInt64 {
        var request = batch.request
        request.durability = durability
        return foldPositions(try log.append(request).placements.lazy.map(\.position.number))
    }

    func retry(_ batch: WorkloadBatch) throws -> UInt64 {
        try append(batch)
    }

    /// A synced retry of a known event waits for the disk and writes nothing.
    func sync(through last: WorkloadBatch) throws {
        _ = try log.append(last.request)
    }

    func head() throws -> UInt64 {
        try log.head().number
    }

    func read(_ reading: Reading, into fold: inout EventFold) throws {
        try log.read(reading.selection) { event in
            fold.add(
                position: event.position.number,
                id: event.id,
                type: event.type,
                metadata: event.metadata,
                payload: event.payload
            )
            return .more
        }
    }

    /// Waits until there are events after a position; at most a second.
    func wait(after position: UInt64) throws -> UInt64 {
        try log.wait(after: Position(position), timeoutMilliseconds: 1000).number
    }

    /// Reads the events after a position; returns the position of the last.
    func follow(after position: UInt64, _ visit: (UInt64) -> Void) throws -> UInt64 {
        var last = position
        try log.read(EventSelection(after: Position(position))) { event in
            last = event.position.number
            visit(last)
            return .more
        }
        return last
    }
}

extension Reading {
    fileprivate var selection: EventSelection {
        switch self {
        case .all: EventSelection()
        case .backwards: EventSelection(direction: .backwards)
        case .stream(let name, let count):
            EventSelection(.stream(name), throughSequence: Sequence(UInt64(count - 1)))
        case .type(let type): EventSelection(types: [type])
        case .tag(let tag): EventSelection(tags: [tag])
        }
    }
}
