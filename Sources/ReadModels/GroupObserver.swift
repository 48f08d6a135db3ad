public import Disk
import EventModel
public import Processing
public import SQLiteDatabase

/// Looks at a group from outside: what it stored, and its owner's signs of life.
///
/// Keeps the database and the page open between looks; for use by one thread at a time.
public final class GroupObserver {
    private let files: GroupFiles
    private let disk: any Disk
    private var database: SQLiteConnection?
    private var generation = 0
    /// What the database told when it was read last, without what is not in it.
    private var stored: Observation?
    private var selectDataVersion: SQLiteStatement?
    private var dataVersion: Int64?
    /// Whether the generation before was kept when the database was opened.
    private var hasEarlier = false

    /// Whether the generation before is kept.
    private var isKept: Bool { hasEarlier && disk.exists(files.database(generation - 1)) }
    private var pages: [UInt32: SignsPage] = [:]

    /// What one look shows.
    public struct Observation: Hashable, Sendable {
        /// What is stored with the rows; nothing where the group never ran.
        public var progress: GroupProgress?
        /// What keeps the group where it is.
        public var failure: String?
        /// The signs of life of the owner of each segment that some process runs.
        public var owners: [Segment: ProcessorSigns] = [:]
        /// The signs of life of the owner of the first segment, who obeys operators; nothing where
        /// no process runs it.
        public var signs: ProcessorSigns? {
            progress.flatMap { owners[$0.segments[0].segment] }
        }
        /// The rows that were in use before; nothing where none are kept.
        public var kept: KeptGeneration?

        /// Makes what a group shows that never ran.
        public init(
            progress: GroupProgress? = nil,
            failure: String? = nil,
            kept: KeptGeneration? = nil
        ) {
            self.progress = progress
            self.failure = failure
            self.kept = kept
        }
    }

    /// Makes an observer of a group, which need not have run yet.
    public init(files: GroupFiles, disk: any Disk = RealDisk()) {
        self.files = files
        self.disk = disk
    }

    /// Takes a look.
    public func observe() throws -> Observation {
        guard let database = try openDatabase() else { return Observation() }
        if try stored == nil || hasChanged() { stored = try load(from: database) }
        var observation = stored ?? Observation()
        for segment in observation.progress?.segments ?? [] {
            observation.owners[segment.segment] = try openPage(segment.segment)?.read()
        }
        if !isKept { observation.kept = nil }
        return observation
    }

    private func load(from database: SQLiteConnection) throws -> Observation {
        // What is stored together is read together.
        try database.begin(.deferred)
        defer { try? database.rollback() }
        let stored = try ProgressSQL.loadProgress(from: database)
        return Observation(
            progress: stored?.progress,
            failure: stored?.failure,
            kept: try GroupSQL.loadOrigin(from: database)
        )
    }

    /// Whether the database has been changed since the last time this was asked.
    private func hasChanged() throws -> Bool {
        guard let selectDataVersion else { return true }
        defer { selectDataVersion.reset() }
        let version = try selectDataVersion.step() ? selectDataVersion.integer(at: 0) : nil
        defer { dataVersion = version }
        return version != dataVersion
    }

    /// Earlier events by which the group knows the history of its store again, by position.
    public func marks() throws -> [HistoryMark] {
        guard let database = try openDatabase(),
            try GroupSQL.hasTable("recount_marks", in: database)
        else { return [] }
        return try GroupDatabase.marks(in: database)
    }

    /// The effects that wait, in the order in which they were asked for.
    ///
    /// - Parameter limit: how many at most; those that wait for an operator before all others.
    /// - Returns: the effects.
    /// - Throws: what SQLite reports.
    public func effects(limit: Int = .max) throws -> [PendingEffect] {
        guard let database = try openDatabase(),
            try GroupSQL.hasTable("recount_effects", in: database)
        else { return [] }
        let rows = try database.prepare(EffectSQL.first, isTrusted: true)
        try rows.bind(.integer(Int64(limit)), at: 1)
        return try EffectSQL.effects(in: rows, of: files.group)
    }

