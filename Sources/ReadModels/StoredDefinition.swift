public import EventModel
import Processing
import SQLiteDatabase

/// By which definition the events behind a position were handled.
public struct StoredDefinition: Hashable, Sendable {
    /// The position behind which it was in use.
    public let position: Position
    /// What it came to, in hexadecimal digits.
    public let fingerprint: String
}

/// The statements about by which definitions rows were made.
enum DefinitionSQL {
    /// A row for each definition, in their order.
    static let create = """
        CREATE TABLE IF NOT EXISTS recount_definition (
            position INTEGER PRIMARY KEY,
            fingerprint TEXT NOT NULL
        ) STRICT
        """

    private static let save = "INSERT OR REPLACE INTO recount_definition VALUES (?, ?)"
    private static let all = "SELECT * FROM recount_definition ORDER BY position"

    static func load(from database: SQLiteConnection) throws(SQLiteError) -> [StoredDefinition] {
        guard try GroupSQL.hasTable("recount_definition", in: database) else { return [] }
        let rows = try database.prepare(all, isTrusted: true)
        var definitions: [StoredDefinition] = []
        while try rows.step() {
            let position = Position(UInt64(clamping: rows.integer(at: 0)))
            let fingerprint = rows.string(at: 1) ?? ""
            definitions.append(StoredDefinition(position: position, fingerprint: fingerprint))
        }
        return definitions
    }

    static func save(
        _ definition: StoredDefinition,
        in database: SQLiteConnection
    ) throws(SQLiteError) {
        let saving = try database.prepare(save, isTrusted: true)
        try saving.bind(.integer(definition.position), at: 1)
        try saving.bind(.text(definition.fingerprint), at: 2)
        try saving.run()
    }
}

extension GroupDatabase {
    /// Notes by which definition rows are made from here on, where it is another one than before.
    func noteDefinition() throws {
        guard !isDefinitionNoted, let fingerprint = fingerprint?.description else { return }
        isDefinitionNoted = true
        guard try DefinitionSQL.load(from: database).last?.fingerprint != fingerprint else {
            return
        }
        let position = stored?.furthestPosition ?? .start
        let definition = StoredDefinition(position: position, fingerprint: fingerprint)
        try DefinitionSQL.save(definition, in: database)
    }
}

extension [any Projection] {
    /// What a group's definition comes to, as far as it says what its rows are: tables, types,
    /// rules about replays, and statements where they are data.
    var fingerprint: Digest {
        let maker = DigestMaker()
        for projection in self {
            let rules = projection.replayRules
            let replays = rules.namedTypes.map { "\($0.text) \(rules.policy(for: $0))" }
            maker.append(counted: projection.name)
            maker.append(counted: projection.tables)
            maker.append(counted: projection.eventTypes?.map(\.text).sorted() ?? ["*"])
            maker.append(counted: replays.sorted() + ["\(rules.others)"])
            maker.append(counted: projection.definition)
        }
        return maker.finish()
    }
}

extension DigestMaker {
    /// Adds how many texts there are, and each.
    fileprivate func append(counted texts: [String]) {
        append(UInt64(texts.count))
        for text in texts { append(counted: text) }
    }
}
