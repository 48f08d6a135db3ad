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

@Suite struct ComparisonAnswerTests {
    @Test func `rows that nobody touched are equal to rebuilt ones, batch or not`() throws {
        let fixture = try ComparisonFixture(caughtUp: 90)
        for _ in 0..<3 {
            let comparison = try fixture.compare()
            #expect(comparison.isEqual && comparison.notes == [] && comparison.failures == [])
            #expect(comparison.position == Position(try fixture.log.head().number))
            #expect(comparison.digest == comparison.counterpartDigest)
            #expect(comparison.tables.allSatisfy { $0.inUse == $0.counterpart })
            #expect(comparison.tables.allSatisfy { $0.differentCount == 0 && $0.changes == [] })
            // The largest first.
            #expect(comparison.tables.map(\.name) == ["entries", "pairs", "totals"])
            try fixture.append(7)
            try fixture.run()
        }
        // Nothing of the copies is left, and nothing was asked for.
        let files = try RealDisk().names(in: fixture.log.directory.groups).sorted()
        #expect(files.filter { !$0.hasPrefix("ledger.sqlite") } == ["ledger.claim"])
        #expect(try fixture.operations.operations(limit: 1) == [])
    }

    @Test func `rows changed by hand are found with what they should be`() throws {
        let fixture = try ComparisonFixture(caughtUp: 60)
        try fixture.change("UPDATE totals SET count = count + 1 WHERE stream = 'cart-3'")
        try fixture.change("DELETE FROM totals WHERE stream = 'cart-1'")
        try fixture.change("INSERT INTO totals VALUES ('cart-9', 1, NULL)")
        try fixture.change("UPDATE pairs SET n = CAST(n AS TEXT) WHERE a = 2 AND b = 1")
        try fixture.change("INSERT INTO entries SELECT * FROM entries LIMIT 5")
        let comparison = try fixture.compare()
        #expect(!comparison.isEqual && comparison.notes == [])
        #expect(comparison.tables.map(\.name) == ["entries", "totals", "pairs"])
        #expect(comparison.tables.map(\.onlyInUseCount) == [5, 1, 0])
        #expect(comparison.tables.map(\.onlyCounterpartCount) == [0, 1, 0])
        #expect(comparison.tables.map(\.changedCount) == [0, 1, 1])
        let changes = comparison.tables[1].changes
        #expect(changes.map(\.kind) == [.inserted, .updated, .deleted])
        #expect(
            changes.map { $0.key.map(\.value) }
                == [3, 1, 9].sorted().map { number in
                    [.text("cart-\(number)")]
                }
        )
        #expect(changes[1].columns == [.init("count", before: .integer(9), after: .integer(8))])
        let pair = try #require(comparison.tables[2].changes.first)
        #expect(pair.key.map(\.name) == ["b", "a"])
        guard case .text? = pair.columns.first?.before, case .integer? = pair.columns.first?.after
        else { return #expect(Bool(false), "\(pair)") }

        // One table alone, and a table that is as it should be.
        let pairs = try fixture.compare(table: "pairs")
        #expect(pairs.tables.map(\.name) == ["pairs"] && !pairs.isEqual)
        try fixture.change("UPDATE pairs SET n = CAST(n AS INTEGER)")
        #expect(try fixture.compare(table: "pairs").isEqual)
        #expect(try !fixture.compare().isEqual)
    }

