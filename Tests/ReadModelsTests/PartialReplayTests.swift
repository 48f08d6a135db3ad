import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Synchronization
import Testing

/// Counts how often each event was handled, so that a second time shows.
private struct TallyProjection: Projection {
    let name = "tally"
    let tables = ["CREATE TABLE tally (position INTEGER PRIMARY KEY, times INTEGER NOT NULL)"]
    let eventTypes: [EventType]? = nil
    /// It is not, which is what lets the tests see; it says so for the replays to be allowed.
    var isIdempotent = true
    var poison: Set<UInt64> = []

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        let upsert = try database.prepare(
            "INSERT INTO tally VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1"
        )
        return Handler(poison: poison, upsert: upsert)
    }

    private final class Handler: ProjectionHandler {
        let poison: Set<UInt64>
        let upsert: SQLiteStatement

        init(poison: Set<UInt64>, upsert: SQLiteStatement) {
            self.poison = poison
            self.upsert = upsert
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            if poison.contains(event.position.number) { throw Poison() }
            try upsert.bind(.integer(Int64(event.position.number)), at: 1)
            try upsert.run()
            return true
        }
    }
}

private struct Poison: Error {}

private typealias Fixture = GroupFixture<TallyProjection>

extension GroupFixture<TallyProjection> {
    /// Four streams with ten events each, one after the other in turns, all decided.
    fileprivate convenience init(poison: Set<UInt64> = []) throws {
        var projection = TallyProjection()
        projection.poison = poison
        self.init(projection)
        for number in 0..<40 {
            let request = TestEvents.request(1, to: "cart-\(number % 4)", from: UInt64(number))
            _ = try store.append(request)
        }
        try run("tally") { host in _ = try host.waitUntilDecided(Position(40)) }
    }

    /// Replays what is chosen, and waits for the end.
    fileprivate func replay(
        after start: UInt64 = 0,
        _ selection: ReplaySelection,
        _ number: UInt64 = 1
    ) throws -> OperationOutcome.Result? {
        try run("tally") { host in
            try ask(
                .replay(
                    group: "tally",
                    after: Position(start),
                    rateLimit: nil,
                    selection: selection
                ),
                number
            )
            try wait { ![nil, .started].contains(try result(of: number)) }
            _ = try host.waitUntilDecided(store.head())
        }
        return try result(of: number)
    }

    /// The positions that were handled so often.
    fileprivate func positions(handled times: Int64) throws -> [Int64] {
        let database = try #require(try GroupObserver(files: group("tally").files).openDatabase())
        let rows = try database.prepare(
            "SELECT position FROM tally WHERE times = ? AND position <= 40 ORDER BY position"
        )
        try rows.bind(.integer(times), at: 1)
        var positions: [Int64] = []
        while try rows.step() { positions.append(rows.integer(at: 0)) }
        return positions
    }

    fileprivate func accounting() throws -> Accounting {
        let progress = try #require(try observe("tally").progress)
        #expect(progress.isAccountedFor)
        var accounting = progress.accounting
        // What operators said is filtered.
        accounting.filtered -= store.head().number - 40
        return accounting
    }
}

@Suite struct PartialReplayTests {
    @Test func `only the chosen events are handled again, and nothing is counted twice`() throws {
        let cart = ReplaySelection(streams: [StreamName("cart-1")])
        let type = ReplaySelection(types: [TestEvents.type(0)])
        let both = ReplaySelection(
            end: Position(30),
            streams: [StreamName("cart-1"), StreamName("cart-2")],
            types: [TestEvents.type(0)]
        )
        for (start, selection) in [(0, cart), (12, cart), (0, type), (6, both)] {
            let fixture = try Fixture()
            #expect(try fixture.replay(after: UInt64(start), selection) == .completed)
            let chosen = (1...40).filter { position in
                position > start && position <= selection.end?.number ?? 40
                    && (selection.streams.isEmpty
                        || selection.streams.contains(StreamName("cart-\((position - 1) % 4)")))
                    && (selection.types.isEmpty
                        || selection.types.contains(TestEvents.type(UInt64(position - 1))))
            }
            #expect(!chosen.isEmpty)
            #expect(try fixture.positions(handled: 2) == chosen.map { Int64($0) })
            #expect(try fixture.positions(handled: 1).count == 40 - chosen.count)
            #expect(try fixture.accounting() == Accounting(handled: 40))
            let token = try fixture.observe("tally").progress?.token
            #expect(token?.replay == nil && token?.position == fixture.store.head())
        }
    }

    @Test func `dead letters stay, and new ones hold back what was handled before`() throws {
        // Stream cart-0 has positions 1, 5, 9, …; cart-1 has 2, 6, 10, ….
        let fixture = try Fixture(poison: [5])
        #expect(try fixture.accounting() == Accounting(handled: 31, deadLettered: 9))
        fixture.projection.withLock { $0.poison = [5, 30] }
        #expect(try fixture.replay(ReplaySelection(end: Position(40))) == .completed)
        #expect(try fixture.accounting() == Accounting(handled: 28, deadLettered: 12))
        let letters = try GroupObserver(files: fixture.group("tally").files).letters(limit: 9)
        #expect(letters.map(\.first.position) == [Position(5), Position(30)])
        #expect(letters.map(\.count) == [9, 3])
    }

    @Test func `a group that is not idempotent refuses, and so does one that replays`() throws {
        let fixture = try Fixture()
        fixture.projection.withLock { $0.isIdempotent = false }
        #expect(try fixture.replay(ReplaySelection(end: Position(9))) == .refused)
        #expect(try fixture.replay(after: 9, ReplaySelection(), 2) == .refused)
        fixture.projection.withLock { $0.isIdempotent = true }
        #expect(try fixture.replay(after: 9, ReplaySelection(end: Position(9)), 3) == .refused)
        #expect(try fixture.positions(handled: 1).count == 40)
    }
}
