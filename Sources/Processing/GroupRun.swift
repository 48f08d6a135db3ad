import EventModel
import EventStorage

/// Performs what a ``Processor`` decides, on the rows of one group.
final class GroupRun {
    let storage: any GroupStorage
    let group: any ProcessingGroup
    let store: any EventStore
    let now: TimeSource
    let uptime: UptimeSource
    /// The process to name in signs of life; nothing for rows that are not in use.
    private let process: Int32?
    /// Tells another thread which event is being handled.
    let watch: HandlerWatch
    /// How far in time others may be behind before a replay yields; nothing means any time.
    let liveLagMax: Duration?
    /// Lets the replay that is under way yield.
    var governor: ReplayGovernor?
    /// What the group lacks that handles events as they come.
    var liveGoal = LiveGoal()
    /// How far rows go that are not in use.
    let limit: () -> Position?
    /// Makes new rows beside those in use.
    var shadowWorker: (any ShadowMaker)?
    let makeShadow: ShadowStart
    var processor: Processor
    /// The events that are never to be handled.
    var skipped: Set<Position> = []
    /// The segments to name in signs of life; nothing means all.
    private let claimed: Set<Segment>?
    private var meter = RateMeter()
    private var decidedCount: UInt64 = 0
    private var advancedTime: Timestamp
    private var storedFailure: String?
    /// The head behind which there can be operations that have not been received.
    private var seenHead: Position?

    /// Goes on with rows from where they are, or with the first tables of a group that never ran.
    ///
    /// - Parameters:
    ///   - storage: the rows; of a draft where there is no process.
    ///   - group: the definition of the group.
    ///   - store: the events.
    ///   - process: the process to name in signs of life; nothing for a draft.
    ///   - claimed: the segments to run; nothing means all.
    ///   - watch: tells another thread which event is being handled.
    ///   - liveLagMax: how far in time other groups that handle events as they come may be behind
    ///     before a replay yields to them; nothing means that it never does.
    ///   - now: tells the time.
    ///   - uptime: tells how long a batch takes.
    ///   - makeShadow: begins to make new rows beside those in use.
    ///   - limit: the position behind which a draft stays.
    /// - Throws: what the storage or the store has against it.
    init(
        storage: any GroupStorage,
        group: any ProcessingGroup,
        store: any EventStore,
        process: Int32? = nil,
        claimed: Set<Segment>? = nil,
        watch: HandlerWatch = HandlerWatch(),
        liveLagMax: Duration? = nil,
        now: @escaping TimeSource,
        uptime: @escaping UptimeSource = uptimeSource(),
        makeShadow: @escaping ShadowStart = ShadowWorker.init,
        limit: @escaping () -> Position? = { nil }
    ) throws {
        self.storage = storage
        self.group = group
        self.store = store
        self.process = process
        self.claimed = claimed
        self.watch = watch
        self.liveLagMax = liveLagMax
        self.now = now
        self.uptime = uptime
        self.makeShadow = makeShadow
        self.limit = limit
        advancedTime = now()
        let stored = try storage.loadProgress()
        processor = Processor(
            stored ?? GroupProgress(),
            claimed: claimed,
            isIdempotent: storage.isIdempotent
        )
        processor.historyBreak = try historyBreak()
        try hear(stored)
        skipped = try storage.skippedPositions()
        try noteSequencing()
        processor.note(try storage.firstLetters(), processor.progress)
        meter.note(0, at: advancedTime)
        try storage.storeFailure(nil)
    }

    /// The events of a batch from which the rate says how fast the group can go.
    private static let measuredCountMin: UInt64 = 200

    /// Whether something is to be done that wants all segments in one process.
    var needsAllSegments: Bool { processor.isLeader && processor.needsAllSegments }

    /// How the group stands.
    var status: RunnerStatus {
        RunnerStatus(
            position: processor.team.token.position,
            isPaused: processor.progress.pauseReason != nil,
            failure: processor.failure?.message ?? processor.historyBreak?.complaint,
            isAheadOfHistory: processor.historyBreak != nil,
            isBusy: processor.hasOperations || processor.progress.retry != nil
                || processor.progress.shadow != nil
        )
    }

