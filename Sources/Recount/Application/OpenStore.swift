public import Aggregates
import Disk
import DomainModel
public import EventLog
import EventModel
public import EventSchema
public import EventStorage
import Operations

/// A store as a program uses it besides the command line: commands go in, states come out.
///
/// ```swift
/// let shop = try application.open("shop.store")
/// defer { shop.close() }
/// try shop.repository(of: Cart.self).handle(.checkOut, for: "7", metadata: metadata)
/// ```
/// Safe to use from several threads; other processes may have the store open as well.
public final class OpenStore: Sendable {
    /// The events.
    public let log: EventLog
    /// The saved states of aggregates.
    public let snapshots: any SnapshotStore
    /// The upcasters of the store's model.
    private let upcasting: Upcasting
    private let origin: CommandOrigin
    private let recorder: CommandRecorder

    init(_ log: EventLog, version: String?) throws {
        self.log = log
        let model = try ModelFile(of: log.directory, disk: RealDisk()).model()
        upcasting = model?.upcasting ?? Upcasting()
        snapshots = SnapshotDatabase(path: log.directory.snapshots)
        origin = CommandOrigin(actor: OperatorIdentity.current().name, build: version)
        recorder = CommandRecorder(
            CommandStatistics(),
            in: CommandDatabase(path: log.directory.commands),
            now: EventLog.systemTime
        )
    }

    /// Loads aggregates and carries out commands; events tell the program's version and the user it
    /// runs as, and what each command takes is shown by `recount commands`.
    ///
    /// Events are made current by the aggregate's upcasters, and by those that the store's
    /// `recount.yaml` had for other forms when the store was opened.
    ///
    /// - Throws: an error where together they lead in a circle.
    public func repository<Root: Aggregate & Codable>(
        of type: Root.Type
    ) throws(UpcasterError) -> AggregateRepository<Root> {
        AggregateRepository(
            store: log,
            snapshots: snapshots,
            upcasting: try Root.upcasting.joined(with: upcasting),
            origin: origin,
            statistics: recorder.statistics,
            now: EventLog.systemTime
        )
    }

    /// Ends what runs beside; to be called once.
    public func close() {
        recorder.stop()
    }
}

extension Application {
    /// Opens a store that exists, for commands of this program.
    ///
    /// - Throws: `StorageError` where there is none, or it cannot be read; an error that names
    ///   file, line and column where its `recount.yaml` cannot be used.
    public func open(_ path: String) throws -> OpenStore {
        try OpenStore(EventLog.openHeld(StoreDirectory(path)), version: version)
    }
}
