import Disk
public import EventModel
public import Processing
import SQLiteDatabase

/// The rows of a group together with what is stored with them; for use by one thread at a time.
public final class GroupRows {
    /// Which rows.
    public enum Generation: Hashable, Sendable {
        /// Those in use.
        case inUse
        /// Those that were in use before the last replay.
        case kept
    }

    /// The rows.
    public let rows: ReadModelRows
    /// How far they have come, as of the last look.
    public private(set) var progress = GroupProgress()
    /// The events that were put aside and are not in the rows, as of the last look.
    public private(set) var deadLetters: Set<Position> = []
    /// The events that are never to be handled, as of the last look.
    public private(set) var skipped: Set<Position> = []
    /// The dead letters that were handled late, as of the last look; nothing where none was.
    public private(set) var lateLetters: LateLetters?
    /// By which definitions the rows were made, as of the last look.
    public private(set) var definitions: [StoredDefinition] = []
    /// The operation that made the rows; nothing where they are the first ones.
    public private(set) var origin: KeptGeneration?
    private let files: GroupFiles
    private let number: Int
    private let generation: Generation

    /// Opens rows and looks at what is stored with them.
    ///
    /// - Returns: nothing where the group has no such rows, or never ran.
    init?(_ generation: Generation, of files: GroupFiles) throws {
        let numbers = files.generations
        let number: Int? =
            switch generation {
            case .inUse: numbers.last
            case .kept: numbers.dropLast().last
            }
        guard let number else { return nil }
        rows = try ReadModelRows(path: files.database(number))
        self.number = number
        self.files = files
        self.generation = generation
        guard try ProgressSQL.loadProgress(from: rows.database) != nil else { return nil }
        try look()
    }

    /// The last position whose event is in the rows, or was left out of them.
    public var position: Position { progress.token.decidedPosition }

    /// Whether the rows are still what they were when they were opened: in use, or kept.
    public var isCurrent: Bool {
        switch generation {
        case .inUse: files.generations.last == number
        case .kept: files.generations.dropLast().last == number
        }
    }

    /// Has rows and progress be those of this moment until they are let go of.
    ///
    /// - Throws: what SQLite reports.
    public func hold() throws {
        try rows.hold()
        try look()
    }

    /// Lets go of the moment that ``hold()`` took hold of.
    public func release() {
        rows.release()
    }

    /// The last position of which the event can have been handled by another definition.
    ///
    /// - Parameter today: the fingerprint of today's definition.
    /// - Returns: nothing where no event is known to have been.
    public func positionOfChange(to today: Digest) -> Position? {
        guard let last = definitions.last, last.fingerprint == today.description else {
            return definitions.isEmpty ? nil : position
        }
        return definitions.count > 1 ? last.position : nil
    }

    private func look() throws {
        let database = rows.database
        progress = try ProgressSQL.loadProgress(from: database)?.progress ?? GroupProgress()
        origin = try GroupSQL.loadOrigin(from: database)
        lateLetters = try LetterSQL.loadLate(from: database)
        definitions = try DefinitionSQL.load(from: database)
        deadLetters = try positions("recount_letters")
        skipped = try positions("recount_skipped")
    }

    private func positions(_ table: String) throws(SQLiteError) -> Set<Position> {
        guard try GroupSQL.hasTable(table, in: rows.database) else { return [] }
        let list = try rows.database.prepare("SELECT position FROM \(table)", isTrusted: true)
        var positions: Set<Position> = []
        while try list.step() {
            positions.insert(Position(UInt64(clamping: list.integer(at: 0))))
        }
        return positions
    }
}

extension ReadModelGroup {
    /// Opens rows of the group for comparing; the group itself is not touched.
    ///
    /// - Returns: nothing where the group has no such rows, or never ran.
    /// - Throws: what SQLite reports.
    public func openRows(_ generation: GroupRows.Generation) throws -> GroupRows? {
        try GroupRows(generation, of: files)
    }

    /// Makes a private copy of rows of the group, or empty tables, which goes on from there by
    /// today's definition.
    ///
    /// - Parameters:
    ///   - original: the rows to begin with; nothing to begin before the first event.
    ///   - putAside: the events that are not handled.
    /// - Returns: the copy.
    /// - Throws: what the definition has wrong, and what SQLite reports.
    public func makeScratch(
        copying original: GroupRows?,
        without putAside: Set<Position>
    ) throws -> ScratchReadModel {
        try ScratchReadModel(
            define(),
            without: putAside,
            historySizeMax: 0,
            copying: original.map { ($0.rows.database, $0.position) }
        )
    }
}
