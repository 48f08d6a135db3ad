import EventStorage
import Synchronization

/// A store that events of the workload are appended to, one after the other.
final class AppendingStore {
    /// Who it is.
    let name: String
    private let workload: Workload
    private let open: () throws -> any StoreUnderTest
    private let store: any StoreUnderTest
    /// The first event that it does not hold.
    private var next: Int

    init(
        name: String,
        workload: Workload,
        open: @escaping () throws -> any StoreUnderTest
    ) throws {
        self.name = name
        self.workload = workload
        self.open = open
        store = try open()
        next = Int(try store.head())
    }

    /// Appends batches of the same size; the figure is events a second.
    func append(_ count: Int, of size: Int) throws -> Round {
        let batches = take(count, of: size)
        var hash: UInt64 = 0
        let time = try seconds { for batch in batches { hash &+= try store.append(batch) } }
        return Round(values: [Double(count * size) / time], hash: hash)
    }

    /// Appends single events in several threads, each of which waits for its own.
    func append(_ count: Int, writers writerCount: Int) throws -> Round {
        let work = try (0..<writerCount).map { _ in
            // A log is shared by its threads; each of SQLite's needs a connection of its own.
            (store: store is LogStore ? store : try open(), batches: take(count, of: 1))
        }
        let outcome = Mutex<Result<UInt64, any Error>>(.success(0))
        let time = seconds {
            let threads = work.map { store, batches in
                WorkerThread {
                    let result = Result { try batches.reduce(0) { $0 &+ (try store.append($1)) } }
                    outcome.withLock { outcome in
                        outcome = outcome.flatMap { sum in result.map { sum &+ $0 } }
                    }
                }
            }
            threads.forEach { $0.join() }
        }
        let hash = try outcome.withLock { $0 }.get()
        return Round(values: [Double(count * writerCount) / time], hash: hash)
    }

    /// Appends batches again that have been appended before; the figure is events a second.
    func retry(_ count: Int, of size: Int) throws -> Round {
        let batches = (0..<count).map { number in
            let start = Int(mix(UInt64(number)) % UInt64(workload.eventCount - size))
            return workload.batch(start..<start + size)
        }
        var hash: UInt64 = 0
        let time = try seconds { for batch in batches { hash &+= try store.retry(batch) } }
        return Round(values: [Double(count * size) / time], hash: hash)
    }

    /// Loads streams of 50 events, decoded; the figure is the microseconds of one.
    func load(_ count: Int) throws -> Round {
        try store.loads(count, of: workload)
    }

    private func take(_ count: Int, of size: Int) -> [WorkloadBatch] {
        defer { next += count * size }
        return (0..<count).map { workload.batch(next + $0 * size..<next + ($0 + 1) * size) }
    }
}
