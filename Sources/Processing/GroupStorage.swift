public import EventModel

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

    /// Makes what tells the signs of life of this group and all whose rows are beside its own,
    /// whatever process runs them; for the thread that calls.
    func makeSignsSource() -> SignsSource

    /// Opens rows and progress for the thread that calls.
    func open() throws -> any GroupStorage

    /// Opens the new rows beside those in use, for the thread that calls; makes them, with tables
    /// as they are defined today, where the shadow has none yet.
    func openDraft(_ shadow: TrackingToken.Replay) throws -> any GroupStorage
}

extension ProcessingGroup {
    /// Nothing is known of anybody.
    public func makeSignsSource() -> SignsSource { { [:] } }
}

/// The rows, the progress and the dead letters of a group, for use by one thread.
public protocol GroupStorage: ClaimStorage, LetterStorage, GenerationStorage {
    /// Which events must be handled one after the other.
    var sequencing: SequencingPolicy { get }

    /// Whether handling an event twice leaves the rows as handling it once.
    var isIdempotent: Bool { get }

    /// Reads the definition again, so that what comes next uses today's.
    ///
    /// A definition that cannot be read fails ``reset()`` and ``handler()``, not this.
    func reloadDefinition()

    /// Whether rows and progress are still where others look for them, and not removed.
    ///
    /// Cheap enough for every batch.
    var isInPlace: Bool { get }

    /// Tells others how the claimed segments stand; cheap enough for every batch.
    ///
    /// - Parameters:
    ///   - signs: how the group stands in this process.
    ///   - segments: the progress of all its segments.
    func publish(_ signs: ProcessorSigns, _ segments: [SegmentProgress])

    /// What was stored with the rows; nothing where the group never ran.
    ///
    /// - Throws: ``ClaimLost`` where another process has taken a claimed segment.
    func loadProgress() throws -> GroupProgress?

    /// Events that the group has decided, more of them the later they are; in no order.
    func marks() throws -> [HistoryMark]

    /// Keeps, inside a transaction, events that it decides besides the last one, some of them or
    /// all.
    func addMarks(_ marks: [HistoryMark]) throws

    /// Stores, outside a transaction, what keeps the group where it is; nothing ends it.
    func storeFailure(_ message: String?) throws

    /// Sees to it that no other process has changed what this one goes by; cheap enough for every
    /// batch.
    ///
    /// - Throws: ``ClaimLost`` where another process has taken a claimed segment, ``GroupChanged``
    ///   where one has changed what concerns all segments.
    func checkUnchanged() throws

    /// Begins a transaction, in which nobody else changes anything.
    ///
    /// - Throws: what ``checkUnchanged()`` throws, and what keeps the storage from beginning.
    func begin() throws

    /// Whether so much was changed since ``begin()`` that it had better be stored.
    ///
    /// Cheap enough for every hundred events.
    var isFull: Bool { get }

    /// Makes the rows and the progress durable together.
    func commit(_ progress: GroupProgress) throws

    /// Undoes everything since ``begin()``.
    func rollback()

    /// Empties the tables, inside a transaction, by making them anew.
    func reset() throws

    /// The types of the events that may be handled, as today's definition says; nothing means that
    /// every event has to be looked at.
    var handledTypes: [EventType]? { get }

    /// Whether an error is about the event that was handled, and not about the group, its
    /// definition or the machine: a retry of another event may succeed then.
    func isAboutEvent(_ error: any Error) -> Bool

    /// What handles events, as today's definition says; good until the transaction ends in which
    /// it is asked for.
    ///
    /// - Throws: what keeps the definition from being used, which is not about an event.
    func handler() throws -> any GroupHandler

    /// Does, inside a transaction, what comes between the last event of a replay and the first that
    /// is none.
    ///
    /// What comes before its first event is done by what begins the rows:
    /// ``GenerationStorage/replace(by:_:operation:beforehand:)`` and
    /// ``ProcessingGroup/openDraft(_:)``.
    func endReplay(_ replay: TrackingToken.Replay) throws

    /// Notes, inside a transaction, what an operator wants to become of an effect.
    ///
    /// - Returns: whether there is such an effect that waits.
    func note(_ wish: PendingEffect.Wish, for effect: EventID) throws -> Bool
}

extension GroupStorage {
    /// Time and events alone end a transaction.
    public var isFull: Bool { false }

    /// None is kept.
    public func addMarks(_ marks: [HistoryMark]) throws {}

