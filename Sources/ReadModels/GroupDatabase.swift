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
            isDefinitionNoted = false
        }
    }
    /// Whether it is stored by which definition the rows are made.
    var isDefinitionNoted = false
    private(set) var sequencing: SequencingPolicy
    private(set) var handledTypes: [EventType]?
    /// The pages of the segments, of a generation in use.
    let pages: ClaimPages?
    /// The number of each claim that this storage has.
    var claims: [Segment: Int64] = [:]
    private let saveProgress: SQLiteStatement
    let saveLetter: SQLiteStatement
    private var handlers: HandlerChain?
    /// Why no handlers can be made.
    private var definitionError: DefinitionError?
    private let selectDataVersion: SQLiteStatement
    /// The progress that was loaded or stored last.
    private(set) var stored: GroupProgress?
    private var dataVersion: Int64 = 0
    /// The rows that were changed before the transaction under way.
    private var earlierChangedRowCount: Int64 = 0

    /// Opens the generation in use, or makes the first one.
    convenience init(
        files: GroupFiles,
        disk: any Disk,
        define: @escaping @Sendable () throws -> [any Projection]
    ) throws {
        let generation = files.generations.last ?? 0
        try self.init(
            files: files,
            generation: generation,
            pages: ClaimPages(files: files, disk: disk),
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
        pages: ClaimPages? = nil,
        path: String,
        define: @escaping @Sendable () throws -> [any Projection]
    ) throws {
        self.files = files
        self.generation = generation
        self.isDraft = isDraft
        self.pages = pages
        self.define = define
        projections = Result { try define() }
        sequencing = GroupDatabase.sequencing(of: projections)
        handledTypes = GroupDatabase.handledTypes(of: projections)
        database = try SQLiteConnection(
            path: path,
            mode: .readWriteCreate,
            configuration: SQLiteConnection.Configuration(
                enforcesForeignKeys: true,
                logPageCountMax: GroupDatabase.logPageCountMax
            )
        )
        for table in GroupSQL.create + LetterSQL.create {
            try database.execute(table, isTrusted: true)
        }
        try GroupSQL.addColumns(to: database)
        selectDataVersion = try database.prepare("PRAGMA data_version", isTrusted: true)
        saveProgress = try database.prepare(ProgressSQL.save, isTrusted: true)
        saveLetter = try database.prepare(LetterSQL.put, isTrusted: true)
    }

    /// Little at a time: what a replay has written since, the disk writes while appends wait for it
    /// too.
    private static let logPageCountMax = 100

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

    /// What today's definition comes to; nothing where it cannot be used.
    var fingerprint: Digest? { try? projections.get().fingerprint }

    func reloadDefinition() {
        projections = Result { try define() }
        handlers = nil
        definitionError = nil
    }

    var isInPlace: Bool {
        !database.hasMoved && (isDraft || !files.isSucceeded(generation))
    }

    func loadProgress() throws -> GroupProgress? {
        let loaded = try load()
        try checkClaims(in: loaded)
        return loaded?.progress
    }

    /// Reads what is stored now, by whomever.
    func load() throws -> ProgressSQL.Stored? {
        dataVersion = try readDataVersion()
        let loaded = try ProgressSQL.loadProgress(from: database)
        stored = loaded?.progress
        return loaded
    }

    func storeFailure(_ message: String?) throws {
        let text = message.map(SQLiteValue.text) ?? .null
        guard !claims.isEmpty else {
            let statement = try database.prepare(ProgressSQL.saveFailure, isTrusted: true)
            try statement.bind(text, at: 1)
            return try statement.run()
        }
        let statement = try database.prepare(ProgressSQL.saveFailureOfClaim, isTrusted: true)
        for (segment, number) in claims {
            try statement.bind(text, at: 1)
            try statement.bind(.integer(Int64(segment.id)), at: 2)
            try statement.bind(.integer(number), at: 3)
            try statement.run()
        }
    }

    func begin() throws {
        try database.begin()
        earlierChangedRowCount = database.totalChangedRowCount
        do {
            try checkUnchanged()
        } catch {
            rollback()
            throw error
        }
    }

    var isFull: Bool {
        database.totalChangedRowCount - earlierChangedRowCount
            >= GroupDatabase.changedRowCountMax
    }

    /// The rows that a transaction changes before it is stored.
    ///
    /// Appends wait for the same disk: of more rows they would see that.
    private static let changedRowCountMax: Int64 = 2000

    func checkUnchanged() throws {
        guard try readDataVersion() != dataVersion else { return }
        let earlier = stored
        let loaded = try load()
        if loaded == nil, earlier == nil { return }
        // Where nobody has a claim, whoever changed it does not keep to the rules.
        let isGone = loaded == nil && !claims.isEmpty
        if isGone || pages == nil && stored != earlier { throw lost() }
        try checkClaims(in: loaded)
        if !claims.isEmpty, !(stored?.isAlike(earlier) ?? (earlier == nil)) {
            throw GroupChanged()
        }
    }

    /// Sees to it that no other process has taken a claimed segment; what never ran has no claims
    /// written down.
    func checkClaims(in loaded: ProgressSQL.Stored?) throws(ClaimLost) {
        guard let loaded else { return }
        if claims.contains(where: { loaded.claims[$0.key] != $0.value }) { throw lost() }
    }

    /// That a claim is lost, for good: the next look finds the same.
    private func lost() -> ClaimLost {
        dataVersion = .min
        return ClaimLost()
    }

    /// A number that changes when another connection has changed the database.
    private func readDataVersion() throws -> Int64 {
        defer { selectDataVersion.reset() }
        return try selectDataVersion.step() ? selectDataVersion.integer(at: 0) : 0
    }

    func commit(_ progress: GroupProgress) throws {
        try save(progress)
        try saveMark(of: progress)
        try noteDefinition()
        if progress.retry != stored?.retry { try GroupSQL.save(progress.retry, in: database) }
        if progress.shadow != stored?.shadow { try GroupSQL.save(progress.shadow, in: database) }
        let selection = progress.replay?.selection ?? ReplaySelection()
        if selection != stored?.replay?.selection ?? ReplaySelection() {
            try GroupSQL.save(selection, in: database)
        }
        let authors = progress.authors
        if authors != stored?.authors ?? [:] { try AuthorSQL.save(authors, in: database) }
        try database.commit()
        stored = progress
        moveClaims(to: progress.segments.map(\.segment))
    }

    /// Stores the progress of the claimed segments, or of all where none is claimed.
    private func save(_ progress: GroupProgress) throws {
        let earlier = Set(stored?.segments.map(\.segment) ?? [])
        let numbers = Set(progress.segments.map(\.segment.id))
        for removed in earlier where !numbers.contains(removed.id) {
            let statement = try database.prepare(ProgressSQL.remove, isTrusted: true)
            try statement.bind(.integer(Int64(removed.id)), at: 1)
            try statement.run()
        }
        for segment in progress.segments
        where claims.isEmpty || claims[segment.segment] != nil || !earlier.contains(segment.segment)
        {
            let claim = claims[segment.segment] ?? 0
            try ProgressSQL.bind(segment, of: progress, claim: claim, to: saveProgress)
            try saveProgress.run()
        }
    }

    func rollback() {
        // A failure may have ended the transaction already; there is nothing to undo then.
        try? database.rollback()
        // They may know rows by heart that are gone.
        handlers = nil
        isDefinitionNoted = false
    }

    func reset() throws {
        let projections = try projections.get()
        handlers = nil
        try GroupSQL.dropTables(in: database)
        try projections.makeTables(in: database)
    }

    func handler() throws -> any GroupHandler { try readyHandlers() }

    /// The handlers, prepared at first use; what failed once fails until the definition is
    /// reloaded.
    func readyHandlers() throws(DefinitionError) -> HandlerChain {
        if let handlers { return handlers }
        if let definitionError { throw definitionError }
        do {
            let projections = try projections.get()
            let outbox = EffectOutbox(
                group: files.group,
                kinds: projections.flatMap(\.effectKinds),
                sequencing: sequencing
            ) { [unowned self] in try add($0) }
            let made = try HandlerChain.make(projections, in: database, asking: outbox)
            handlers = made
            return made
        } catch {
            let failure = DefinitionError(description: String(describing: error))
            definitionError = failure
            throw failure
        }
    }
}
