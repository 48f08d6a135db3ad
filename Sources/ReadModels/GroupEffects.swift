import Disk
import EventModel
import Processing
import SQLiteDatabase

/// The effects of a group that wait, over a connection of its own, for the one process that
/// performs them.
final class GroupEffects: EffectQueue {
    private let files: GroupFiles
    /// Its lock says that this process performs.
    private let page: SignsPage
    private var generation: Int
    private var database: SQLiteConnection

    /// Opens the effects; nothing where another process has, or the group never ran.
    init?(files: GroupFiles, disk: any Disk) throws {
        guard let generation = files.generations.last else { return nil }
        let page = SignsPage(try disk.share(files.performer, writable: true))
        guard try page.lock() else { return nil }
        self.files = files
        self.page = page
        self.generation = generation
        do {
            database = try GroupEffects.open(files.database(generation))
        } catch {
            page.unlock()
            throw error
        }
    }

    deinit { page.unlock() }

    private static func open(_ path: String) throws -> SQLiteConnection {
        // A generation that was removed meanwhile must not come back, empty.
        let database = try SQLiteConnection(path: path, mode: .readWrite)
        if database.hasMoved { throw SQLiteError(code: .cannotOpen, message: "it was removed") }
        for table in EffectSQL.create { try database.execute(table, isTrusted: true) }
        return database
    }

    func due(_ kinds: [String], now: Timestamp, limit: Int) throws -> [PendingEffect] {
        guard let generation = files.generations.last else { return [] }
        if generation != self.generation || database.hasMoved {
            database = try GroupEffects.open(files.database(generation))
            self.generation = generation
        }
        let rows = try database.prepare(EffectSQL.due(kindCount: kinds.count), isTrusted: true)
        let wait = Int64(PendingEffect.retrySecondsMax * 1_000_000)
        let values: [SQLiteValue] = [
            .integer(now.microseconds), .integer(wait), .integer(Int64(limit)),
        ]
        for (index, value) in (values + kinds.map { .text($0) }).enumerated() {
            try rows.bind(value, at: index + 1)
        }
        return try EffectSQL.effects(in: rows, of: files.group)
    }

    func update(_ effect: PendingEffect, obeying wish: PendingEffect.Wish?) throws {
        let values = EffectSQL.values(effect)
        let obeyed = wish.map { SQLiteValue.text($0.rawValue) } ?? .null
        try database.runTrusted(
            EffectSQL.update,
            [values[0]] + values[7...10] + [obeyed, values[11]]
        )
    }

    func remove(_ id: EventID) throws {
        try database.runTrusted(EffectSQL.remove, [.text(id.description)])
    }
}