    /// Nothing is to be done.
    public func endReplay(_ replay: TrackingToken.Replay) throws {}

    /// No effects wait.
    public func note(_ wish: PendingEffect.Wish, for effect: EventID) throws -> Bool { false }

    /// Changes what is stored in one transaction with the progress, or nothing.
    ///
    /// - Parameter body: makes the changes, and gives the progress to store with them.
    /// - Returns: the progress that was stored.
    /// - Throws: what `body` throws, and what keeps the storage from storing.
    @discardableResult
    package func transact(_ body: () throws -> GroupProgress) throws -> GroupProgress {
        try begin()
        do {
            let progress = try body()
            try commit(progress)
            return progress
        } catch {
            rollback()
            throw error
        }
    }
}

/// The dead letters of a group; changes are made inside a transaction of its storage.
public protocol LetterStorage: AnyObject {
    /// The first letter of each sequence that has some.
    func firstLetters() throws -> [DeadLetter]

    /// The first letter of a sequence; nothing where it has none.
    func firstLetter(of key: String) throws -> DeadLetter?

    /// Whether an event has a letter.
    func hasLetter(at position: Position) throws -> Bool

    /// Stores a letter, in the place of an earlier one for the same event.
    func putLetter(_ letter: DeadLetter) throws

    /// Removes the letter of an event.
    func removeLetter(at position: Position) throws

    /// Notes that a letter was handled, later than events behind it.
    func noteLate(_ position: Position) throws

    /// Notes at the first letter of each selected sequence that an operation asked to try it.
    ///
    /// - Returns: how many sequences were selected.
    func markLetters(_ selection: LetterSelection, asker: EventID) throws -> Int

    /// Removes what ``markLetters(_:asker:)`` noted.
    func unmarkLetters() throws

    /// Removes the selected letters.
    ///
    /// - Returns: what was removed.
    func removeLetters(_ selection: LetterSelection) throws -> [DeadLetter]

    /// How many letters each sequence has that has some.
    func letterCounts() throws -> [String: UInt64]

    /// The events that are never to be handled.
    func skippedPositions() throws -> Set<Position>

    /// Adds an event that is never to be handled.
    func addSkippedPosition(_ position: Position, operation: EventID) throws

    /// Removes an event from those that are never to be handled.
    func removeSkippedPosition(_ position: Position) throws
}

/// Tells the signs of life of running groups, by names that tell the owners of segments apart.
///
/// Cheap enough for several times a second.
public typealias SignsSource = () -> [String: ProcessorSigns]

/// The signs of life of a running group, for others to see at once.
public struct ProcessorSigns: Hashable, Sendable {
    /// The process that runs it.
    public var process: Int32
    /// When it last showed itself.
    public var heartbeat: Timestamp
    /// The last position stored; of several segments, of the one named by who reads it.
    public var position: Position
    /// Events decided a second, over the last seconds.
    public var ratePerSecond: Double
    /// When its position last changed.
    public var advancedTime: Timestamp
    /// The event that fails; nothing where none does.
    public var failedPosition: Position?
    /// The head that the group lacks, where it handles events as they come and was at the head
    /// before; nothing, or a position behind, where it lacks none.
    public var goal: Position?
    /// How far the new rows are that are made beside those in use; nothing where none are.
    public var shadowPosition: Position?
    /// The event that handlers have in their hands, and when they were seen to have it; nothing
    /// where they have none.
    public var handling: Handling?

    /// An event in the hands of handlers.
    public struct Handling: Hashable, Sendable {
        /// The event.
        public var position: Position
        /// When they were first seen to have it.
        public var seenTime: Timestamp

        /// Makes a description from its parts.
        public init(position: Position, seenTime: Timestamp) {
            self.position = position
            self.seenTime = seenTime
        }
    }

    /// Makes signs from their parts.
    public init(
        process: Int32,
        heartbeat: Timestamp,
        position: Position,
        ratePerSecond: Double,
        advancedTime: Timestamp,
        failedPosition: Position?,
        goal: Position? = nil,
        shadowPosition: Position? = nil,
        handling: Handling? = nil
    ) {
        self.process = process
        self.heartbeat = heartbeat
        self.position = position
        self.ratePerSecond = ratePerSecond
        self.advancedTime = advancedTime
        self.failedPosition = failedPosition
        self.goal = goal
        self.shadowPosition = shadowPosition
        self.handling = handling
    }
}
