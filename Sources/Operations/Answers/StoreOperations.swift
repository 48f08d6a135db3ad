import Aggregates
public import Disk
public import EventLog
public import EventModel
import EventStorage
public import OperationsModel
import ReadModels
import Synchronization

/// Answers and records what operators ask, on a store of this machine.
public final class StoreOperations: OperationsSource {
    /// The store.
    public let log: EventLog
    /// The domain's rules and read models.
    public let domain: Domain
    /// The saved states of aggregates.
    public let snapshots: SnapshotDatabase
    /// How long commands took.
    let commandLatencies: CommandDatabase
    let identity: OperatorIdentity
    let now: TimeSource
    let disk: any Disk
    private let observers = Mutex<[String: GroupObserver]>([:])
    let timelines = TimelineCache()
    let effectHistory: Mutex<EffectHistory>

    /// Makes a source of answers for a store.
    ///
    /// - Parameters:
    ///   - log: the store, open.
    ///   - domain: the domain's rules and read models.
    ///   - identity: who asks.
    ///   - disk: the file system the store is on.
    ///   - now: tells the time.
    public init(
        log: EventLog,
        domain: Domain,
        identity: OperatorIdentity = .current(),
        disk: any Disk = RealDisk(),
        now: @escaping TimeSource = EventLog.systemTime
    ) {
        self.log = log
        self.domain = domain
        self.identity = identity
        self.disk = disk
        self.now = now
        effectHistory = Mutex(EffectHistory(of: log))
        commandLatencies = CommandDatabase(path: log.directory.commands, disk: disk)
        snapshots = SnapshotDatabase(path: log.directory.snapshots, disk: disk)
    }

    /// How the store as a whole stands.
    public func status() throws(OperationsError) -> StoreStatus {
        try OperationsError.telling {
            let head = try log.head()
            return StoreStatus(
                name: log.directory.name,
                identity: log.identity.id.description,
                incarnation: log.identity.incarnation,
                head: head,
                lastRecordedTime: try log.event(at: head)?.recordedTime,
                streamCount: try log.streamCount(),
                logBytes: try log.logBytes(),
                readOnlyReason: log.readOnlyReason,
                measuredTime: now()
            )
        }
    }

    /// One page of the streams.
    public func streams(_ request: StreamsRequest) throws(OperationsError) -> [StreamSummary] {
        try OperationsError.telling { try log.streams(request) }
    }

    /// Waits until the store holds events after a position, or the time is up.
    public func waitForEvents(
        after position: Position,
        timeoutMilliseconds: Int
    ) throws(OperationsError) -> Position {
        try OperationsError.telling {
            try log.wait(after: position, timeoutMilliseconds: timeoutMilliseconds)
        }
    }

    /// Takes a look at a group; looks from several threads take turns.
    func observe(_ group: ReadModelGroup) throws -> GroupObserver.Observation {
        try observers.withLock { observers in
            let observer =
                observers[group.name] ?? GroupObserver(files: group.files, disk: disk)
            observers[group.name] = observer
            return try observer.observe()
        }
    }
}
