public import Aggregates
import EventLog
import EventModel
import EventStorage
import Glibc
public import Processing
import ReadModels

/// Runs what belongs to a store in the background: its processing groups, and the snapshots that
/// operators ask for.
public final class StoreHost: Sendable {
    private let processors: ProcessorHost
    private let effects: EffectHost
    private let snapshots: SnapshotFollower

    /// Starts to run a store.
    ///
    /// - Parameters:
    ///   - operations: the store with its domain.
    ///   - groups: the names of the groups to run; nothing means all.
    public init(_ operations: StoreOperations, groups: Set<String>? = nil) {
        let chosen = operations.domain.groups.filter { groups?.contains($0.name) ?? true }
        processors = ProcessorHost(
            chosen,
            store: operations.log,
            process: getpid(),
            now: operations.now
        )
        effects = EffectHost(chosen, store: operations.log, now: operations.now)
        snapshots = SnapshotFollower(operations)
    }

    /// How each group stands, by name.
    public var statuses: [String: RunnerStatus] { processors.statuses }

    /// The groups, for waiting until they have caught up.
    public var groups: ProcessorHost { processors }

    /// How far the snapshots that an operator asked for are taken; nothing where none are.
    public var snapshotProgress: SnapshotProgress? { snapshots.progress }

    /// Stops everything after the step it is in, and waits for that; to be called once.
    ///
    /// - Parameter isPerforming: whether the effects that are due are performed before.
    public func stop(performing isPerforming: Bool = false) {
        snapshots.stop()
        processors.stop()
        effects.stop(draining: isPerforming)
    }
}
