import Disk
import EventLog
import EventModel
import EventStorage
import OperationsModel
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Synchronization
import Testing

@testable import Operations

extension ComparisonFixture {
    fileprivate func standing(
        _ table: String = "totals",
        _ key: String...,
        group: String? = nil,
        progress: @escaping (Position, Position) -> Bool = { _, _ in true }
    ) throws -> RowStanding {
        try operations.standing(
            of: RowStandingRequest(group: group, table: table, key: key),
            progress: progress
        )
    }

    /// The files of the store and its groups, without those that SQLite keeps beside a database
    /// that is read.
    fileprivate func files() throws -> [String] {
        let disk = RealDisk()
        let names = try disk.names(in: log.directory.path) + disk.names(in: log.directory.groups)
        return names.filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }.sorted()
    }

    /// Says how far the segments have come, whatever is in the rows.
    fileprivate func storePositions(_ positions: UInt64...) throws {
        let segments = zip(Segment.shares(positions.count), positions).map { segment, position in
            SegmentProgress(segment, token: TrackingToken(position: Position(position)))
        }
        let storage = try group.open()
        _ = try storage.loadProgress()
        try storage.begin()
        try storage.commit(GroupProgress(segments: segments))
    }
}

extension RowStanding {
    fileprivate var changePositions: [UInt64] { changes.map(\.position.number) }
    fileprivate var comingPositions: [UInt64] { coming.map(\.position.number) }
}

@Suite struct RowStandingTests {
    @Test func `a row that shows everything is told with what made it, and nothing is left`() throws
    {
        let fixture = try ComparisonFixture(caughtUp: 60)
        let before = try fixture.files()
        let standing = try fixture.standing("TOTALS", "cart-3")
        #expect(standing.group == "ledger" && standing.table == "totals")
        #expect(standing.key == [.init("stream", .text("cart-3"))])
        #expect(standing.position == Position(60))
        #expect(standing.columns == ["stream", "count", "last"])
        #expect(standing.values == [.text("cart-3"), .integer(8), .integer(59)])
        #expect(standing.isEqual == true && standing.difference == nil && standing.isCurrent)
        #expect(standing.changeCount == 8 && standing.changePositions == [59])
        #expect(standing.changes.first?.stream.text == "cart-3")
        #expect(standing.changes.first?.type == TestEvents.type(58))
        #expect(standing.comingCount == 0 && standing.notes == [] && standing.failures == [])
        #expect(standing.streams.map(\.stream.text) == ["cart-3"] && standing.streams[0].isCurrent)
        #expect(try fixture.files() == before)
    }

    @Test func `the streams that made a row come newest first`() throws {
        let fixture = try ComparisonFixture(caughtUp: 60)
        let standing = try fixture.standing("pairs", "1", "2")
        #expect(standing.key == [.init("b", .integer(1)), .init("a", .integer(2))])
        #expect(standing.values == [.integer(2), .integer(1), .integer(58)])
        #expect(standing.changePositions == [58, 37, 16] && standing.changeCount == 3)
        #expect(standing.changes.map(\.stream.text) == ["cart-2", "cart-1", "cart-0"])
        #expect(standing.streams.map(\.stream.text) == ["cart-2", "cart-1", "cart-0"])
        #expect(standing.isCurrent && !standing.hasMoreStreams)
    }

    @Test func `only the last change of the newest streams is kept`() {
        func change(_ position: UInt64, _ stream: Int) -> RowStanding.Change {
            let name = StreamName("cart-\(stream)")
            return RowStanding.Change(
                position: Position(position),
                stream: name,
                type: EventType("T")
            )
        }
        var trace = RowTrace(nil)
        for (index, stream) in [0, 1, 2, 1, 3, 0, 4].enumerated() {
            trace.add(change(UInt64(index + 1), stream), leaving: [.integer(Int64(index))])
        }
        #expect(trace.changes.map(\.position.number) == [7, 6, 5, 4, 3] && !trace.hasMoreStreams)
        trace.add(change(8, 5), leaving: nil)
        #expect(trace.changes.map(\.position.number) == [8, 7, 6, 5, 4] && trace.hasMoreStreams)
        #expect(trace.changeCount == 8 && trace.values == nil && !trace.isMixed)
        for position in UInt64(9)...20 { trace.add(coming: change(position, 6)) }
        #expect(trace.coming.map(\.position.number) == [9, 10, 11, 12, 13])
        #expect(trace.comingCount == 12 && trace.changeCount == 8 && !trace.isMixed)
        trace.add(change(21, 0), leaving: nil)
        #expect(trace.isMixed)
    }

