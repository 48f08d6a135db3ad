public import EventModel
public import EventStorage

/// A processing group as it is defined: one or more projections that share a token.
///
/// The name is the group's identity: under another name it is another group that begins anew.
public protocol ProcessingGroup: Sendable {
    /// The name of the group.
    var name: String { get }

    /// The names of its projections.
    var projections: [String] { get }

    /// The tables they maintain.
    var tables: [String] { get }

    /// The types its handlers are for; nothing means every type.
    var handledTypes: [EventType]? { get }

    /// Whether handling an event twice leaves the rows as handling it once.
    var isIdempotent: Bool { get }

    /// Opens rows and progress for the thread that calls.
    func open() throws -> any GroupStorage
}

/// The rows and the progress of a group, for use by one thread.
public protocol GroupStorage: AnyObject {
    /// Whether handling an event twice leaves the rows as handling it once.
    var isIdempotent: Bool { get }

    /// Reads the definition again, so that what comes next uses today's.
    ///
    /// A definition that cannot be read fails ``reset()`` and ``handle(_:isReplay:)``, not this.
    func reloadDefinition()

    /// Takes the right to run the group, which no two processes have at the same time.
    ///
    /// - Returns: whether it was free.
    func claim() throws -> Bool

    /// Whether rows and progress are still where others look for them, and not removed.
    ///
    /// Cheap enough for every batch.
    var isInPlace: Bool { get }

    /// Tells others how the group stands; cheap enough for every batch.
    func publish(_ signs: ProcessorSigns)

    /// What was stored with the rows; nothing where the group never ran.
    func loadProgress() throws -> GroupProgress?

    /// Stores, outside a transaction, what keeps the group where it is; nothing ends it.
    func storeFailure(_ message: String?) throws

    /// Begins a transaction.
    func begin() throws

    /// Makes the rows and the progress durable together.
    func commit(_ progress: GroupProgress) throws

    /// Undoes everything since ``begin()``.
    func rollback()

    /// Empties the tables, inside a transaction, by making them anew.
    func reset() throws

    /// Handles one event inside a transaction.
    ///
    /// - Returns: whether there was a handler for it.
    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool
}

/// The signs of life of a running group, for others to see at once.
public struct ProcessorSigns: Hashable, Sendable {
    /// The process that runs it.
    public var process: Int32
    /// When it last showed itself.
    public var heartbeat: Timestamp
    /// The last position stored.
    public var position: Position
    /// Events decided a second, over the last seconds.
    public var ratePerSecond: Double
    /// When its position last changed.
    public var advancedTime: Timestamp
    /// The event that fails; nothing where none does.
    public var failedPosition: Position?

    /// Makes signs from their parts.
    public init(
        process: Int32,
        heartbeat: Timestamp,
        position: Position,
        ratePerSecond: Double,
        advancedTime: Timestamp,
        failedPosition: Position?
    ) {
        self.process = process
        self.heartbeat = heartbeat
        self.position = position
        self.ratePerSecond = ratePerSecond
        self.advancedTime = advancedTime
        self.failedPosition = failedPosition
    }
}
