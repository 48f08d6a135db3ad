import EventModel
import Synchronization

/// Lets replays yield to the groups of the same host that handle events as they come.
///
/// A group that was at the head and now is behind by more than a bound goes first: a replay then
/// does one batch a second, so that it comes to its end all the same.
final class ReplayGovernor: Sendable {
    /// How far behind a group may be before replays yield.
    let lagMax: Duration
    private let groups: Mutex<[Int: LiveLag]> = Mutex([:])
    private let uptime: UptimeSource

    init(lagMax: Duration, uptime: @escaping UptimeSource = uptimeSource()) {
        self.lagMax = lagMax
        self.uptime = uptime
    }

    /// Notes where a group is that handles events as they come.
    func note(_ group: Int, position: Position, head: Position) {
        let now = uptime()
        groups.withLock { $0[group, default: LiveLag()].note(position, head: head, at: now) }
    }

    /// Notes that a group does not handle events as they come: it is replayed, paused or cannot go
    /// on.
    func leave(_ group: Int) {
        groups.withLock { _ = $0.removeValue(forKey: group) }
    }

    /// Whether another group than one is behind by more than the bound.
    func isOtherBehind(than group: Int) -> Bool {
        let now = uptime()
        return groups.withLock { groups in
            groups.contains { $0.key != group && $0.value.duration(at: now) > lagMax }
        }
    }
}

extension ReplayGovernor {
    /// One group's part in a governor, and how long its replay has yielded.
    struct Share {
        private let governor: ReplayGovernor
        /// Which group of the host it is.
        private let group: Int
        private var batchTime: Duration?

        init(_ governor: ReplayGovernor, group: Int) {
            self.governor = governor
            self.group = group
        }

        /// Notes where the group is, which handles events as they come.
        func note(_ position: Position, head: Position) {
            governor.note(group, position: position, head: head)
        }

        /// Notes that the group does not handle events as they come.
        func leave() { governor.leave(group) }

        /// The part of the new rows beside those in use of the group, which yield to those too.
        var ofDraft: Share { Share(governor, group: -1 - group) }

        /// How long a replay may yield before it does a batch all the same.
        private static let yieldMax = Duration.seconds(1)

        /// Whether a replay is to let others go first now; it is asked before each batch.
        mutating func yields() -> Bool {
            let now = governor.uptime()
            if let batchTime, now - batchTime < Share.yieldMax,
                governor.isOtherBehind(than: group)
            {
                return true
            }
            batchTime = now
            return false
        }
    }
}
