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

    /// The milliseconds between two looks for effects.
    private static let pauseMilliseconds = 50
    /// The milliseconds after which what failed, or another process does, is looked at again.
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
        while goesOn {
            let isDraining = isDraining.load(ordering: .acquiring)
            if try run.step(while: { goesOn }) { continue }
            if isDraining { return true }
            pause(EffectHost.pauseMilliseconds)
        }
        return true
    }

    private func pause(_ milliseconds: Int) {
        let seen = stopped.value
        if !goesOn || isDraining.load(ordering: .acquiring) { return }
        stopped.wait(since: seen, timeoutMilliseconds: milliseconds)
    }
}
