import Disk
import EventModel
import EventStorage
import Processing
import SQLiteDatabase

/// The database of one group: the rows of its projections and its progress.
final class GroupDatabase: GroupStorage {
    private let database: SQLiteConnection
    private let define: @Sendable () throws -> [any Projection]
    private var projections: [any Projection]
    private let signs: SignsPage
    private let saveProgress: SQLiteStatement
    private var handlers: [any ProjectionHandler] = []
    private var isClaimed = false

    init(
        files: GroupFiles,
        disk: any Disk,
        define: @escaping @Sendable () throws -> [any Projection]
    ) throws {
        self.define = define
        projections = try define()
        signs = SignsPage(try disk.share(files.claim))
        database = try SQLiteConnection(path: files.database, mode: .readWriteCreate)
        try database.execute(GroupSQL.createProgress, isTrusted: true)
        saveProgress = try database.prepare(GroupSQL.saveProgress, isTrusted: true)
    }

    deinit {
        if isClaimed { signs.release() }
    }

    var isIdempotent: Bool { projections.allSatisfy(\.isIdempotent) }

    func claim() throws -> Bool {
        if !isClaimed { isClaimed = try signs.claim() }
        return isClaimed
    }

    func publish(_ signs: ProcessorSigns) {
        self.signs.publish(signs)
    }

    func loadProgress() throws -> GroupProgress? {
        try GroupSQL.loadProgress(from: database)?.progress
    }

    func storeFailure(_ message: String?) throws {
        let statement = try database.prepare(GroupSQL.saveFailure, isTrusted: true)
        try statement.bind(message.map(SQLiteValue.text) ?? .null, at: 1)
        try statement.run()
    }

    func begin() throws {
        try database.begin()
    }

    func commit(_ progress: GroupProgress) throws {
        try GroupSQL.bind(progress, to: saveProgress)
        try saveProgress.run()
        try database.commit()
    }

    func rollback() {
        // A failure may have ended the transaction already; there is nothing to undo then.
        try? database.rollback()
    }

    func reset() throws {
        handlers = []
        projections = try define()
        try GroupSQL.dropTables(in: database)
        for projection in projections {
            for table in projection.tables {
                try database.execute(table, isTrusted: true)
            }
        }
    }

    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        if handlers.isEmpty {
            handlers = try projections.map { try $0.makeHandler(in: database) }
        }
        var isHandled = false
        for handler in handlers {
            if try handler.handle(event, isReplay: isReplay) { isHandled = true }
        }
        return isHandled
    }
}
