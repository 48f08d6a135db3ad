import Disk
import DomainModel
import EventLog
import EventModel
import EventStorage
import OperationsModel
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

@testable import Operations

@Suite struct InteractiveReplayTests {
    /// A model whose statements are locked down, as operators write them.
    private static let model = """
        recount: 1
        projections:
          modelled:
            tables:
              - CREATE TABLE sums (stream TEXT PRIMARY KEY, total INTEGER NOT NULL)
              - CREATE TABLE notes (stream TEXT, text TEXT)
            on:
              Tested0, Tested1:
                - INSERT INTO sums VALUES (:stream, :data ->> 'number')
                  ON CONFLICT DO UPDATE SET total = total + excluded.total
                - INSERT INTO notes VALUES (:stream, :data)
                - DELETE FROM notes WHERE rowid % 5 = :sequence % 5
        """

    private static func projections() throws -> [any Projection] {
        [
            ScriptedProjection.varied, ScriptedProjection.words, ScriptedProjection.growing,
            CachingProjection(),
        ]
            + (try DomainModel(parsing: model, file: "recount.yaml").projections)
    }

    private struct Walk: CustomTestStringConvertible, Sendable {
        let group: String
        let historySizeMax: Int
        let seed: UInt64

        var testDescription: String { "\(group), \(historySizeMax) bytes, seed \(seed)" }

        static let all = ["varied", "modelled", "words", "growing", "caching"].flatMap { group in
            [3000, 64 << 20].flatMap { size in
                (0..<(group == "varied" ? 6 : 2)).map {
                    Walk(group: group, historySizeMax: size, seed: $0)
                }
            }
        }
    }

    @Test("after any steps the tables are as if filled up to there", arguments: Walk.all)
    private func walk(_ walk: Walk) throws {
        let fixture = try ReplayFixture(Self.projections())
        try fixture.append(300)
        var generator = RandomSequence(seed: walk.seed)
        let replay = try fixture.replay(
            walk.group,
            at: .position(Position(.random(in: 0...300, using: &generator))),
            historySizeMax: walk.historySizeMax
        )
        var before = try replay.dump()
        for _ in 0..<25 {
            let from = replay.position
            let move = randomMove(from: from, &generator)
            let step = try replay.move(move)
            #expect(step.from == from && step.position == replay.position)
            let direct = try fixture.replay(
                walk.group,
                at: .position(replay.position),
                historyCount: 0
            )
            let after = try replay.dump()
            #expect(try after == direct.dump(), "\(move) from \(from)")
            if let changes = step.changes, !["words", "growing"].contains(walk.group) {
                #expect(step.changeCount == changes.count)
                #expect(Set(changes) == rowChanges(from: before, to: after), "\(move)")
            }
            if walk.historySizeMax > 3000 || step.position <= from {
                #expect(step.changes != nil || walk.group == "growing", "\(move) from \(from)")
            }
            if walk.group == "varied", walk.historySizeMax > 3000, step.position >= from {
                #expect(step.notes == [])
            }
            before = after
        }
    }

