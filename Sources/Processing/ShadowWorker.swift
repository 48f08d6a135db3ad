import EventModel
import EventStorage
import Synchronization

/// Makes new rows of a group beside those in use, on a thread of its own.
final class ShadowWorker: Sendable {
    private let state = SharedState()
    private let thread: WorkerThread

    /// What the thread and its owner tell each other.
    private final class SharedState: Sendable {
        let isStopping = Atomic(false)
        let position = Atomic<UInt64>(0)
        let limit = Atomic<UInt64>(0)
        let failure = Mutex<String?>(nil)
    }

    init(
        _ group: any ProcessingGroup,
        _ shadow: TrackingToken.Replay,
        store: any EventStore,
        governor: ReplayGovernor.Share?,
        now: @escaping TimeSource
    ) {
        let state = state
        thread = WorkerThread {
            do {
                let run = try GroupRun(
                    storage: try group.openDraft(shadow),
                    group: group,
                    store: store,
                    governor: governor,
                    now: now
                ) { Position(state.limit.load(ordering: .acquiring)) }
                try ShadowWorker.go(on: run, state)
            } catch {
                state.failure.withLock { $0 = String(describing: error) }
            }
        }
    }

    private static func go(on run: GroupRun, _ state: SharedState) throws {
        while !state.isStopping.load(ordering: .acquiring) {
            try run.step()
            state.position.store(run.status.position.number, ordering: .releasing)
            if let failure = run.status.failure {
                return state.failure.withLock { $0 = failure }
            }
        }
    }

    /// The last position whose event is in the new rows.
    var position: Position { Position(state.position.load(ordering: .acquiring)) }

    /// What has ended the thread.
    var failure: String? { state.failure.withLock { $0 } }

    /// How far the rows in use are, behind which the new ones stay.
    var limit: Position {
        get { Position(state.limit.load(ordering: .acquiring)) }
        set { state.limit.store(newValue.number, ordering: .releasing) }
    }

    /// Ends the thread after the batch it is in, and waits for that.
    func stop() {
        state.isStopping.store(true, ordering: .releasing)
        thread.join()
    }
}
