import EventLog
import EventModel
import EventStorage
import Glibc
public import OperationsModel
import Synchronization

extension StoreOperations {
    /// Reads every event as folds and projections would: upcasters first, then the fold of its
    /// category, from the first event of each stream to the head at the start.
    ///
    /// Streams are shared out to as many threads as there are processors, the calling one among
    /// them, since only the events of one stream must be read in their order. Nothing is
    /// written. Events of Recount's own streams are left out.
    ///
    /// - Parameter progress: told now and then how many events were read; on the calling thread.
    /// - Returns: every form of every category, with how many of its events can be read.
    /// - Throws: where the storage fails, and where the rules of a category cannot be used.
    public func readSchema(
        progress: (_ eventCount: UInt64) -> Void = { _ in }
    ) throws(OperationsError) -> SchemaReading {
        try OperationsError.telling {
            let work = SchemaWork(log, domain, head: try log.head())
            let processorCount = sysconf(Int32(_SC_NPROCESSORS_ONLN))
            let threads = (1..<min(max(1, processorCount), SchemaWork.threadCountMax)).map { _ in
                WorkerThread { work.perform() }
            }
            work.perform(progress: progress)
            for thread in threads { thread.join() }
            return try work.finish()
        }
    }
}

/// The streams that are still to be read, and what was found, shared by the threads that read.
private final class SchemaWork: Sendable {
    static let threadCountMax = 8
    /// How many events a thread reads before it tells the others.
    private static let reportCount: UInt64 = 1024

    private struct State {
        var pages: StreamPages<StreamSummary>
        /// The names of the page at hand that are still to be read.
        var names: [StreamName] = []
        var streamCount = 0
        var readings: [FormReading] = []
        var failure: (any Error)?
    }

    private let log: EventLog
    private let domain: Domain
    private let head: Position
    private let state: Mutex<State>
    private let eventCount = Atomic<UInt64>(0)

    init(_ log: EventLog, _ domain: Domain, head: Position) {
        self.log = log
        self.domain = domain
        self.head = head
        state = Mutex(State(pages: StreamPages(of: log)))
    }

    /// Reads streams until none is left or a thread has failed.
    func perform(progress: (UInt64) -> Void = { _ in }) {
        var reader = SchemaReader(log, domain, through: head)
        var count: UInt64 = 0
        do {
            while let stream = try next() {
                try reader.read(stream) {
                    count += 1
                    guard count == SchemaWork.reportCount else { return }
                    progress(eventCount.add(count, ordering: .relaxed).newValue)
                    count = 0
                }
            }
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
        }
        state.withLock { $0.readings += reader.readings }
    }

    /// What was found, after every thread has ended.
    func finish() throws -> SchemaReading {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return SchemaReading(state.readings, streamCount: state.streamCount)
        }
    }

    /// Takes the next stream; nothing where none is left or a thread has failed.
    private func next() throws -> StreamName? {
        try state.withLock { state in
            guard state.failure == nil else { return nil }
            if state.names.isEmpty { try turnPage(&state) }
            guard let name = state.names.popLast() else { return nil }
            state.streamCount += 1
            return name
        }
    }

    /// Lists names until one is found that is not Recount's own.
    private func turnPage(_ state: inout State) throws {
        var page: [StreamSummary] = []
        repeat {
            page = try state.pages.next()
            state.names = page.map(\.stream).filter { !$0.isSystem }
        } while state.names.isEmpty && !page.isEmpty
    }
}
