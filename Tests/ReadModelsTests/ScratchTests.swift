import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

/// Rows that go with the row they refer to.
private struct CascadingProjection: Projection {
    let name = "cascade"
    let tables = [
        "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
        "CREATE TABLE child (id INTEGER REFERENCES parent ON DELETE CASCADE)",
    ]
    let eventTypes: [EventType]? = nil
    let isIdempotent = false

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        Handler(database)
    }

    /// Every third event removes what the two before it made.
    private final class Handler: ProjectionHandler {
        let database: SQLiteConnection

        init(_ database: SQLiteConnection) { self.database = database }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            let number = event.position.number
            switch number % 3 {
            case 1: try database.execute("INSERT INTO parent VALUES (\(number))")
            case 2: try database.execute("INSERT INTO child VALUES (\(number - 1))")
            default: try database.execute("DELETE FROM parent WHERE id = \(number - 2)")
            }
            return true
        }
    }
}

@Suite struct ScratchTests {
    @Test func `a scratch copy holds rows to what they refer to, as the group does`() throws {
        let fixture = GroupFixture(CascadingProjection())
        try fixture.append(11, from: 0)
        try fixture.run("cascade") { host in _ = try host.waitUntilDecided(Position(11)) }
        let observer = GroupObserver(files: fixture.group("cascade").files)
        let inUse = try #require(try observer.openDatabase())
        let scratch = try fixture.group("cascade").makeScratch()
        try scratch.build(from: fixture.store, through: Position(11)) { _ in true }
        func children(_ database: SQLiteConnection) throws -> [Int64] {
            let rows = try database.prepare("SELECT id FROM child ORDER BY id")
            var ids: [Int64] = []
            while try rows.step() { ids.append(rows.integer(at: 0)) }
            return ids
        }
        #expect(try children(inUse) == [10])
        #expect(try children(scratch.database) == [10])
    }
}