    /// Does the next thing.
    func step() throws {
        let head = try store.head()
        if processor.historyBreak == nil, processor.progress.furthestPosition > head {
            processor.historyBreak = try historyBreak()
        }
        if limit() == nil {
            try storage.checkUnchanged()
            if head != seenHead, processor.isLeader { try receiveOperations() }
            seenHead = head
            if processor.hasAllSegments { try tendShadow() }
            guard storage.isInPlace else { return }
        }
        let time = now()
        if processor.willObey || processor.isRetryDue(now: time) { try reloadDefinition() }
        let stored = processor.progress
        noteLag(head: head)
        if !processor.willObey, yields() {
            publishSigns()
            return WorkerThread.pause(microseconds: GroupRun.yieldMicroseconds)
        }
        switch processor.next(head: end(before: head), now: time) {
        case .handle(let position, let limit):
            try handle(after: position, limit: limit)
        case .store(let progress, let outcome):
            try store(progress, outcome, before: stored)
        case .replace(let rows, let progress, let outcome):
            try tell(outcome)
            try replace(by: rows, progress, of: outcome.operation, before: stored)
        case .undo(let undone, let progress, let operation):
            try undo(undone, progress, of: operation)
        case .letGo(let progress, let operation): try letGo(progress, of: operation)
        case .ask(let letters, let progress): try ask(letters, progress)
        case .discard(let letters, let progress, let operation):
            try discard(letters, progress, of: operation)
        case .skip(let position, let progress, let operation):
            try skip(position, progress, of: operation)
        case .decide(let effect, let wish, let progress, let operation):
            try decide(effect, wish, progress, of: operation)
        case .split(let segment, let progress, let operation):
            try split(segment, progress, of: operation)
        case .retry(let key, let limit): try retry(key, limit: limit)
        case .wait(let position, let milliseconds):
            if let broken = processor.historyBreak { try storeFailure(broken.complaint) }
            publishSigns()
            try wait(after: position, milliseconds: milliseconds)
        }
        publishSigns()
    }

    /// How far there are events to handle: a draft stays behind its limit, which may be behind it.
    private func end(before head: Position) -> Position {
        guard let limit = limit() else { return head }
        return min(head, max(limit, processor.progress.furthestPosition))
    }

    private func reloadDefinition() throws {
        storage.reloadDefinition()
        processor.isIdempotent = storage.isIdempotent
        try noteSequencing()
    }

    private func wait(after position: Position, milliseconds: Int) throws {
        guard limit() == nil else {
            return WorkerThread.pause(microseconds: GroupRun.draftPauseMicroseconds)
        }
        // New rows are looked after more often than operations are waited for.
        let hasShadow = processor.progress.shadow != nil
        // Nobody says when another process has changed the progress of the group.
        let hasOthers = !processor.hasAllSegments || processor.needsAllSegments
        let longest =
            hasShadow
            ? GroupRun.shadowPauseMilliseconds
            : hasOthers ? GroupRun.sharedPauseMilliseconds : milliseconds
        let timeout = min(milliseconds, longest)
        _ = try store.wait(after: position, timeoutMilliseconds: timeout)
    }

    /// How long a replay waits until it looks again whether others have caught up.
    private static let yieldMicroseconds = 10_000
    private static let shadowPauseMilliseconds = 20
    private static let sharedPauseMilliseconds = 50
    private static let draftPauseMicroseconds = 10_000

    /// Notes that a batch was stored.
    func advanced(to progress: GroupProgress) throws {
        processor.handled(progress)
        advancedTime = now()
        try storeFailure(nil)
    }

    func noteRate(of progress: inout GroupProgress) {
        let count = progress.advance(since: processor.progress)
        decidedCount += count
        meter.note(decidedCount, at: now())
        if count >= GroupRun.measuredCountMin, progress.replay?.rateLimit == nil {
            progress.measuredRate = meter.ratePerSecond
        }
    }

    func storeFailure(_ message: String?) throws {
        guard message != storedFailure else { return }
        storedFailure = message
        try storage.storeFailure(message)
    }

    func publishSigns() {
        guard let process else { return }
        let time = now()
        meter.note(decidedCount, at: time)
        storage.publish(
            ProcessorSigns(
                process: process,
                heartbeat: time,
                position: processor.team.token.position,
                ratePerSecond: meter.ratePerSecond,
                advancedTime: advancedTime,
                failedPosition: processor.failure?.position,
                goal: liveGoal.position,
                shadowPosition: shadowWorker?.position
            ),
            processor.progress.segments
        )
    }
}