    private func randomMove(from position: Position, _ generator: inout RandomSequence)
        -> ReplayMove
    {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0, 1: .next(.random(in: 1...5, using: &generator))
        case 2, 3, 4: .back(.random(in: 1...12, using: &generator))
        case 5: .to(.position(Position(.random(in: 0...300, using: &generator))))
        case 6: .stream(StreamName("cart-\(Int.random(in: 0..<5, using: &generator))"))
        default: .type(TestEvents.type(.random(in: 0..<3, using: &generator)))
        }
    }

    @Test func `steps go over the events that the group handles`() throws {
        let fixture = try ReplayFixture([ScriptedProjection.varied])
        try fixture.append(40)
        let handled = try fixture.log.events(EventSelection()).filter { event in
            !event.stream.isSystem
                && (event.type.text != "Tested2" || event.position.number % 4 == 0)
        }
        .map(\.position)
        let replay = try fixture.replay("varied")
        for (index, position) in handled.enumerated() {
            let step = try replay.move(.next(1))
            #expect(step.position == position && step.isHandled && step.end == .reached)
            #expect(step.event?.position == position && step.handledCount == 1)
            if index > 0 {
                #expect(try replay.move(.back(1)).position == handled[index - 1])
                #expect(try replay.move(.next(1)).position == position)
            }
        }
        let last = try replay.move(.next(1))
        #expect(last.end == .atHead && last.position == Position(40) && last.changes == [])
        let first = try replay.move(.back(1000))
        #expect(first.end == .atStart && first.position == .start && first.event == nil)
        #expect(try replay.dump().values.allSatisfy(\.isEmpty))
        #expect(try replay.move(.stream(StreamName("cart-9"))).end == .atHead)
        #expect(replay.position == .start)
    }

    @Test func `what lies behind a beginning between handled events is known again`() throws {
        let fixture = try ReplayFixture([ScriptedProjection.varied])
        try fixture.append(40)
        // Position 28 is the system's.
        let replay = try fixture.replay("varied", at: .position(Position(28)), historyCount: 0)
        let first = try replay.move(.next(1))
        #expect(try replay.move(.back(1)).position < Position(28))
        let again = try replay.move(.next(1))
        #expect(again.position == first.position && again.changes == first.changes)
        #expect(again.changes != nil && again.notes == [])
        let back = try replay.move(.back(2))
        #expect(back.notes.count == 1 && back.changes != nil)
        #expect(back.notes[0].hasPrefix("the tables were filled again from the beginning"))
        let large = try fixture.replay("varied", at: .head, historyCount: 0, comparedCountMax: 5)
        let unknown = try large.move(.back(1))
        #expect(unknown.changes == nil && unknown.changeCount == nil && unknown.notes.count == 2)
    }

    @Test func `a time is the last position recorded up to then`() throws {
        let fixture = try ReplayFixture([ScriptedProjection.varied])
        try fixture.append(20)
        let event = try #require(try fixture.log.event(at: Position(7)))
        let replay = try fixture.replay("varied", at: .time(event.recordedTime))
        #expect(replay.position == Position(7))
        let before = event.recordedTime.advanced(bySeconds: -0.000_001)
        #expect(try replay.move(.to(.time(before))).position == Position(6))
        #expect(try replay.move(.to(.head)).position == Position(20))
        let error = #expect(throws: OperationsError.self) {
            try replay.move(.to(.position(Position(21))))
        }
        #expect(error?.code == .invalid && error?.message.contains("position 20") == true)
    }

    @Test func `a condition ends a step where it becomes true, and only there`() throws {
        let fixture = try ReplayFixture(Self.projections())
        try fixture.append(100)
        for group in ["varied", "modelled"] {
            let table = group == "varied" ? "keyed" : "sums"
            let sql = "SELECT count(*) % 5 = 3 FROM \(table)"
            let replay = try fixture.replay(group)
            var found: [Position] = []
            while case let step = try replay.move(.until(sql)), step.end == .reached {
                found.append(step.position)
            }
            let slow = try fixture.replay(group)
            var expected: [Position] = []
            var wasTrue = false
            while try slow.move(.next(1)).end == .reached {
                var isTrue = false
                _ = try slow.query(sql) { _, values in
                    isTrue = values == [.integer(1)]
                    return true
                }
                if isTrue, !wasTrue { expected.append(slow.position) }
                wasTrue = isTrue
            }
            #expect(found == expected && !found.isEmpty)
            for (sql, code) in [
                ("DELETE FROM \(table)", OperationsError.Code.refused),
                ("SELECT \"nothing\"", .invalid),
                ("PRAGMA query_only = 0", .refused), ("SELECT 1; SELECT 2", .invalid),
            ] {
                let error = #expect(throws: OperationsError.self) { try replay.move(.until(sql)) }
                #expect(error?.code == code, "\(sql)")
                #expect(throws: OperationsError.self) { try replay.query(sql) { _, _ in true } }
            }
            // The handlers still write, and nothing was written meanwhile.
            #expect(try replay.dump() == slow.dump())
            _ = try replay.move(.to(.position(Position(50))))
            _ = try slow.move(.to(.position(Position(50))))
            #expect(try replay.move(.next(5)).changes == slow.move(.next(5)).changes)
        }
    }

    @Test(
        "an event that fails is named, and nothing of it stays",
        arguments: ["ABORT", "ROLLBACK"]
    )
    func failure(_ clause: String) throws {
        let projection = ScriptedProjection(
            name: "failing",
            tables: ["CREATE TABLE t (a PRIMARY KEY)"],
            statements: { number, _ in
                let second = number == 30 ? "INSERT OR \(clause) INTO t VALUES (1)" : ""
                return ["INSERT INTO t VALUES (?)", second].filter { !$0.isEmpty }
            }
        )
        let fixture = try ReplayFixture([projection])
        try fixture.append(60)
        let expected = "position 30, Tested2 in cart-4: UNIQUE constraint failed"
        for start in [UInt64(0), 10, 29] {
            let replay = try fixture.replay("failing", at: .position(Position(start)))
            #expect(replay.failure == nil)
            let step = try replay.move(.to(.head))
            guard case .failed(let cause) = step.end else {
                Issue.record("\(step.end)")
                continue
            }
            #expect(cause.hasPrefix(expected))
            #expect(replay.position == Position(29))
            let direct = try fixture.replay("failing", at: .position(Position(29)))
            #expect(try replay.dump() == direct.dump())
            // Position 28 is the system's.
            #expect(try replay.move(.back(3)).position == Position(25))
        }
        for history in [UInt64(0), 20, 1000] {
            let replay = try fixture.replay("failing", at: .head, historyCount: history)
            #expect(replay.failure?.hasPrefix(expected) == true)
            #expect(replay.position == Position(29))
            let direct = try fixture.replay("failing", at: .position(Position(29)))
            #expect(try replay.dump() == direct.dump())
        }
    }

    @Test func `a full disk fails the event, and the copy goes on when there is room`() throws {
        let fixture = try ReplayFixture([CachingProjection()])
        try fixture.append(900)
        let replay = try fixture.replay("caching", at: .position(Position(100)))
        // A limit below the size there is becomes that size.
        try replay.scratch.database.execute("PRAGMA max_page_count = 1", isTrusted: true)
        let step = try replay.move(.to(.head))
        guard case .failed(let cause) = step.end else {
            Issue.record("\(step.end)")
            return
        }
        #expect(cause.contains("full") && replay.position > Position(100))
        let direct = try fixture.replay("caching", at: .position(replay.position))
        #expect(try replay.dump() == direct.dump())
        try replay.scratch.database.execute("PRAGMA max_page_count = 100000", isTrusted: true)
        #expect(try replay.move(.to(.head)).end == .reached)
        #expect(try replay.dump() == fixture.replay("caching", at: .head).dump())
    }

    @Test func `whoever waits can give up, and goes on from where it is`() throws {
        let fixture = try ReplayFixture([ScriptedProjection.varied])
        try fixture.append(600)
        let error = #expect(throws: OperationsError.self) {
            try InteractiveReplay(fixture.operations, group: "varied", at: .head) { _, _ in false }
        }
        #expect(error?.code == .refused)
        let replay = try fixture.replay("varied")
        let step = try replay.move(.to(.head)) { reached, last in
            #expect(last == Position(600))
            return reached < Position(512)
        }
        #expect(step.end == .interrupted && step.position == Position(512))
        let direct = try fixture.replay("varied", at: .position(Position(512)))
        #expect(try replay.dump() == direct.dump())
        #expect(step.changes.map(Set.init) == rowChanges(from: [:], to: try replay.dump()))
        let endless =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"
        var count = 0
        #expect(throws: OperationsError.self) {
            try replay.query(
                endless,
                unless: {
                    count += 1
                    return count > 10
                }
            ) { _, _ in true }
        }
        #expect(try replay.move(.next(1)).end == .reached)
    }

    @Test func `the group itself is not touched, and need not wait`() throws {
        let fixture = try ReplayFixture([
            ScriptedProjection(
                name: "plain",
                tables: ["CREATE TABLE t (a PRIMARY KEY)"],
                statements: { _, _ in ["INSERT INTO t VALUES (?)"] }
            )
        ])
        // A group whose handlers refuse what is no replay cannot run; its files are what counts.
        let storage = try fixture.operations.group("plain").open()
        #expect(try storage.take(.whole, isStolen: false))
        try storage.begin()
        try storage.reset()
        try storage.commit(GroupProgress(token: TrackingToken(position: Position(5))))
        try fixture.append(50)
        let files = ["plain.sqlite", "plain.sqlite-wal", "plain.claim"]
        let bytes = { try files.map { try fixture.bytes(of: $0) } }
        let (earlier, head) = (try bytes(), try fixture.log.head())
        // An open transaction of the group keeps nobody from reading, and nobody keeps it.
        try storage.begin()
        let replay = try fixture.replay("plain", at: .position(Position(20)))
        _ = try replay.move(.next(3))
        _ = try replay.move(.back(10))
        _ = try replay.rows(of: "t") { _, _ in true }
        storage.rollback()
        #expect(try bytes() == earlier)
        #expect(try fixture.log.head() == head)
        #expect(try storage.loadProgress()?.token.position == Position(5))
        #expect(try fixture.files() == (files + ["plain.sqlite-shm"]).sorted())
    }

    /// What differs between two dumps, found without knowing how it came to be.
    private func rowChanges(from before: TableDump, to after: TableDump) -> Set<RowChange> {
        var changes: Set<RowChange> = []
        for (table, shape) in shapes {
            let old = keyed(before[table] ?? [], shape)
            let new = keyed(after[table] ?? [], shape)
            for key in Set(old.keys).union(new.keys) where old[key] != new[key] {
                let columns = shape.columns.filter { !key.map(\.name).contains($0) }.compactMap {
                    name -> RowChange.Column? in
                    let (left, right) = (old[key]?[name], new[key]?[name])
                    return left == right ? nil : RowChange.Column(name, before: left, after: right)
                }
                changes.insert(
                    RowChange(
                        table: table,
                        kind: old[key] == nil ? .inserted : new[key] == nil ? .deleted : .updated,
                        key: key,
                        columns: columns
                    )
                )
            }
        }
        return changes
    }

    private struct Shape {
        let columns: [String]
        let key: [String]
    }

    private let shapes = [
        "keyed": Shape(columns: ["k", "n"], key: ["k"]),
        "bare": Shape(columns: ["a", "b"], key: []),
        "counted": Shape(columns: ["id", "a"], key: ["id"]),
        "compact": Shape(columns: ["a", "b", "c"], key: ["b", "a"]),
        "sums": Shape(columns: ["stream", "total"], key: ["stream"]),
        "numbered": Shape(columns: ["n", "position"], key: ["n"]),
        "notes": Shape(columns: ["stream", "text"], key: []),
    ]

    private func keyed(
        _ rows: Set<[SQLiteValue]>,
        _ shape: Shape
    ) -> [[RowChange.KeyColumn]: [String: CellValue]] {
        var keyed: [[RowChange.KeyColumn]: [String: CellValue]] = [:]
        for row in rows {
            let cells = row.dropFirst().map(CellValue.init(testing:))
            let values = Dictionary(uniqueKeysWithValues: zip(shape.columns, cells))
            var key = shape.key.map { RowChange.KeyColumn($0, values[$0] ?? .null) }
            if key.isEmpty || key.contains(where: { $0.value == .null }) {
                key = [RowChange.KeyColumn("rowid", CellValue(testing: row[0]))]
            }
            keyed[key] = values
        }
        return keyed
    }
}

extension CellValue {
    fileprivate init(testing value: SQLiteValue) {
        self =
            switch value {
            case .null: .null
            case .integer(let value): .integer(value)
            case .real(let value): .real(value)
            case .text(let value): .text(value)
            case .blob(let value): .bytes(value)
            }
    }
}
