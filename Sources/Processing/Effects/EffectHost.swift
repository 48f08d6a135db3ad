public import EventModel
public import EventStorage
import Synchronization

/// Performs the effects of groups, those of each group on a thread of its own, so that none holds
/// up the handling of events.
public final class EffectHost: Sendable {
    private let isStopping = Atomic(false)
    private let isDraining = Atomic(false)
    private let stopped = ChangeSignal()
    private let threads = Mutex<[WorkerThread]>([])
    private let store: any EventStore

    /// The milliseconds between two looks for effects, after something has come into the store.
    private static let pauseMilliseconds = 50
    /// How many of these looks there are before the next thing that comes is waited for: what is
    /// asked for is there a moment after the event.
    private static let lookCount = 20
    /// The milliseconds after which what failed, or another process does, is looked at again, and
    /// without anything that comes.
    private static let longPauseMilliseconds = 1000

    /// Starts to perform.
    ///
    /// - Parameters:
    ///   - groups: the groups; those without effects take no thread.
    ///   - store: where it is told what happened.
    ///   - now: tells the time.
    public init(
        _ groups: [any EffectfulGroup],
        store: any EventStore,
        now: @escaping TimeSource
    ) {
        self.store = store
        let acting = groups.filter { !$0.performers.isEmpty }
        threads.withLock {
            $0 = acting.map { group in
                WorkerThread { [self] in run(group, store: store, now: now) }
            }
        }
    }

    /// Stops after the effects that are under way, and waits for that; to be called once.
    ///
    /// - Parameter isDraining: whether everything that is due is performed before.
    public func stop(draining isDraining: Bool = false) {
        if isDraining {
            self.isDraining.store(true, ordering: .releasing)
        } else {
            isStopping.store(true, ordering: .releasing)
        }
        stopped.raise()
        store.wakeWaiters()
        for thread in threads.withLock({ $0 }) { thread.join() }
    }

    private var goesOn: Bool { !isStopping.load(ordering: .acquiring) }

    private func run(
        _ group: any EffectfulGroup,
        store: any EventStore,
        now: @escaping TimeSource
    ) {
        while goesOn {
            let isDraining = isDraining.load(ordering: .acquiring)
            // What fails is tried again: whatever was begun is in the log.
            let isDone = (try? perform(group, store: store, now: now)) ?? false
            if isDraining { return }
            pause(isDone ? EffectHost.pauseMilliseconds : EffectHost.longPauseMilliseconds)
        }
    }

    /// Performs the effects of a group as long as this process is the one that does.
    private func perform(
        _ group: any EffectfulGroup,
        store: any EventStore,
        now: @escaping TimeSource
    ) throws -> Bool {
        guard let queue = try group.openEffects() else { return false }
        let run = EffectRun(queue, performers: group.performers, store: store, now: now)
        var lookCount = 0
        var seenHead = try store.head()
        while goesOn {
            let isDraining = isDraining.load(ordering: .acquiring)
            if try run.step(while: { goesOn }) { continue }
            if isDraining { return true }
            let head = try store.head()
            lookCount = head == seenHead ? lookCount + 1 : 0
            seenHead = head
            if lookCount < EffectHost.lookCount {
                pause(EffectHost.pauseMilliseconds)
            } else {
                _ = try store.wait(
                    after: head,
                    timeoutMilliseconds: EffectHost.longPauseMilliseconds
                )
            }
        }
        return true
    }

    private func pause(_ milliseconds: Int) {
        let seen = stopped.value
        if !goesOn || isDraining.load(ordering: .acquiring) { return }
        stopped.wait(since: seen, timeoutMilliseconds: milliseconds)
    }
}