    /// Whether some process performs effects of the group.
    public func isPerformed() throws -> Bool {
        guard disk.exists(files.performer) else { return false }
        return try SignsPage(disk.share(files.performer, writable: false)).isLocked()
    }

    /// The dead letters of one sequence.
    public struct LetterSequence: Hashable, Sendable {
        /// The first one, for which the others wait.
        public var first: DeadLetter
        /// How many there are.
        public var count: Int
    }

    /// The sequences that have dead letters, by the position of the first one.
    public func letters(limit: Int) throws -> [LetterSequence] {
        guard let database = try openDatabase(),
            try GroupSQL.hasTable("recount_letters", in: database)
        else { return [] }
        let rows = try database.prepare(LetterSQL.sequences, isTrusted: true)
        try rows.bind(.integer(Int64(limit)), at: 1)
        var sequences: [LetterSequence] = []
        while try rows.step() {
            let letter = LetterSQL.letter(in: rows)
            sequences.append(LetterSequence(first: letter, count: Int(rows.integer(at: 9))))
        }
        return sequences
    }

    /// The dead letters of a sequence; nothing where it has none.
    public func letters(of key: String) throws -> LetterSequence? {
        guard let database = try openDatabase(),
            try GroupSQL.hasTable("recount_letters", in: database)
        else { return nil }
        let count = try database.prepare(LetterSQL.countOfSequence, isTrusted: true)
        try count.bind(.text(key), at: 1)
        let first = try database.prepare(LetterSQL.first, isTrusted: true)
        try first.bind(.text(key), at: 1)
        guard try first.step(), try count.step() else { return nil }
        return LetterSequence(
            first: LetterSQL.letter(in: first),
            count: Int(count.integer(at: 0))
        )
    }

    /// The bytes of the database in use, with those that are still in its write-ahead log.
    public func size() throws -> Int {
        guard let database = try openDatabase() else { return 0 }
        let row = try database.prepare(GroupSQL.size, isTrusted: true)
        return try row.step() ? Int(row.integer(at: 0)) : 0
    }

    /// The events that have been put aside or are never to be handled.
    func putAside() throws -> Set<Position> {
        guard let database = try openDatabase(),
            try GroupSQL.hasTable("recount_skipped", in: database)
        else { return [] }
        let rows = try database.prepare(LetterSQL.putAside, isTrusted: true)
        var positions: Set<Position> = []
        while try rows.step() {
            positions.insert(Position(UInt64(clamping: rows.integer(at: 0))))
        }
        return positions
    }

    /// The group's database, opened for reading only; nothing where the group never ran.
    public func openDatabase() throws -> SQLiteConnection? {
        if let database, !database.hasMoved, !files.isSucceeded(generation) { return database }
        database = nil
        pages = [:]
        selectDataVersion = nil
        dataVersion = nil
        stored = nil
        guard let opened = try openLastGeneration() else { return nil }
        selectDataVersion = try opened.prepare("PRAGMA data_version", isTrusted: true)
        database = opened
        return opened
    }

    /// Opens the generation in use; another one may take its place between finding and opening it.
    private func openLastGeneration() throws -> SQLiteConnection? {
        while let last = files.generations.last {
            do {
                let opened = try SQLiteConnection(path: files.database(last), mode: .readOnly)
                generation = last
                hasEarlier = files.generations.contains(last - 1)
                return opened
            } catch {
                guard files.generations.last != last else { throw error }
            }
        }
        return nil
    }

    private func openPage(_ segment: Segment) throws -> SignsPage? {
        if let page = pages[segment.id] { return page }
        let path = files.claim(segment)
        guard disk.exists(path) else { return nil }
        let page = SignsPage(try disk.share(path, writable: true))
        pages[segment.id] = page
        return page
    }
}
