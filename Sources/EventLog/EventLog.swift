import Disk
public import EventModel
public import EventStorage
import Synchronization

/// The embedded log: events in files, synced before they are acknowledged.
///
/// Several processes may use one log at the same time. Appends take the store's lock one after
/// the other and first take in what others wrote; readers take no lock, see what has been
/// published, and verify every record once before they show anything of it.
public final class EventLog: EventStore {
    /// Which store this is.
    public let identity: StoreIdentity
    /// Where the store lies.
    public let directory: StoreDirectory
    let disk: any Disk
    let page: any SharedPage
    let now: TimeSource
    let fileSize: Int
    let state: Mutex<LogState>
    let writer: Mutex<LogWriter>

    init(
        manifest: StoreManifest,
        directory: StoreDirectory,
        disk: any Disk,
        page: any SharedPage,
        now: @escaping TimeSource
    ) {
        identity = manifest.identity
        fileSize = manifest.logFileSize
        self.directory = directory
        self.disk = disk
        self.page = page
        self.now = now
        let state = LogState(
            directory: directory,
            store: manifest.identity.id,
            disk: disk
        )
        self.state = Mutex(state)
        writer = Mutex(LogWriter())
    }

    /// Why nothing can be appended; nothing where something can.
    public var readOnlyReason: String? {
        state.withLock { $0.damage?.description }
            ?? writer.withLock { $0.stoppedBy?.description }
    }

    /// The bytes that the log files take.
    public func logBytes() throws(StorageError) -> UInt64 {
        try withCurrentState { $0.files.reduce(0) { $0 + $1.header.fileSize } }
    }

    /// The position of the last event that readers may see.
    public func head() throws(StorageError) -> Position {
        try withCurrentState { $0.head }
    }

    /// What a list says about one stream; nothing where it has no event.
    public func stream(_ name: StreamName) throws(StorageError) -> StreamSummary? {
        try withCurrentState { $0.index.summary(of: name) }
    }

    /// One page of the streams.
    public func streams(_ request: StreamsRequest) throws(StorageError) -> [StreamSummary] {
        try withCurrentState { $0.index.summaries(request) }
    }

    /// How many streams there are.
    public func streamCount() throws(StorageError) -> Int {
        try withCurrentState { $0.index.streamCount }
    }

    /// The types and revisions the store holds, sorted.
    public func census() throws(StorageError) -> [TypeCensus] {
        try withCurrentState { $0.index.census }
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

    /// Ends every wait under way, in all processes, as if its time were up.
    public func wakeWaiters() {
        page.raise()
    }

    /// Gives a look at the state after everything published has been taken in.
    func withCurrentState<Result>(
        _ body: (borrowing LogState) -> sending Result
    ) throws(StorageError) -> sending Result {
        let published = Position(page.load(.head))
        return try state.withLock { (state) throws(StorageError) in
            if state.head < published { try state.catchUp(to: published) }
            return body(state)
        }
    }
}

extension SharedPageWord {
    /// The position of the last durable event.
    static let head = SharedPageWord(0)
    /// Whether a writer has begun what it has not ended: 0 or 1.
    static let isWriting = SharedPageWord(1)
    /// The machine's boot identity when the page was last brought in line with the log.
    static let boot = SharedPageWord(2)
    /// Whether a sync failed since: 0 or 1.
    static let isStopped = SharedPageWord(3)
    /// The position of the last event that was synced; less than the head after a bulk load.
    static let synced = SharedPageWord(4)
}