    @Test func `what the group has not come to is told where it changes the row`() throws {
        let fixture = try ComparisonFixture(caughtUp: 60)
        try fixture.append(3)
        // None of them is of the row's stream and handled.
        let untouched = try fixture.standing("totals", "cart-3")
        #expect(untouched.isCurrent && untouched.changeCount == 8)
        try fixture.append(77)
        let standing = try fixture.standing("pairs", "1", "2")
        #expect(!standing.isCurrent && standing.isEqual == true)
        #expect(standing.position == Position(60) && standing.changePositions == [58, 37, 16])
        #expect(standing.comingPositions == [79, 100, 121] && standing.comingCount == 3)
        #expect(
            standing.streams.map(\.stream.text) == [
                "cart-2", "cart-1", "cart-0", "cart-3", "cart-4",
            ]
        )
        #expect(standing.streams.allSatisfy { !$0.isCurrent && $0.remedy != nil })
        try fixture.run()
        let later = try fixture.standing("pairs", "1", "2")
        #expect(later.isCurrent && later.changePositions == [121, 100, 79, 58, 37])
    }

    @Test func `a row that is not there yet is told with the event that makes it`() throws {
        let fixture = try ComparisonFixture(caughtUp: 60)
        _ = try fixture.log.append(TestEvents.request(3, to: "cart-9", from: 60))
        let coming = try fixture.standing("totals", "cart-9")
        #expect(coming.values == nil && coming.changes == [] && coming.isEqual == true)
        #expect(coming.comingPositions == [61, 62] && !coming.isCurrent)
        #expect(coming.key == [.init("stream", .text("cart-9"))])
        #expect(coming.streams.map(\.stream.text) == ["cart-9"])
        let cause = try #require(coming.streams.first?.causes.first)
        #expect(cause.contains("the group is at position 60"), "\(cause)")

        let never = try fixture.standing("totals", "cart-10")
        #expect(never.values == nil && never.comingCount == 0 && never.isCurrent)
        #expect(never.streams == [])
    }

    @Test func `the row is told as it was at first, while the group goes on`() throws {
        let fixture = try ComparisonFixture(caughtUp: 60)
        var hasGoneOn = false
        let standing = try fixture.standing("pairs", "1", "2") { _, _ in
            guard !hasGoneOn else { return true }
            hasGoneOn = true
            do {
                try fixture.append(60)
                try fixture.run()
                return true
            } catch {
                return false
            }
        }
        #expect(hasGoneOn && standing.isCurrent && standing.position == Position(60))
        #expect(standing.values?.last == .integer(58) && standing.comingCount == 0)
        #expect(try fixture.standing("pairs", "1", "2").values?.last == .integer(100))
    }

    @Test func `the row and the position are of one moment, while the group runs`() throws {
        let fixture = try ComparisonFixture(caughtUp: 60)
        let request = RowStandingRequest(table: "totals", key: ["cart-9"])
        try fixture.run { _ in
            for number in 0..<400 {
                let events = TestEvents.request(3, to: "cart-9", from: UInt64(60 + 3 * number))
                _ = try fixture.log.append(events)
                let row = try RowInUse(request, of: fixture.group)
                // Of three events, the group handles the first two.
                let position = Int64(row.progress.token.position.number)
                let last = position % 3 == 0 ? position - 1 : position
                #expect(row.values?.last == (position > 60 ? .integer(last) : nil))
            }
        }
    }

    @Test func `a group that never ran has no row, and says what makes it`() throws {
        let fixture = try ComparisonFixture()
        try fixture.append(20)
        let standing = try fixture.standing("totals", "cart-0")
        #expect(standing.values == nil && standing.position == .start && !standing.isCurrent)
        #expect(standing.comingPositions == [1, 11, 16] && standing.changeCount == 0)
        #expect(standing.columns == ["stream", "count", "last"])
        #expect(!RealDisk().exists(fixture.log.directory.groups + "/ledger.sqlite"))
    }

    @Test func `a row that is not what its events make of it is told with what differs`() throws {
        let fixture = try ComparisonFixture(caughtUp: 60)
        try fixture.change("UPDATE totals SET count = count + 1 WHERE stream = 'cart-3'")
        try fixture.change("DELETE FROM totals WHERE stream = 'cart-1'")
        try fixture.change("INSERT INTO totals VALUES ('cart-9', 1, NULL)")
        let changed = try fixture.standing("totals", "cart-3")
        #expect(changed.isEqual == false && !changed.isCurrent)
        #expect(changed.difference?.kind == .updated)
        #expect(
            changed.difference?.columns == [.init("count", before: .integer(9), after: .integer(8))]
        )
        let deleted = try fixture.standing("totals", "cart-1")
        #expect(deleted.values == nil && deleted.difference?.kind == .inserted)
        #expect(deleted.changeCount == 8 && !deleted.isCurrent)
        let inserted = try fixture.standing("totals", "cart-9")
        #expect(inserted.values != nil && inserted.difference?.kind == .deleted)
        #expect(inserted.changeCount == 0 && !inserted.isCurrent)
        #expect(try fixture.standing("totals", "cart-2").isCurrent)

        fixture.projection.withLock {
            $0.tables[0] = "CREATE TABLE totals (stream TEXT PRIMARY KEY, count, last, x AS (1))"
        }
        let other = try fixture.standing("totals", "cart-2")
        #expect(other.isEqual == false && other.difference == nil && !other.isCurrent)
        #expect(other.notes.first?.contains("other columns or another primary key") == true)
        fixture.projection.withLock {
            $0.tables[0] = "CREATE TABLE totals (stream TEXT PRIMARY KEY, count, last)"
            $0.tables[2] = "CREATE TABLE pairs (a, b, n, PRIMARY KEY (a, b))"
        }
        #expect(try fixture.standing("totals", "cart-2").isCurrent)
        #expect(try fixture.standing("pairs", "2", "1").notes.count == 1)
    }

    @Test func `dead letters are left out, and told with the streams that wait`() throws {
        let fixture = try ComparisonFixture()
        fixture.projection.withLock { $0.poison = [7, 16] }
        try fixture.append(40)
        try fixture.run()
        let standing = try fixture.standing("totals", "cart-1")
        #expect(standing.isEqual == true && !standing.isCurrent)
        #expect(standing.deadLetterCount > 2 && standing.notes.count == 1)
        #expect(standing.changePositions == [2] && standing.changeCount == 1)
        #expect(standing.streams.first?.letters?.position == Position(7))
        #expect(standing.streams.first?.causes.first?.contains("poison") == true)
        // A sequence without letters is not held back by those of others.
        #expect(try fixture.standing("totals", "cart-3").isCurrent)
        // Whether a letter would have made a row is not known.
        #expect(try !fixture.standing("totals", "cart-9").isCurrent)
    }

    @Test func `events that the copy cannot handle are told`() throws {
        let fixture = try ComparisonFixture(caughtUp: 40)
        fixture.projection.withLock { $0.poison = [7] }
        let decided = try fixture.standing("totals", "cart-1")
        #expect(decided.isEqual == false && decided.failures == [])
        #expect(decided.notes.first?.contains("position 7, Tested0 in cart-1: poison") == true)
        let other = try fixture.standing("totals", "cart-3")
        #expect(other.isCurrent && other.notes.count == 1)

        fixture.projection.withLock { $0.poison = [43] }
        try fixture.append(20)
        let coming = try fixture.standing("totals", "cart-2")
        #expect(coming.failures == ["position 43, Tested0 in cart-2: poison"])
        #expect(coming.comingPositions == [53, 58] && !coming.isCurrent)

        fixture.projection.withLock { $0.poison = Set(1...1000) }
        try fixture.append(200)
        #expect(throws: OperationsError.self) { try fixture.standing("totals", "cart-2") }
    }

    @Test func `a copy that a failure spoils is begun again without the event`() throws {
        // What changes in a virtual table cannot be undone.
        let words = ScriptedProjection.words
        let failing = ScriptedProjection(name: words.name, tables: words.tables) { number, type in
            guard number == 10 else { return try words.statements(number, type) }
            return [
                "INSERT INTO counts VALUES ('spoiled', ?)", "INSERT INTO found VALUES (?)",
                "INSERT INTO counts VALUES ('spoiled', -?)",
            ]
        }
        let fixture = try ReplayFixture([failing])
        try fixture.append(20)
        func standing(_ key: String) throws -> RowStanding {
            try fixture.operations.standing(of: RowStandingRequest(table: "counts", key: [key]))
        }
        let counted = try standing("Tested0")
        #expect(counted.comingPositions == [1, 4, 13, 16, 19] && counted.comingCount == 5)
        #expect(counted.failures.count == 1 && !counted.isCurrent)
        #expect(counted.failures.first?.hasPrefix("position 10, Tested0 in cart-4: ") == true)
        #expect(counted.values == nil && counted.isEqual == true)
        #expect(try standing("spoiled").comingCount == 0)
    }

    @Test func `an event is told by the segment that it is of`() throws {
        let fixture = try ComparisonFixture(caughtUp: 60)
        // The streams with odd numbers are of the first segment.
        try fixture.storePositions(60, 30)
        try fixture.change("UPDATE pairs SET n = 37 WHERE b = 1 AND a = 2")
        let behind = try fixture.standing("pairs", "1", "2")
        #expect(behind.position == Position(30) && behind.isEqual == true)
        #expect(behind.changePositions == [37, 16] && behind.comingPositions == [58])
        #expect(behind.streams.map { $0.segment?.number } == [0, 1, 1])

        try fixture.storePositions(60, 10)
        let mixed = try fixture.standing("pairs", "1", "2")
        #expect(mixed.isEqual == nil && mixed.difference == nil && !mixed.isCurrent)
        #expect(mixed.changePositions == [37] && mixed.comingPositions == [16, 58])
        #expect(mixed.notes.first?.contains("cannot be compared") == true)
    }

    @Test func `what cannot be answered is refused with the reason`() throws {
        let fixture = try ComparisonFixture(caughtUp: 40)
        func error(_ body: () throws -> RowStanding) throws -> OperationsError {
            try #require(throws: OperationsError.self) { _ = try body() }
        }
        let missing = try error { try fixture.standing("nothing", "1") }
        #expect(missing.code == .notFound && missing.message.contains("entries, pairs, totals"))
        let other = try error { try fixture.standing("nothing", "1", group: "ledger") }
        #expect(other.message.contains("has no table nothing; there are entries, pairs, totals"))
        #expect(try error { try fixture.standing("totals", "1", group: "x") }.code == .notFound)
        let bare = try error { try fixture.standing("entries", "1") }
        #expect(bare.code == .refused && bare.message.contains("has no primary key"))
        let few = try error { try fixture.standing("pairs", "1") }
        #expect(few.code == .invalid && few.message.contains("is b, a, a value for each"))
        #expect(try error { try fixture.standing("totals") }.code == .invalid)
        #expect(try error { try fixture.standing("totals", "1", "2") }.code == .invalid)
        let stopped = try error { try fixture.standing("totals", "1") { at, _ in at.number < 32 } }
        #expect(stopped.code == .refused && stopped.message.contains("position 32 of 40"))
        try fixture.storePositions(60)
        let ahead = try error { try fixture.standing("totals", "1") }
        #expect(ahead.code == .refused && ahead.message.contains("ahead of the log"))
    }

    @Test func `a table that several groups have wants a group`() throws {
        let fixture = try ReplayFixture(
            ["first", "second"].map { name in
                ScriptedProjection(
                    name: name,
                    tables: ["CREATE TABLE t (id INTEGER PRIMARY KEY, n)"]
                ) { number, _ in
                    ["DELETE FROM t WHERE id = ?1 % 3", "INSERT INTO t VALUES (?1 % 3, ?1 / 7)"]
                }
            }
        )
        try fixture.append(20)
        var request = RowStandingRequest(table: "t", key: ["2"])
        let error = try #require(throws: OperationsError.self) {
            _ = try fixture.operations.standing(of: request)
        }
        #expect(error.code == .invalid && error.message.contains("first, second"))
        request.group = "second"
        // What is deleted and inserted again as it was is no change.
        let standing = try fixture.operations.standing(of: request)
        #expect(standing.group == "second" && standing.comingPositions == [2, 8, 17])
    }
}
