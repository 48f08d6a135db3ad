public import EventModel
public import EventStorage

/// Runs processing groups, each on a thread of its own.
///
/// A segment of a group is run by at most one host at a time, in whatever process; hosts of the
/// same group share its segments, see ``ClaimKeeper``. Operations on a group are obeyed by the host
/// that has its first segment, see ``Processor``.
public final class ProcessorHost: Sendable {
    private let runners: [ProcessorRunner]
    private let threads: [WorkerThread]
    private let heart: HostHeart
    private let store: any EventStore

    /// Starts to run groups.
    ///
    /// - Parameters:
    ///   - groups: the groups, whose names must differ.
    ///   - store: the events they handle.
    ///   - process: the number of this process, for others to see.
    ///   - stealTimeout: how long the owner of a segment may show no sign of life before it loses
    ///     it.
    ///   - liveLagMax: how far in time a group that handles events as they come may be behind
    ///     before replays here of other groups yield to it, whatever process runs it.
    ///   - now: tells the time.
    public init(
        _ groups: [any ProcessingGroup],
        store: any EventStore,
        process: Int32,
        stealTimeout: Duration = .seconds(10),
        liveLagMax: Duration = .milliseconds(250),
        now: @escaping TimeSource
    ) {
        precondition(
            Set(groups.map(\.name)).count == groups.count,
            "Every processing group has a name of its own."
        )
        self.store = store
        let runners = groups.map { group in
            ProcessorRunner(
                group,
                store: store,
                process: process,
                stealTimeout: stealTimeout,
                liveLagMax: liveLagMax,
                now: now
            )
        }
        self.runners = runners
        threads = runners.map { runner in
            WorkerThread { runner.run() }
        }
        heart = HostHeart { for runner in runners { runner.beat() } }
    }

    /// How each group stands, by name.
    public var statuses: [String: RunnerStatus] {
        Dictionary(uniqueKeysWithValues: runners.map { ($0.group.name, $0.status) })
    }

    /// Stops all groups after the batch they are in, and waits for that; to be called once.
    public func stop() {
        for runner in runners { runner.stop() }
        store.wakeWaiters()
        for thread in threads { thread.join() }
        heart.stop()
    }

    /// Waits until every group has decided every event up to a position and done what operators
    /// asked for, or cannot.
    ///
    /// `progress` is called about ten times a second with how each group stands, and says whether
    /// to go on waiting.
    ///
    /// - Returns: the groups that did not get there: paused, failing, ahead of history, or run by
    ///   another process.
    /// - Throws: ``StorageError`` where the store cannot be read.
    public func waitUntilDecided(
        _ position: Position,
        progress: ([String: RunnerStatus]) -> Bool = { _ in true }
    ) throws(StorageError) -> [String] {
        while true {
            let statuses = statuses
            let behind = statuses.filter {
                $0.value.position < position || $0.value.isAheadOfHistory || $0.value.isBusy
            }
            let stuck = behind.filter { $0.value.isPaused || $0.value.failure != nil }
            if behind.count == stuck.count || !progress(statuses) {
                return behind.keys.sorted()
            }
            _ = try store.wait(after: Position(.max), timeoutMilliseconds: 100)
        }
    }
}
