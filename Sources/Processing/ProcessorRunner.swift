public import EventModel
import EventStorage
import Synchronization

/// Runs one group on the thread that calls: the shell around a ``Processor``.
final class ProcessorRunner: Sendable {
    let group: any ProcessingGroup
    private let store: any EventStore
    private let now: TimeSource
    private let process: Int32
    private let isStopping = Atomic(false)
    private let stopped = ChangeSignal()
    private let stealTimeout: Duration
    private let liveLagMax: Duration
    private let heart = SharedHeart()
    private let watch = HandlerWatch()
    private let shownStatus = Mutex(RunnerStatus())

    init(
        _ group: any ProcessingGroup,
        store: any EventStore,
        process: Int32,
        stealTimeout: Duration,
        liveLagMax: Duration,
        now: @escaping TimeSource
    ) {
        self.group = group
        self.liveLagMax = liveLagMax
        self.stealTimeout = stealTimeout
        self.store = store
        self.process = process
        self.now = now
    }

    /// How the group stands, for other threads.
    var status: RunnerStatus { shownStatus.withLock { $0 } }

    /// Shows others that the process is alive, whatever ``run()`` is doing.
    func beat() { heart.beat(handling: watch.position, at: now()) }

    /// Lets ``run()`` end after the batch it is in; the caller wakes the store's waiters.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        stopped.raise()
    }

    /// Runs the group until it is stopped; what fails is shown and tried again.
    func run() {
        while !isStopping.load(ordering: .acquiring) {
            do {
                try runStorage()
            } catch {
                show { $0.failure = String(describing: error) }
                pause()
            }
        }
    }

    /// Waits a while, whatever happens in the store, or until the group is stopped.
    private func pause() {
        let seen = stopped.value
        if isStopping.load(ordering: .acquiring) { return }
        stopped.wait(since: seen, timeoutMilliseconds: Processor.idleMilliseconds)
    }

    /// Opens the storage and runs what of it others leave, until the group is stopped or its rows
    /// are replaced.
    private func runStorage() throws {
        let storage = try group.open()
        heart.set(storage.heart)
        defer {
            heart.set(nil)
            for segment in storage.claimed { storage.release(segment) }
        }
        var claims = GroupClaims(storage, stealTimeout: stealTimeout)
        while !isStopping.load(ordering: .acquiring), storage.isInPlace {
            try claims.tend()
            if storage.claimed.isEmpty {
                show { $0 = RunnerStatus(failure: "another process runs the group") }
                pause()
            } else {
                try runClaimed(storage, &claims)
            }
        }
    }

    /// Runs the claimed segments until others are claimed, or another process has changed what all
    /// go by.
    private func runClaimed(_ storage: any GroupStorage, _ claims: inout GroupClaims) throws {
        let claimed = try claims.chosen()
        let run = try GroupRun(
            storage: storage,
            group: group,
            store: store,
            process: process,
            claimed: claimed,
            watch: watch,
            liveLagMax: liveLagMax,
            now: now
        )
        defer { run.stopShadow() }
        do {
            while !isStopping.load(ordering: .acquiring), storage.isInPlace {
                try run.step()
                show { $0 = run.status }
                let isChanged = try claims.tend(needsAll: run.needsAllSegments)
                guard try !isChanged && claims.chosen() == claimed else { return }
            }
        } catch is GroupChanged {
            return
        }
    }

    private func show(_ change: (inout RunnerStatus) -> Void) {
        shownStatus.withLock { change(&$0) }
    }
}

/// The heart of the storage that is open, for another thread.
private final class SharedHeart: Sendable {
    private let heart = Mutex<(any ClaimHeart)?>(nil)

    func set(_ opened: (any ClaimHeart)?) {
        heart.withLock { $0 = opened }
    }

    func beat(handling position: Position?, at time: Timestamp) {
        heart.withLock { $0 }?.beat(handling: position, at: time)
    }
}

/// How a running group stands.
public struct RunnerStatus: Hashable, Sendable {
    /// The last position stored.
    public var position: Position = .start
    /// Whether an operator paused it.
    public var isPaused = false
    /// What keeps it where it is.
    public var failure: String?
    /// Whether it has handled events that the store does not hold.
    public var isAheadOfHistory = false
    /// Whether something is to be done, or under way, that an operator asked for.
    public var isBusy = false
}
