import Disk
public import EventModel
public import EventStorage
import Synchronization

/// The embedded log: events in files, synced before they are acknowledged.
///
/// Several processes may use one log at the same time. Appends take the store's lock one after
/// the other and first take in what others wrote; readers take no lock, see what has been
/// published, and verify everything before they show it.
///
/// Where files may not grow without limit, the process ignores `SIGXFSZ`, so that the limit is told
/// as a full disk; else the signal ends it.
public final class EventLog: EventStore {
    /// Which store this is.
    public let identity: StoreIdentity
    /// Where the store lies.
    public let directory: StoreDirectory
    let limits: LogLimits
    let disk: any Disk
    let access: LogAccess
    let now: TimeSource
    let state: Mutex<LogState>
    /// The head of the state, to be known without the lock.
    let takenIn: Atomic<UInt64>
    let shared = SharedEvents()
    let writer = Mutex(LogWriter())
    let queue = AppendQueue()
    let upkeep: LogUpkeep
    /// Why nothing may be appended although the files are whole: others have seen more.
    let refusal = Mutex<StorageError?>(nil)
    /// Why the last upkeep ended early; nothing where it did not.
    let upkeepError = Mutex<StorageError?>(nil)

    init(
        manifest: StoreManifest,
        directory: StoreDirectory,
        disk: any Disk,
        access: LogAccess,
        upkeep: LogUpkeep,
        state: consuming LogState,
        now: @escaping TimeSource
    ) {
        identity = manifest.identity
        limits = LogLimits(
            payloadSizeMax: manifest.payloadSizeMax,
            fileSize: manifest.logFileSize
        )
        self.directory = directory
        self.disk = disk
        self.access = access
        self.upkeep = upkeep
        self.now = now
        takenIn = Atomic(state.head.number)
        self.state = Mutex(state)
    }

    deinit {
        upkeep.end()
    }

    var page: any SharedPage { access.page }

    /// Why nothing can be appended; nothing where something can.
    public var readOnlyReason: String? {
        access.readOnlyReason ?? state.withLock { $0.damage?.description }
            ?? writer.withLock { $0.stoppedBy?.description }
            ?? refusal.withLock { $0?.description }
    }

    /// Why this process could not make the next log file ahead, or an index file, the last time.
    ///
    /// Nothing where it could. Appends go on without, until the last log file is full.
    package var upkeepFailure: StorageError? { upkeepError.withLock { $0 } }

    /// The bytes that the log files take.
    public func logBytes() throws(StorageError) -> UInt64 {
        try withCurrentState { (state) in
            state.files.reduce(0) { $0 + $1.header.fileSize }
        }
    }

    /// What a list says about one stream; nothing where it has no event.
    public func stream(_ name: StreamName) throws(StorageError) -> StreamSummary? {
        try withIndex { (index) throws(IndexDamage) in
            try index.summary(of: name.text.utf8.span.bytes)
        }
    }

    /// One page of the streams.
    public func streams(_ request: StreamsRequest) throws(StorageError) -> [StreamSummary] {
        try withIndex { (index) throws(IndexDamage) in try index.summaries(request) }
    }

    /// How many streams there are.
    public func streamCount() throws(StorageError) -> Int {
        try withIndex { (index) throws(IndexDamage) in index.streamCount }
    }

    /// The types and revisions the store holds, sorted.
    public func census() throws(StorageError) -> [TypeCensus] {
        try withIndex { (index) throws(IndexDamage) in try index.census() }
    }

    /// Waits until there are events after `position` or the time is up.
    ///
    /// Sleeps until a writer, in whatever process, has published something.
    public func wait(
        after position: Position,
        timeoutMilliseconds: Int
    ) throws(StorageError) -> Position {
        let seen = page.counter
        let head = try head()
        guard head <= position else { return head }
        page.wait(since: seen, timeoutMilliseconds: timeoutMilliseconds)
        return try self.head()
    }

    /// How many appends of this process wait for one that is under way.
    package var waitingAppendCount: Int { queue.waitingCount }

    /// Ends every wait under way, in all processes, as if its time were up.
    public func wakeWaiters() {
        page.raise()
    }
}

extension SharedPageWord {
    /// The position of the last event that readers may see.
    static let head = SharedPageWord(0)
    /// Whether a writer has begun what it has not ended: 0 or 1.
    static let isWriting = SharedPageWord(1)
    /// The machine's boot identity when the page was last brought in line with the log.
    static let boot = SharedPageWord(2)
    /// Whether a sync failed since: 0 or 1.
    static let isStopped = SharedPageWord(3)
    /// The position of the last event that was synced; less than the head after a bulk load.
    static let synced = SharedPageWord(4)
    /// The number of the last log file, which may have no record yet.
    static let lastFile = SharedPageWord(5)
}
