import Aggregates
import EventLog
import EventModel
import EventStorage
import Processing
import Synchronization

/// Takes snapshots on a thread of its own: those that operators ask for in `$operations`, one of
/// each aggregate after every so many events, as its category's rules say, and those anew that
/// other rules made.
///
/// Where several processes follow the same store, each may take them; a snapshot taken twice is
/// the same snapshot, and an outcome told twice is told once.
final class SnapshotFollower: Sendable {
    private let thread: WorkerThread
    private let isStopping: StopFlag
    private let log: EventLog
    private let reported: ReportedProgress

    /// How long to leave the processor to others between two snapshots nobody waits for.
    private static let pauseMilliseconds = 2

    /// How far the run is that an operator asked for; nothing where there is none.
    var progress: SnapshotProgress? { reported.value }

    init(_ operations: StoreOperations) {
        let isStopping = StopFlag()
        self.isStopping = isStopping
        log = operations.log
        let reported = ReportedProgress()
        self.reported = reported
        thread = WorkerThread {
            var run = SnapshotRun(operations, reporting: reported)
            while !isStopping.isRaised {
                do {
                    let isRenewing = try run.step(until: isStopping)
                    if isRenewing {
                        isStopping.wait(milliseconds: SnapshotFollower.pauseMilliseconds)
                    }
                } catch {
                    // The store says the same to whoever asks it next; nobody is here to tell.
                    isStopping.wait(milliseconds: 1000)
                }
            }
            run.end()
        }
    }

    /// Ends the thread after the snapshot it is taking, and waits for that.
    func stop() {
        isStopping.raise()
        log.wakeWaiters()
        thread.join()
    }
}

/// How far a thread has come, for others to see.
final class ReportedProgress: Sendable {
    private let progress = Mutex<SnapshotProgress?>(nil)

    var value: SnapshotProgress? {
        get { progress.withLock { $0 } }
        set { progress.withLock { $0 = newValue } }
    }
}

/// Says that a thread is to end.
final class StopFlag: Sendable {
    private let flag = Atomic(false)
    private let raised = ChangeSignal()

    var isRaised: Bool { flag.load(ordering: .acquiring) }

    func raise() {
        flag.store(true, ordering: .releasing)
        raised.raise()
    }

    /// Waits until the flag is raised or the time is up.
    func wait(milliseconds: Int) {
        let seen = raised.value
        if !isRaised { raised.wait(since: seen, timeoutMilliseconds: milliseconds) }
    }
}

/// Looks at `$operations` from the beginning and at all other streams from the head on, and takes
/// the snapshots nobody has taken.
private struct SnapshotRun {
    private let operations: StoreOperations
    private let reported: ReportedProgress
    private let intervals: [Category: UInt64]
    private var next = Sequence.first
    private var requests: [Operation] = []
    /// The last event looked at; nothing before the first look.
    private var followed: Position?
    private var due: [StreamName] = []
    private var renewal: SnapshotRenewal?

    init(_ operations: StoreOperations, reporting reported: ReportedProgress) {
        self.operations = operations
        self.reported = reported
        renewal = SnapshotRenewal(operations)
        var intervals: [Category: UInt64] = [:]
        for fold in operations.domain.folds.all {
            if let category = fold.category, let every = fold.snapshotEvery {
                intervals[category] = UInt64(every)
            }
        }
        self.intervals = intervals
    }

    /// Takes the next snapshot asked for, or waits for a request.
    ///
    /// A request stays until its outcome has been told.
    ///
    /// - Returns: whether there may be more to do at once that nobody waits for.
    /// - Throws: what the storage has against it.
    mutating func step(until isStopping: StopFlag) throws -> Bool {
        let head = try operations.log.head()
        try receive()
        try follow(through: head)
        guard let request = requests.first else {
            takeDue(until: isStopping)
            if try renewal?.step() == .stop { renewal = nil }
            if renewal != nil { return true }
            _ = try operations.log.wait(after: head, timeoutMilliseconds: 1000)
            return false
        }
        let outcome = take(request, until: isStopping)
        guard !isStopping.isRaised else { return false }
        _ = try operations.log.append(
            AppendRequest(ofSystem: [outcome.event], to: Operation.stream)
        )
        requests.removeFirst()
        return false
    }

    /// Tells what has been done until now; where that cannot be told, the next run finds the rest.
    mutating func end() {
        try? renewal?.tell()
    }

    /// Notes the aggregates whose next snapshot is due.
    private mutating func follow(through head: Position) throws(StorageError) {
        defer { followed = head }
        guard let followed, !intervals.isEmpty else { return }
        try operations.log.read(EventSelection(after: followed, through: head)) { event in
            let stream = event.streamName
            if let every = intervals[stream.category], event.sequence.next.number % every == 0 {
                due.append(stream)
            }
            return .more
        }
    }

    private mutating func takeDue(until isStopping: StopFlag) {
        for stream in due where !isStopping.isRaised {
            // An aggregate whose rules fail is shown as such to whoever opens it.
            _ = try? operations.snapshotter.take(of: stream)
        }
        due = []
    }

    private mutating func receive() throws(StorageError) {
        let selection = EventSelection(.stream(Operation.stream), fromSequence: next)
        for event in try operations.log.events(selection) {
            next = event.sequence.next
            if let outcome = OperationOutcome(event) {
                requests.removeAll { $0.id == outcome.operation }
            } else if let operation = Operation(event), operation.group == nil {
                requests.append(operation)
            }
        }
    }

    private func take(_ request: Operation, until isStopping: StopFlag) -> OperationOutcome {
        defer { reported.value = nil }
        var pace = request.act.rateLimit.map(Pace.init(perSecond:))
        var takenCount = 0
        do {
            let done = try operations.takeSnapshots(request.act) { progress in
                reported.value = progress
                if progress.takenCount > takenCount,
                    let pause = pace?.pause(at: MonotonicTime.elapsed())
                {
                    isStopping.wait(milliseconds: Int(pause / .milliseconds(1)))
                }
                takenCount = progress.takenCount
                return !isStopping.isRaised
            }
            return OperationOutcome(of: request.id, .completed, done)
        } catch {
            return OperationOutcome(of: request.id, .failed, String(describing: error))
        }
    }
}

extension Operation.Act {
    /// How many snapshots may be taken a second; nothing means as many as can be.
    fileprivate var rateLimit: Int? {
        switch self {
        case .snapshotCategory(_, let rateLimit), .snapshotStale(let rateLimit): rateLimit
        case .snapshotStream, .pause, .resume, .replay, .undo, .letGo, .retry, .discard, .skip,
            .effect, .split, .merge:
            nil
        }
    }
}
