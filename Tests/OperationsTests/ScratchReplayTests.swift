import EventModel
import OperationsModel
import RecountTesting
import Testing

@testable import Operations

/// A scratch copy as a console sees it.
@Suite struct ScratchReplayTests {
    private static let wordy = ScriptedProjection(
        name: "wordy",
        tables: ["CREATE TABLE words (n INTEGER PRIMARY KEY, long TEXT, short TEXT, bytes BLOB)"],
        statements: { _, type in
            type == "$none"
                ? []
                : ["INSERT INTO words VALUES (?1, printf('%.*c', 600, 'x'), 'y', zeroblob(200))"]
        }
    )

    private func fixture(_ count: UInt64) throws -> ReplayFixture {
        let fixture = try ReplayFixture([ScratchReplayTests.wordy])
        try fixture.append(count)
        return fixture
    }

    @Test func `rows of tables and queries follow the copy, and long values are cut`() throws {
        let fixture = try fixture(30)
        let copy = try fixture.operations.scratchReplay(
            of: "wordy",
            at: .position(Position(3)),
            progress: { _, _ in true }
        )
        let page = try copy.rows(.table("words"), limit: 2) { false }
        #expect(page.columns == ["n", "long", "short", "bytes"] && page.isCut)
        #expect(page.rows.map { $0[0] } == [.integer(1), .integer(2)])
        #expect(page.rows[0][1] == .text(String(repeating: "x", count: 500) + "…"))
        #expect(page.rows[0][2] == .text("y"))
        #expect(page.rows[0][3] == .bytes([UInt8](repeating: 0, count: 100)))

        let query = RowSource.query("SELECT count(*) AS c FROM words")
        #expect(try copy.rows(query, limit: 10) { false }.rows == [[.integer(3)]])
        let step = try copy.move(.back(2)) { _, _ in true }
        #expect(step.changes?.map(\.kind) == [.deleted, .deleted])
        #expect(try copy.rows(query, limit: 10) { false }.rows == [[.integer(1)]])
        #expect(throws: OperationsError.self) {
            try copy.rows(.query("DELETE FROM words"), limit: 10) { false }
        }
    }

    @Test func `a query that goes on for ever is given up`() throws {
        let fixture = try fixture(3)
        let copy = try fixture.operations.scratchReplay(
            of: "wordy",
            at: .head,
            progress: { _, _ in true }
        )
        let endless =
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c"
        #expect(throws: OperationsError.self) {
            try copy.rows(.query(endless), limit: 1) { true }
        }
    }

    @Test func `filling a copy asks early whether to go on, however slow its handlers may be`()
        throws
    {
        let fixture = try fixture(1500)
        var reached: [UInt64] = []
        let error = #expect(throws: OperationsError.self) {
            try fixture.operations.scratchReplay(of: "wordy", at: .head) { position, last in
                #expect(last == Position(1500))
                reached.append(position.number)
                return false
            }
        }
        #expect(error?.code == .refused)
        #expect(reached == [64])
    }

    @Test func `stepping asks every few events whether to go on`() throws {
        let fixture = try fixture(100)
        let copy = try fixture.operations.scratchReplay(
            of: "wordy",
            at: .position(.start),
            progress: { _, _ in true }
        )
        let step = try copy.move(.to(.head)) { position, _ in position.number < 32 }
        #expect(step.end == .interrupted && step.position == Position(32))
    }
}