    @Test func `operations lead to the rows that a rebuild makes, and undoing to those before`()
        throws
    {
        for isShadow in [false, true] {
            let fixture = try ComparisonFixture(caughtUp: 200)
            let before = try fixture.digest()
            let request = ReplayRequest(group: "ledger", isShadow: isShadow)
            #expect(try fixture.obey(.replay(request)).contains("completed"))
            #expect(try fixture.digest() == before, "\(isShadow)")
            #expect(try fixture.compare().isEqual && fixture.compare(.kept).isEqual)
            try fixture.append(30)
            try fixture.run()
            let after = try fixture.digest()
            #expect(after != before)
            // The kept rows are brought to where those in use are.
            let kept = try fixture.compare(.kept)
            #expect(kept.isEqual && kept.digest == after.description)
            let undone = try #require(try fixture.operations.processors().first?.kept?.operation)
            #expect(
                try fixture.obey(.undo(group: "ledger", operation: undone)).contains("completed")
            )
            #expect(try fixture.digest() == after)
            #expect(try fixture.compare().isEqual)
        }
    }

    @Test func `undoing gives back exactly the rows of before, whatever came in their place`()
        throws
    {
        let fixture = try ComparisonFixture(caughtUp: 200)
        try fixture.change("UPDATE totals SET count = 1000 WHERE stream = 'cart-2'")
        let before = try fixture.digest()
        for isShadow in [false, true] {
            fixture.projection.withLock { $0.step = 2 }
            try fixture.obey(.replay(ReplayRequest(group: "ledger", isShadow: isShadow)))
            #expect(try fixture.compare().isEqual)
            let kept = try fixture.compare(.kept)
            #expect(!kept.isEqual && kept.tables.first?.name == "totals")
            #expect(kept.tables.map(\.changedCount) == [5, 0, 0])
            let undone = try #require(try fixture.operations.processors().first?.kept?.operation)
            try fixture.obey(.undo(group: "ledger", operation: undone))
            #expect(try fixture.digest() == before, "\(isShadow)")
        }
    }

    @Test func `what the group puts aside and skips is left out of the copy too`() throws {
        let fixture = try ComparisonFixture()
        fixture.projection.withLock { $0.poison = [7, 16] }
        try fixture.append(40)
        try fixture.obey(.skip(group: "ledger", Position(16)))
        // The copy could handle them by today's definition.
        fixture.projection.withLock { $0.poison = [] }
        let comparison = try fixture.compare()
        #expect(comparison.isEqual)
        let count = try #require(try fixture.operations.processors().first?.deadLetterCount)
        #expect(count > 1)
        #expect(comparison.notes.count == 1 && comparison.notes[0].contains("all \(count) too"))

        // Handled late, and therefore in another order than the copy handles them.
        let retry = RetryRequest(group: "ledger", letters: .all)
        #expect(try fixture.obey(.retry(retry)).contains("completed"))
        let late = try fixture.compare()
        #expect(late.tables.map(\.changedCount).reduce(0, +) > 0 && !late.isEqual)
        #expect(late.notes.contains { $0.contains("handled later") })
        // Rows that do not depend on the order are equal all the same.
        #expect(try fixture.compare(table: "entries").isEqual)
        // New rows are those of the order.
        try fixture.obey(.replay(ReplayRequest(group: "ledger")))
        let replayed = try fixture.compare()
        #expect(replayed.isEqual && replayed.notes == [])
        try fixture.change("DELETE FROM entries")
        #expect(try fixture.compare().notes.isEmpty)
    }

    @Test func `an event that only the copy cannot handle is a finding`() throws {
        let fixture = try ComparisonFixture(caughtUp: 3000)
        let poison: [UInt64] = [2, 2500]
        fixture.projection.withLock { $0.poison = Set(poison) }
        let comparison = try fixture.compare()
        #expect(comparison.failures.count == 2 && !comparison.isEqual)
        for (failure, number) in zip(comparison.failures, poison) {
            #expect(failure.hasPrefix("position \(number), ") && failure.hasSuffix("poison"))
        }
        #expect(comparison.position == Position(3000))
        let entries = comparison.tables.first { $0.name == "entries" }
        #expect(entries?.onlyInUseCount == 2 && entries?.onlyCounterpartCount == 0)
        // Also where the rows are the same, because of later events.
        let pairs = try fixture.compare(table: "pairs")
        #expect(pairs.digest == pairs.counterpartDigest && !pairs.isEqual)
        // Everything failing is not compared at all.
        fixture.projection.withLock { $0.poison = Set(1...3000) }
        #expect(code { _ = try fixture.compare() } == .finding)
    }

    @Test func `discarded events that fail again are no finding`() throws {
        let fixture = try ComparisonFixture()
        fixture.projection.withLock { $0.poison = [40] }
        try fixture.append(40)
        try fixture.run()
        try fixture.obey(.discard(group: "ledger", .all))
        let comparison = try fixture.compare()
        #expect(comparison.failures.count == 1 && comparison.isEqual)
        fixture.projection.withLock { $0.poison = [] }
        let mended = try fixture.compare()
        #expect(!mended.isEqual && mended.failures == [])
        #expect(mended.notes.contains { $0.contains("discarded by 1 operations") })
    }

    @Test func `a definition that was changed since is told`() throws {
        let fixture = try ComparisonFixture(caughtUp: 30)
        fixture.projection.withLock {
            $0.tables[1] = "CREATE TABLE entries (stream, type, more GENERATED ALWAYS AS (1))"
        }
        let comparison = try fixture.compare()
        #expect(comparison.tables.filter(\.hasOtherColumns).map(\.name) == ["entries"])
        #expect(comparison.notes.contains { $0.contains("defined otherwise") })
    }

    @Test func `events that were handled by other rules are told`() throws {
        let fixture = try ComparisonFixture(caughtUp: 30)
        fixture.projection.withLock { $0.step = 2 }
        func told() throws -> [String] { try fixture.compare().notes }
        #expect(try told().map { $0.contains("up to position 30 were") } == [true])
        try fixture.append(10)
        try fixture.run()
        #expect(try told().map { $0.contains("up to position 30 were") } == [true])
        fixture.projection.withLock { $0.step = 1 }
        #expect(try told().map { $0.contains("up to position 40 were") } == [true])
        try fixture.obey(.replay(ReplayRequest(group: "ledger")))
        try fixture.change("DELETE FROM entries")
        #expect(try told() == [])
    }

    @Test func `letters that the group tried again by itself are told`() throws {
        let fixture = try ComparisonFixture()
        fixture.projection.withLock { $0.poison = [7] }
        try fixture.append(40)
        try fixture.run()
        fixture.projection.withLock { $0.poison = [] }
        func letterCount() throws -> Int? {
            try fixture.operations.processors().first.map { Int($0.deadLetterCount) }
        }
        let count = try #require(try letterCount())
        #expect(count > 1)
        fixture.clock.advance(bySeconds: 2)
        let deadline = ContinuousClock.now + .seconds(60)
        try fixture.run { _ in
            while try letterCount() != 0 {
                try #require(ContinuousClock.now < deadline, "the letters are never tried")
                _ = try fixture.log.wait(after: Position(.max), timeoutMilliseconds: 5)
            }
        }
        let comparison = try fixture.compare()
        #expect(!comparison.isEqual && comparison.notes.count == 1)
        let told = "\(count) dead letters of positions 7 to "
        #expect(comparison.notes.first?.contains(told) == true)
        try fixture.obey(.replay(ReplayRequest(group: "ledger")))
        #expect(try fixture.compare().isEqual)
    }

    @Test func `the group goes on while its rows are compared`() throws {
        let fixture = try ComparisonFixture(caughtUp: 5000)
        let builtCount = Mutex(0)
        try fixture.run { host in
            let comparison = try fixture.compare { [fixture] stage in
                // Between the batches of the copy the group comes further.
                guard case .building = stage,
                    builtCount.withLock({
                        $0 += 1; return $0
                    }) < 4
                else { return true }
                try? fixture.append(10)
                _ = try? host.waitUntilDecided(fixture.log.head())
                return true
            }
            #expect(comparison.isEqual)
            #expect(comparison.position > Position(5000))
        }
        #expect(builtCount.withLock { $0 } > 3)
    }

    @Test func `letters that are handled meanwhile are in the copy too`() throws {
        let fixture = try ComparisonFixture()
        fixture.projection.withLock { $0.poison = [7] }
        try fixture.append(40)
        try fixture.run()
        fixture.projection.withLock { $0.poison = [] }
        let isAsked = Mutex(false)
        let comparison = try fixture.compare { [fixture] stage in
            guard case .building(let reached, let last) = stage, reached == last else {
                return true
            }
            let isFirst = isAsked.withLock { isAsked in
                defer { isAsked = true }
                return !isAsked
            }
            guard isFirst else { return true }
            let retry = RetryRequest(group: "ledger", letters: .all)
            _ = try? fixture.obey(.retry(retry))
            return true
        }
        #expect(isAsked.withLock { $0 } && comparison.position > Position(40))
        let differing = comparison.tables.filter { $0.inUse != $0.counterpart }
        #expect(differing.map(\.name) == ["pairs"])
        #expect(!comparison.notes.contains { $0.contains("dead letters wait") })
    }

    @Test func `rows that are replaced meanwhile are not compared`() throws {
        let fixture = try ComparisonFixture(caughtUp: 100)
        let isAsked = Mutex(false)
        let error = code {
            _ = try fixture.compare { [fixture] _ in
                let isFirst = isAsked.withLock { isAsked in
                    defer { isAsked = true }
                    return !isAsked
                }
                if isFirst { _ = try? fixture.obey(.replay(ReplayRequest(group: "ledger"))) }
                return true
            }
        }
        #expect(error == .refused)
        #expect(try fixture.compare().isEqual)
    }

    @Test func `what cannot be compared is refused`() throws {
        let fixture = try ComparisonFixture()
        #expect(code { _ = try fixture.compare() } == .notFound)
        try fixture.append(10)
        try fixture.run()
        #expect(code { _ = try fixture.compare(table: "nowhere") } == .notFound)
        #expect(code { _ = try fixture.compare(.kept) } == .notFound)
        #expect(code { _ = try fixture.compare { _ in false } } == .refused)
        let request = ReadModelComparisonRequest(group: "nobody")
        #expect(code { _ = try fixture.operations.compare(request) } == .notFound)
        // A log that was restored to before what the group has seen.
        try fixture.change("UPDATE recount_progress SET position = position + 100")
        #expect(code { _ = try fixture.compare() } == .refused)
    }

    @Test func `a group that lost an event does not add up, and the doctor says so first`() throws {
        let fixture = try ComparisonFixture()
        fixture.projection.withLock { $0.poison = [7] }
        try fixture.append(40)
        try fixture.run()
        let status = try #require(try fixture.operations.processors().first?.accounting)
        #expect(status.isComplete && status.positionCount == 40 && status.after == .start)
        #expect(status.filtered == 13 && status.deadLettered > 0)
        #expect(try fixture.operations.problemsInUse().allSatisfy { $0.severity < .critical })
        try fixture.change("UPDATE recount_progress SET handled = handled - 1")
        let lost = try #require(try fixture.operations.processors().first?.accounting)
        #expect(!lost.isComplete && lost.total == 39)
        let problem = try #require(try fixture.operations.problemsInUse().first)
        #expect(problem.severity == .critical)
        #expect(problem.summary.hasPrefix("ledger accounts for 39 of 40 events after position 0"))
    }

    @Test func `a replay of some events decides none anew`() throws {
        let fixture = try Fixture(groups: ["careful"])
        try fixture.append(10, to: "cart-1")
        let replay = TrackingToken.Replay(
            resetPosition: Position(10),
            startPosition: Position(2),
            startTime: .epoch,
            operation: EventID(high: 1, low: 1)
        )
        let progress = GroupProgress(
            token: TrackingToken(position: Position(5), replay: replay),
            accounting: Accounting(handled: 9, skipped: 1)
        )
        try fixture.store(progress, of: "careful")
        let accounting = try #require(try fixture.operations.processors().first?.accounting)
        #expect(accounting.isComplete && accounting.through == Position(10))
    }

    private func code(_ body: () throws -> Void) -> OperationsError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? OperationsError)?.code
        }
    }
}
