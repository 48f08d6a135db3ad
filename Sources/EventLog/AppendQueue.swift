import Disk
import EventModel
import EventStorage
import Synchronization

/// Where appends wait that come while another one is under way.
///
/// The first of a group leads it: its thread writes for all of the group, which share one record
/// and one sync. The others touch one lock to join, and none when they are woken.
final class AppendQueue: Sendable {
    /// A group that has not begun, and what its appends ask for.
    private struct Waiting {
        let group: AppendGroup
        var requests: [AppendRequest] = []
        var size = 0

        /// Adds an append where there is room for it, and returns its number.
        mutating func add(_ request: AppendRequest, size: Int) -> Int? {
            guard requests.isEmpty || self.size + size <= AppendQueue.groupSizeMax else {
                return nil
            }
            requests.append(request)
            self.size += size
            group.count.store(requests.count, ordering: .relaxed)
            return requests.count - 1
        }
    }

    private struct State {
        /// The groups that have not begun, oldest first; the last one takes in further appends.
        var waiting: [Waiting] = []
        /// How many appends there were at the end of the last group, its own and those waiting.
        var expectedCount = 1

        var waitingCount: Int { waiting.reduce(0) { $0 + $1.requests.count } }
    }

    private let state = Mutex(State())

    /// Adds an append to the group that is open, or to a new one.
    ///
    /// - Returns: the group and the append's number in it; number 0 has to lead.
    func join(_ request: AppendRequest) -> (group: AppendGroup, number: Int) {
        let size = request.estimatedSize
        return state.withLock { state in
            while true {
                if let last = state.waiting.indices.last,
                    let number = state.waiting[last].add(request, size: size)
                {
                    return (state.waiting[last].group, number)
                }
                state.waiting.append(Waiting(group: AppendGroup()))
            }
        }
    }

    /// Gives those a moment whose appends ended with the last group and who may be back soon.
    ///
    /// Without it, two halves of the callers would take turns, each group half as large as it could
    /// be. A lone caller never waits.
    func gather(_ group: AppendGroup) {
        let expected = state.withLock { $0.expectedCount }
        guard group.count.load(ordering: .relaxed) < expected else { return }
        let deadline = SystemClock.uptimeMicroseconds() + AppendQueue.gatheringMicroseconds
        while group.count.load(ordering: .relaxed) < expected,
            SystemClock.uptimeMicroseconds() < deadline
        {
            WorkerThread.yield()
        }
    }

    /// How many appends wait for their group to begin.
    var waitingCount: Int { state.withLock { $0.waitingCount } }

    /// Lets no further append into a group, which is begun once.
    ///
    /// - Returns: the appends in the order in which they came.
    func close(_ group: AppendGroup) -> [AppendRequest] {
        state.withLock { state in
            guard let number = state.waiting.firstIndex(where: { $0.group === group }) else {
                preconditionFailure("A group is begun once.")
            }
            let requests = state.waiting.remove(at: number).requests
            state.expectedCount = requests.count + state.waitingCount
            return requests
        }
    }

    /// The bytes of a group about, so that nobody waits long for the others of his group.
    private static let groupSizeMax = 4 << 20
    /// How long the first of a group waits at most for others, a fraction of what a sync takes.
    private static let gatheringMicroseconds: Int64 = 30
}

/// What became of an append.
typealias AppendOutcome = Result<AppendResult, AppendError>

/// Appends that share one record and one sync.
final class AppendGroup: Sendable {
    /// What became of the appends, in their order.
    private final class Outcomes: Sendable {
        let list: [AppendOutcome]

        init(_ list: [AppendOutcome]) {
            self.list = list
        }
    }

    /// How many appends the group has.
    let count = Atomic<Int>(0)
    private let outcomes = AtomicLazyReference<Outcomes>()
    private let ended = ChangeSignal()

    /// Sets what became of the appends, once, and wakes whoever waits for it.
    func end(with outcomes: [AppendOutcome]) {
        _ = self.outcomes.storeIfNil(Outcomes(outcomes))
        ended.raise()
    }

    /// What became of an append; waits for the end of the group.
    func outcome(_ number: Int) -> AppendOutcome {
        while true {
            let seen = ended.value
            if let outcomes = outcomes.load() { return outcomes.list[number] }
            ended.wait(since: seen, timeoutMilliseconds: 1000)
        }
    }
}

extension AppendRequest {
    /// About the bytes that the events of the request take.
    fileprivate var estimatedSize: Int {
        entries.reduce(0) { $0 + $1.event.payload.count + $1.event.metadata.count + 128 }
    }
}
