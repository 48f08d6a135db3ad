import Disk
import EventModel
import EventStorage
import Processing
import SQLiteDatabase

/// The database of one group: the rows of its projections and its progress.
final class GroupDatabase: GroupStorage {
    private let database: SQLiteConnection
    private let define: @Sendable () throws -> [any Projection]
    private var projections: Result<[any Projection], any Error>
    private let signs: SignsPage
    private let saveProgress: SQLiteStatement
    private var handlers: [any ProjectionHandler] = []
    private let selectDataVersion: SQLiteStatement
    private var isClaimed = false
    /// The progress that was loaded or stored last.
    private var stored: GroupProgress?
    private var dataVersion: Int64 = 0

    init(
        files: GroupFiles,
        disk: any Disk,
        define: @escaping @Sendable () throws -> [any Projection]
    ) throws {
        self.define = define
        projections = Result { try define() }
        signs = SignsPage(try disk.share(files.claim, writable: true))
        database = try SQLiteConnection(path: files.database, mode: .readWriteCreate)
        try database.execute(GroupSQL.createProgress, isTrusted: true)
        selectDataVersion = try database.prepare("PRAGMA data_version", isTrusted: true)
        saveProgress = try database.prepare(GroupSQL.saveProgress, isTrusted: true)
    }

    deinit {
        if isClaimed { signs.release() }
    }

    var isIdempotent: Bool {
        (try? projections.get().allSatisfy(\.isIdempotent)) ?? false
    }

    func reloadDefinition() {
        projections = Result { try define() }
        handlers = []
    }

    func claim() throws -> Bool {
        if !isClaimed { isClaimed = try signs.claim() }
        return isClaimed
    }

    var isInPlace: Bool { !database.hasMoved }

    func publish(_ signs: ProcessorSigns) {
        self.signs.publish(signs)
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
        try database.commit()
        stored = progress
    }

    func rollback() {
        // A failure may have ended the transaction already; there is nothing to undo then.
        try? database.rollback()
    }

    func reset() throws {
        let projections = try projections.get()
        handlers = []
        try GroupSQL.dropTables(in: database)
        try projections.makeTables(in: database)
    }

    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        if handlers.isEmpty {
            handlers = try projections.get().makeHandlers(in: database)
        }
        return try handlers.handle(event, isReplay: isReplay)
    }
}

/// Another process runs the group although this one has the claim.
struct GroupTakenOver: Error, CustomStringConvertible {
    let description = "another process has changed the tables of the group; stop one of the two"
}
