import EventModel
import EventStorage
import Synchronization

/// Makes new rows of a group beside those in use, while the group goes on.
protocol ShadowMaker: AnyObject {
    /// The last position whose event is in the new rows.
    var position: Position { get }

    /// What has ended the making.
    var failure: String? { get }

    /// How far the rows in use are, behind which the new ones stay.
    var limit: Position { get set }

    /// Ends the making after the batch it is in, and waits for that.
    func stop()
}

/// Begins to make the new rows of a shadow.
typealias ShadowStart = (
    any ProcessingGroup, TrackingToken.Replay, any EventStore, Duration?,
    @escaping TimeSource
) -> any ShadowMaker

/// Makes new rows on a thread of its own.
final class ShadowWorker: ShadowMaker, Sendable {
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
        _ store: any EventStore,
        _ liveLagMax: Duration?,
        _ now: @escaping TimeSource
    ) {
        let state = state
        thread = WorkerThread {
            do {
                let run = try GroupRun(
                    storage: try group.openDraft(shadow),
                    group: group,
                    store: store,
                    liveLagMax: liveLagMax,
                    now: now,
                    limit: { Position(state.limit.load(ordering: .acquiring)) }
                )
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
