import Disk
import EventModel
import EventStorage
import Processing
import SQLiteDatabase

/// The database of one group: the rows of its projections, its progress and its dead letters.
final class GroupDatabase: GroupStorage {
    let database: SQLiteConnection
    let files: GroupFiles
    /// Which generation it is, or will be.
    let generation: Int
    private let isDraft: Bool
    let define: @Sendable () throws -> [any Projection]
    private var projections: Result<[any Projection], any Error> {
        didSet {
            sequencing = GroupDatabase.sequencing(of: projections)
            handledTypes = GroupDatabase.handledTypes(of: projections)
        }
    }
    private(set) var sequencing: SequencingPolicy
    private(set) var handledTypes: [EventType]?
    /// The page of a generation in use.
    private let signs: SignsPage?
    private let saveProgress: SQLiteStatement
    let saveLetter: SQLiteStatement
    private var handlers: TypedHandlers?
    /// Why no handlers can be made.
    private var definitionError: DefinitionError?
    private let selectDataVersion: SQLiteStatement
    private var isClaimed = false
    /// The progress that was loaded or stored last.
    private(set) var stored: GroupProgress?
    private var dataVersion: Int64 = 0

    /// Opens the generation in use, or makes the first one.
    convenience init(
        files: GroupFiles,
        disk: any Disk,
        define: @escaping @Sendable () throws -> [any Projection]
    ) throws {
        let page = try disk.share(files.claim, writable: true)
        let generation = files.generations.last ?? 0
        try self.init(
            files: files,
            generation: generation,
            signs: SignsPage(page),
            path: files.database(generation),
            define: define
        )
    }

    /// Opens a generation that is kept.
    convenience init(
        files: GroupFiles,
        generation: Int,
        define: @escaping @Sendable () throws -> [any Projection]
    ) throws {
        let path = files.database(generation)
        try self.init(files: files, generation: generation, path: path, define: define)
    }

    /// Opens or makes a generation that is not in use yet.
    convenience init(
        files: GroupFiles,
        draft generation: Int,
        define: @escaping @Sendable () throws -> [any Projection]
    ) throws {
        try self.init(
            files: files,
            generation: generation,
            isDraft: true,
            path: files.draft(generation),
            define: define
        )
    }

    private init(
        files: GroupFiles,
        generation: Int,
        isDraft: Bool = false,
        signs: SignsPage? = nil,
        path: String,
        define: @escaping @Sendable () throws -> [any Projection]
    ) throws {
        self.files = files
        self.generation = generation
        self.isDraft = isDraft
        self.signs = signs
        self.define = define
        projections = Result { try define() }
        sequencing = GroupDatabase.sequencing(of: projections)
        handledTypes = GroupDatabase.handledTypes(of: projections)
        database = try SQLiteConnection(
            path: path,
            mode: .readWriteCreate,
            configuration: SQLiteConnection.Configuration(enforcesForeignKeys: true)
        )
        for table in GroupSQL.create + LetterSQL.create {
            try database.execute(table, isTrusted: true)
        }
        selectDataVersion = try database.prepare("PRAGMA data_version", isTrusted: true)
        saveProgress = try database.prepare(GroupSQL.saveProgress, isTrusted: true)
        saveLetter = try database.prepare(LetterSQL.put, isTrusted: true)
    }

    deinit {
        if isClaimed { signs?.release() }
    }

    private static func sequencing(
        of projections: Result<[any Projection], any Error>
    ) -> SequencingPolicy {
        ((try? projections.get()) ?? []).sequencing
    }

    private static func handledTypes(
        of projections: Result<[any Projection], any Error>
    ) -> [EventType]? {
        // With a definition that cannot be used, every event says so.
        (try? projections.get())?.handledTypes
    }

    var isIdempotent: Bool {
        (try? projections.get().allSatisfy(\.isIdempotent)) ?? false
    }

    func reloadDefinition() {
        projections = Result { try define() }
        handlers = nil
        definitionError = nil
    }

    func claim() throws -> Bool {
        if !isClaimed, let signs { isClaimed = try signs.claim() }
        return isClaimed
    }

