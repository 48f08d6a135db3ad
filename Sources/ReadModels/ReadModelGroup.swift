public import Disk
public import EventModel
import EventStorage
public import Processing
import SQLiteDatabase

/// A processing group whose projections write into one SQLite database of its own.
public struct ReadModelGroup: EffectfulGroup {
    /// The name of the group.
    public let name: String
    private let directory: String
    private let disk: any Disk
    let define: @Sendable () throws -> [any Projection]

    /// Defines a group.
    ///
    /// - Parameters:
    ///   - name: its name, which is its identity.
    ///   - directory: the directory of the groups' databases.
    ///   - disk: the file system the directory is on.
    ///   - define: its projections; asked again before an operation is obeyed and after a
    ///     failure, so that a replay or a retry uses the definition of today.
    public init(
        name: String,
        directory: String,
        disk: any Disk = RealDisk(),
        define: @escaping @Sendable () throws -> [any Projection]
    ) {
        self.name = name
        self.directory = directory
        self.disk = disk
        self.define = define
    }

    /// The files of the group.
    public var files: GroupFiles { GroupFiles(group: name, directory: directory, disk: disk) }

    /// The names of its projections; empty where the definition cannot be read.
    public var projections: [String] { definition.map(\.name) }

    /// The tables they maintain; empty where the definition cannot be read.
    public var tables: [String] { definition.flatMap(\.tables).compactMap(tableName) }

    /// The types its projections handle; nothing means every type.
    public var handledTypes: [EventType]? { definition.handledTypes }

    /// What its projections do with replays of types; nothing for a type that none handles.
    public func replayPolicies(
        for types: some Swift.Sequence<EventType>
    ) -> [EventType: ReplayPolicy] {
        let definition = definition
        return types.reduce(into: [:]) { policies, type in
            let handling = definition.filter { $0.eventTypes?.contains(type) ?? true }
            policies[type] = ReplayPolicy(Set(handling.map { $0.replayRules.policy(for: type) }))
        }
    }

    /// Which of its events must be handled one after the other.
    public var sequencing: SequencingPolicy { definition.sequencing }

    /// Whether all its projections are idempotent.
    public var isIdempotent: Bool { definition.allSatisfy(\.isIdempotent) }

    /// Makes what tells the signs of life of the groups in the directory; it keeps the pages open
    /// that it has looked at.
    public func makeSignsSource() -> SignsSource {
        var pages: [String: SignsPage] = [:]
        return { [files, disk] in
            files.claims.reduce(into: [:]) { signs, path in
                // One that cannot be read keeps nobody waiting.
                let page =
                    pages[path] ?? (try? disk.share(path, writable: false)).map(SignsPage.init)
                pages[path] = page
                signs[path] = try? page?.read()
            }
        }
    }

    /// Opens the database, makes it and its directory where there is none.
    public func open() throws -> any GroupStorage {
        try disk.createDirectory(directory)
        return try GroupDatabase(files: files, disk: disk, define: define)
    }

    /// What today's definition comes to; equal for two that say the same of tables, types, rules
    /// about replays, and statements where these are data.
    ///
    /// - Throws: what the definition has wrong.
    public func fingerprint() throws -> Digest { try define().fingerprint }

    /// What performs the effects that its projections ask for.
    public var performers: [String: EffectPerformer] {
        let kinds = definition.flatMap(\.effectKinds)
        return Dictionary(kinds.map { ($0.name, $0.perform) }) { first, _ in first }
    }

    /// The names of the kinds of effects that its projections ask for, sorted.
    public var effectKinds: [String] { performers.keys.sorted() }

    /// Opens the effects that wait, where no other process performs them.
    public func openEffects() throws -> (any EffectQueue)? {
        try GroupEffects(files: files, disk: disk)
    }

    /// Makes an empty private copy of the group's tables, by today's definition.
    ///
    /// The group itself is not touched. What it has put aside or skips by now, the copy does not
    /// handle.
    ///
    /// - Parameter historySizeMax: the bytes of memory that the way back may take.
    /// - Returns: the copy, which stands before the first event.
    /// - Throws: what the definition has wrong, and what SQLite reports.
    public func makeScratch(historySizeMax: Int = 64 << 20) throws -> ScratchReadModel {
        try ScratchReadModel(
            define(),
            without: GroupObserver(files: files, disk: disk).putAside(),
            historySizeMax: historySizeMax
        )
    }

    /// Opens the database of the next generation, which is not in use yet; makes it, with tables as
    /// they are defined today, where the shadow has none.
    public func openDraft(_ shadow: TrackingToken.Replay) throws -> any GroupStorage {
        let generation = (files.generations.last ?? 0) + 1
        if let draft = try draft(generation, of: shadow) { return draft }
        try files.removeDraft(generation)
        let draft = try GroupDatabase(files: files, draft: generation, define: define)
        let inUse = try GroupObserver(files: files, disk: disk).openDatabase()
        let stored = try inUse.flatMap { try ProgressSQL.loadProgress(from: $0)?.progress }
        try draft.transact {
            try draft.reset()
            if let inUse {
                try draft.copySkipped(from: inUse)
                try draft.copyMarks(from: inUse)
            }
            try draft.beginReplay(shadow)
            return GroupProgress(shadow, of: stored ?? GroupProgress())
        }
        return draft
    }

    /// The draft that was begun for a shadow; nothing where it was begun for another one.
    private func draft(
        _ generation: Int,
        of shadow: TrackingToken.Replay
    ) throws -> GroupDatabase? {
        guard disk.exists(files.draft(generation)) else { return nil }
        let draft = try GroupDatabase(files: files, draft: generation, define: define)
        let operation = try draft.loadProgress()?.replay?.operation
        return operation == shadow.operation ? draft : nil
    }

    private var definition: [any Projection] { (try? define()) ?? [] }
}

/// The name of the table that a statement makes; nothing where it makes something else.
func tableName(_ statement: String) -> String? {
    // The name is among the first words: CREATE TABLE IF NOT EXISTS name.
    var words = statement.split(maxSplits: 6) { $0.isWhitespace || $0 == "(" }[...]
    func skip(_ word: String) -> Bool {
        guard words.first?.uppercased() == word else { return false }
        words.removeFirst()
        return true
    }
    guard skip("CREATE"), skip("TABLE") else { return nil }
    if skip("IF") {
        _ = skip("NOT")
        _ = skip("EXISTS")
    }
    return words.first.map { $0.trimming { "\"`[]".contains($0) } }
}

extension Substring {
    fileprivate func trimming(_ isUnwanted: (Character) -> Bool) -> String {
        var rest = self.drop(while: isUnwanted)
        while let last = rest.last, isUnwanted(last) { rest.removeLast() }
        return String(rest)
    }
}
