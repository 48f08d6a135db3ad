import Disk
import EventModel
import EventStorage
import Synchronization

/// Where appends wait that come while another one is under way.
///
/// The first of a group leads it: its thread writes for all of the group, which share one record
/// and one sync.
final class AppendQueue: Sendable {
    private struct State {
        /// The group that takes in further appends.
        var open: AppendGroup?
        /// How many appends there were at the end of the last group, its own and those waiting.
        var expectedCount = 1
    }

    private let state = Mutex(State())

    /// Adds an append to the group that is open, or to a new one.
    ///
    /// - Returns: the group and the append's number in it; number 0 has to lead.
    func join(_ request: AppendRequest) -> (group: AppendGroup, number: Int) {
        state.withLock { state in
            if let group = state.open, let number = group.add(request) { return (group, number) }
            let group = AppendGroup(request)
            state.open = group
            return (group, 0)
        }
    }

    /// Gives those a moment whose appends ended with the last group and who may be back soon.
    ///
    /// Without it, two halves of the callers would take turns, each group half as large as it could
    /// be. A lone caller never waits.
    func gather(_ group: AppendGroup) {
        let expected = state.withLock { $0.expectedCount }
        guard group.count < expected else { return }
        let deadline = SystemClock.uptimeMicroseconds() + AppendQueue.gatheringMicroseconds
        while group.count < expected, SystemClock.uptimeMicroseconds() < deadline {
            WorkerThread.yield()
        }
    }

    /// How many appends wait for their group to begin.
    var waitingCount: Int { state.withLock { $0.open?.count ?? 0 } }

    /// Lets no further append into a group.
    func close(_ group: AppendGroup) -> [AppendRequest] {
        state.withLock { state in
            if state.open === group { state.open = nil }
            return group.requests
        }
    }

    /// Tells all of a group what became of their appends.
    func end(_ group: AppendGroup, with outcomes: [AppendOutcome]) {
        state.withLock { $0.expectedCount = outcomes.count + ($0.open?.count ?? 0) }
        group.end(with: outcomes)
    }

    /// How long the first of a group waits at most for others, a fraction of what a sync takes.
    private static let gatheringMicroseconds: Int64 = 30
}

/// What became of an append.
typealias AppendOutcome = Result<AppendResult, AppendError>

/// Appends that share one record and one sync.
final class AppendGroup: Sendable {
    private struct State {
        var requests: [AppendRequest]
        var size: Int
        var outcomes: [AppendOutcome]?
    }

    private let state: Mutex<State>
    private let ended = ChangeSignal()

    /// Makes a group with its first append.
    init(_ request: AppendRequest) {
        state = Mutex(State(requests: [request], size: request.estimatedSize))
    }

    /// How many appends the group has.
    var count: Int { state.withLock { $0.requests.count } }

    /// The appends in the order in which they came.
    var requests: [AppendRequest] { state.withLock { $0.requests } }

    /// Adds an append.
    ///
    /// - Returns: its number; nothing where the group has no room for it.
    func add(_ request: AppendRequest) -> Int? {
        let size = request.estimatedSize
        return state.withLock { state in
            guard state.size + size <= AppendGroup.sizeMax else { return nil }
            state.requests.append(request)
            state.size += size
            return state.requests.count - 1
        }
    }

    /// Sets what became of the appends, and wakes whoever waits for it.
    func end(with outcomes: [AppendOutcome]) {
        state.withLock { $0.outcomes = outcomes }
        ended.raise()
    }

    /// What became of an append; waits for the end of the group.
    func outcome(_ number: Int) -> AppendOutcome {
        while true {
            let seen = ended.value
            if let outcomes = state.withLock({ $0.outcomes }) { return outcomes[number] }
            ended.wait(since: seen, timeoutMilliseconds: 1000)
        }
    }

    /// The bytes of a group about, so that nobody waits long for the others of his group.
    private static let sizeMax = 4 << 20
}

extension AppendRequest {
    /// About the bytes that the events of the request take.
    fileprivate var estimatedSize: Int {
        entries.reduce(0) { $0 + $1.event.payload.count + $1.event.metadata.count + 128 }
    }
}