    var isInPlace: Bool {
        !database.hasMoved && (isDraft || !files.isSucceeded(generation))
    }

    func publish(_ signs: ProcessorSigns) {
        self.signs?.publish(signs)
    }

    func loadProgress() throws -> GroupProgress? {
        dataVersion = try readDataVersion()
        stored = try GroupSQL.loadProgress(from: database)?.progress
        return stored
    }

    func storeFailure(_ message: String?) throws {
        let statement = try database.prepare(GroupSQL.saveFailure, isTrusted: true)
        try statement.bind(message.map(SQLiteValue.text) ?? .null, at: 1)
        try statement.run()
    }

    func begin() throws {
        try database.begin()
        do {
            try checkNobodyElseRan()
        } catch {
            rollback()
            throw error
        }
    }

    /// Sees to it that the stored progress is the one this object knows.
    ///
    /// The claim keeps others out; where its file was removed, this keeps an event from being
    /// handled twice.
    private func checkNobodyElseRan() throws {
        let version = try readDataVersion()
        guard version != dataVersion else { return }
        guard try GroupSQL.loadProgress(from: database)?.progress == stored else {
            throw GroupTakenOver()
        }
        dataVersion = version
    }

    /// A number that changes when another connection has changed the database.
    private func readDataVersion() throws -> Int64 {
        defer { selectDataVersion.reset() }
        return try selectDataVersion.step() ? selectDataVersion.integer(at: 0) : 0
    }

    func commit(_ progress: GroupProgress) throws {
        try GroupSQL.bind(progress, to: saveProgress)
        try saveProgress.run()
        let selection = progress.token.replay?.selection ?? ReplaySelection()
        if selection != stored?.token.replay?.selection ?? ReplaySelection() {
            try GroupSQL.save(selection, in: database)
        }
        if progress.retry != stored?.retry { try GroupSQL.save(progress.retry, in: database) }
        if progress.shadow != stored?.shadow { try GroupSQL.save(progress.shadow, in: database) }
        try database.commit()
        stored = progress
    }

    func rollback() {
        // A failure may have ended the transaction already; there is nothing to undo then.
        try? database.rollback()
        // They may know rows by heart that are gone.
        handlers = nil
    }

    func reset() throws {
        let projections = try projections.get()
        handlers = nil
        try GroupSQL.dropTables(in: database)
        try projections.makeTables(in: database)
    }

    func mayHandle(_ event: borrowing EventView) -> Bool {
        guard (try? makeReady()) != nil else { return true }
        switch handlers {
        case .some(let handlers): return handlers.mayHandle(event)
        case .none: return false
        }
    }

    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        try makeReady()
        switch handlers {
        case .some(let handlers): return try handlers.handle(event, isReplay: isReplay)
        case .none: return false
        }
    }

    /// Prepares the handlers at first use; what failed once fails until the definition is reloaded.
    private func makeReady() throws(DefinitionError) {
        guard handlers == nil else { return }
        if let definitionError { throw definitionError }
        do {
            handlers = try projections.get().makeHandlers(in: database)
        } catch {
            let failure = DefinitionError(description: String(describing: error))
            definitionError = failure
            throw failure
        }
    }

    func isAboutEvent(_ error: any Error) -> Bool {
        switch error {
        case is DefinitionError, is GroupTakenOver, is StorageError: false
        case let error as SQLiteError: error.isAboutRow
        default: true
        }
    }
}

/// The projections of a group cannot be used as they are defined today.
struct DefinitionError: Error, CustomStringConvertible {
    let description: String
}

extension SQLiteError {
    /// Whether another row might have been taken.
    fileprivate var isAboutRow: Bool {
        switch code.primary {
        case .constraint, .mismatch, .tooBig, .interrupted: true
        // Wrong arguments of functions, and tables that somebody has dropped.
        case .error: !message.hasPrefix("no such ")
        default: false
        }
    }
}

/// Another process runs the group although this one has the claim.
struct GroupTakenOver: Error, CustomStringConvertible {
    let description = "another process has changed the tables of the group; stop one of the two"
}
