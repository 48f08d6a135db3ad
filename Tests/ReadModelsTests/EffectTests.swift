import EventModel
import EventStorage
import RecountTesting
import Synchronization
import Testing

@testable import Processing
@testable import ReadModels

@Suite struct EffectTests {
    private typealias Fixture = GroupFixture<MailProjection>
    private let mails = Mails()

    @Test func `what an event asks for is performed once, after its rows are stored`() throws {
        let fixture = Fixture(mails)
        try fixture.append(3)
        try fixture.handle()
        #expect(mails.sent.isEmpty)
        #expect(try fixture.waiting().map(\.payload) == (1...3).map { "{\"number\":\($0)}" })
        try fixture.perform()
        try fixture.perform()
        #expect(mails.sent == [1, 2, 3])
        #expect(try fixture.waiting().isEmpty)
        #expect(
            try fixture.reports()
                == Array(repeating: [.started, .completed], count: 3).flatMap(\.self)
        )
    }

    @Test func `a group that handles and one that performs do not wait for each other`() throws {
        let fixture = Fixture(mails)
        let effects = EffectHost(
            [fixture.group("mails")],
            store: fixture.store,
            now: fixture.clock.now
        )
        defer { effects.stop() }
        try fixture.append(40, to: "cart-1")
        try fixture.run("mails") { host in
            _ = try host.waitUntilDecided(Position(40))
            try fixture.wait { mails.sent.count == 40 }
        }
        #expect(mails.sent == Array(1...40))
    }

    @Test(arguments: [false, true])
    func `a replay asks for nothing, and keeps what waits`(isShadow: Bool) throws {
        let fixture = Fixture(mails)
        try fixture.append(2)
        try fixture.handle()
        try fixture.perform()
        try fixture.append(2)
        let last = fixture.store.head().number
        try fixture.handle()
        let waiting = try fixture.waiting().map(\.position.number)
        #expect(waiting.last == last && waiting.count == 2)
        try fixture.replay(isShadow: isShadow)
        #expect(try fixture.waiting().map(\.position.number) == waiting)
        try fixture.perform()
        #expect(mails.sent == [1, 2] + waiting)
    }

    @Test(arguments: [0, 2] as [UInt64])
    func `a kind that runs on replay is performed only where it never was`(start: UInt64) throws {
        let fixture = Fixture(mails)
        fixture.projection.withLock { $0.since = Timestamp(microseconds: .max) }
        try fixture.append(3)
        try fixture.handle()
        fixture.projection.withLock {
            $0.since = nil
            $0.runsOnReplay = true
        }
        try fixture.append(1)
        try fixture.handle()
        try fixture.perform()
        #expect(mails.sent == [4])
        try fixture.replay(after: start)
        try fixture.perform()
        try fixture.replay(2)
        try fixture.perform()
        #expect(mails.sent.sorted() == [1, 2, 3, 4])
        #expect(try fixture.waiting().isEmpty)
    }

    @Test func `undoing a replay performs nothing again`() throws {
        let fixture = Fixture(mails)
        try fixture.append(3)
        try fixture.handle()
        try fixture.replay()
        try fixture.append(1)
        let last = fixture.store.head().number
        try fixture.handle()
        try fixture.perform()
        #expect(mails.sent == [1, 2, 3, last])
        // The rows of before have not seen the last event, and have effects waiting.
        try fixture.obey(
            .undo(group: "mails", operation: EventID(high: 0x0A5C, low: 1)),
            2
        )
        #expect(try fixture.waiting().count == 4)
        try fixture.perform()
        #expect(mails.sent == [1, 2, 3, last])
        #expect(try fixture.waiting().isEmpty)
    }

    @Test func `undoing a replay brings no effect back that was done since`() throws {
        let fixture = Fixture(mails)
        mails.failing = [1]
        try fixture.append(2, to: "cart-1")
        try fixture.handle()
        for seconds in [0, 1.0, 10, 60] {
            fixture.clock.advance(bySeconds: seconds)
            try fixture.perform()
        }
        let failed = try #require(try fixture.waiting().first)
        #expect(failed.obstacle == .failed)
        try fixture.replay()
        mails.failing = []
        try fixture.obey(.effect(group: "mails", effect: failed.id, wish: .retry), 2)
        try fixture.perform()
        #expect(mails.sent == [1, 2])
        try fixture.obey(
            .undo(group: "mails", operation: EventID(high: 0x0A5C, low: 1)),
            3
        )
        #expect(try fixture.waiting().count == 2)
        try fixture.perform()
        #expect(try fixture.waiting().isEmpty && mails.sent == [1, 2])
    }

    @Test func `a letter that is tried again asks once, and a failed one has not asked`() throws {
        let fixture = Fixture(mails)
        fixture.projection.withLock { $0.poison = [2] }
        try fixture.append(3)
        try fixture.handle()
        try fixture.perform()
        #expect(mails.sent == [1, 3])
        fixture.projection.withLock { $0.poison = [] }
        for number in 1...2 as ClosedRange<UInt64> {
            try fixture.obey(
                .retry(group: "mails", letters: .all, rateLimit: nil, stopsAtFailure: true),
                number
            )
            try fixture.perform()
        }
        #expect(mails.sent == [1, 3, 2])
    }

    @Test func `a group that begins anew performs nothing again`() throws {
        let fixture = Fixture(mails)
        mails.failing = [2]
        try fixture.append(3)
        try fixture.handle()
        try fixture.perform()
        try fixture.removeFiles()
        try fixture.handle()
        #expect(try fixture.waiting().count == 3)
        try fixture.perform()
        #expect(mails.sent == [1, 3])
        let waiting = try fixture.waiting()
        #expect(waiting.map(\.position) == [Position(2)] && waiting[0].attempts == 1)
    }

    @Test func `what fails is tried after 1, 10 and 60 seconds, then when asked`() throws {
        let fixture = Fixture(mails)
        mails.failing = [1]
        try fixture.append(2, to: "cart-1")
        try fixture.append(1)
        try fixture.handle()
        for (attempt, seconds) in [1.0, 10, 60].enumerated() {
            try fixture.perform()
            #expect(try fixture.waiting().first?.attempts == attempt + 1)
            fixture.clock.advance(bySeconds: seconds / 2)
            try fixture.perform()
            #expect(try fixture.waiting().first?.attempts == attempt + 1)
            fixture.clock.advance(bySeconds: seconds / 2)
        }
        try fixture.perform()
        fixture.clock.advance(bySeconds: 1000)
        try fixture.perform()
        let failed = try #require(try fixture.waiting().first)
        #expect(failed.attempts == 4 && failed.obstacle == .failed && failed.cause == "Poison()")
        // The one behind it in the stream waits, the other stream does not.
        #expect(mails.sent == [3])
        mails.failing = []
        try fixture.obey(.effect(group: "mails", effect: failed.id, wish: .retry), 1)
        try fixture.perform()
        #expect(mails.sent == [3, 1, 2])
        #expect(try fixture.waiting().isEmpty)
    }

    @Test func `however many wait for an operator, the others are performed`() throws {
        let fixture = Fixture(mails)
        mails.failing = Set(1...70)
        try fixture.append(71)
        try fixture.handle()
        for seconds in [0, 1.0, 10, 60] {
            fixture.clock.advance(bySeconds: seconds)
            try fixture.perform()
        }
        #expect(mails.sent == [71])
        #expect(try fixture.waiting().count { $0.obstacle == .failed } == 70)
        try fixture.append(1)
        let last = fixture.store.head().number
        try fixture.handle()
        try fixture.perform()
        #expect(mails.sent == [71, last])
    }

    @Test func `what nothing performs waits, and can be given up`() throws {
        let fixture = Fixture(mails)
        try fixture.append(1)
        try fixture.handle()
        fixture.projection.withLock { $0.kind = "letter" }
        try fixture.perform()
        let waiting = try #require(try fixture.waiting().first)
        #expect(waiting.kind == "mail" && waiting.attempts == 0 && mails.sent.isEmpty)
        try fixture.obey(.effect(group: "mails", effect: waiting.id, wish: .giveUp), 1)
        try fixture.perform()
        #expect(try fixture.waiting().isEmpty && mails.sent.isEmpty)
        #expect(try fixture.reports() == [.givenUp])
    }

    @Test func `what is given up is never performed, whoever asks for it again`() throws {
        let fixture = Fixture(mails)
        mails.failing = [1]
        try fixture.append(2, to: "cart-1")
        try fixture.handle()
        try fixture.perform()
        mails.failing = []
        let failed = try #require(try fixture.waiting().first)
        try fixture.obey(.effect(group: "mails", effect: failed.id, wish: .giveUp), 1)
        try fixture.perform()
        #expect(mails.sent == [2])
        try fixture.removeFiles()
        try fixture.handle()
        try fixture.perform()
        #expect(mails.sent == [2])
        try fixture.obey(.effect(group: "mails", effect: failed.id, wish: .retry), 2)
        #expect(try fixture.result(of: 2) == .refused)
    }

    @Test func `events recorded before a time ask for nothing`() throws {
        let fixture = Fixture(mails)
        try fixture.append(2)
        fixture.projection.withLock { $0.since = fixture.clock.now() }
        try fixture.append(1)
        try fixture.handle()
        try fixture.perform()
        #expect(mails.sent == [3])
    }

    @Test func `only one process performs the effects of a group`() throws {
        let fixture = Fixture(mails)
        try fixture.append(1)
        try fixture.handle()
        var queue = try fixture.group("mails").openEffects()
        try #require(queue != nil)
        try fixture.perform()
        #expect(mails.sent.isEmpty)
        #expect(try GroupObserver(files: fixture.group("mails").files).isPerformed())
        queue = nil
        try fixture.perform()
        #expect(mails.sent == [1])
    }

    @Test(arguments: 0..<6)
    func `a crash between any two steps never performs twice`(step: Int) throws {
        let fixture = Fixture(mails)
        try fixture.append(1)
        try fixture.handle()
        try fixture.perform(dyingAt: step)
        let known = mails.sent.count
        try fixture.perform()
        try fixture.perform()
        #expect(mails.sent.count <= 1)
        let waiting = try fixture.waiting()
        // Whatever was begun and not told the end of is in doubt, whether it was sent or not.
        let isInDoubt = waiting.first?.obstacle == .inDoubt
        #expect(isInDoubt == (1...2).contains(step), "\(step)")
        #expect(isInDoubt ? mails.sent.count == known : mails.sent == [1])
        guard let doubtful = waiting.first else { return }
        try fixture.replay()
        try fixture.perform()
        #expect(mails.sent.count == known)
        try fixture.obey(.effect(group: "mails", effect: doubtful.id, wish: .retry), 2)
        try fixture.perform()
        #expect(mails.sent.count == known + 1)
        #expect(try fixture.waiting().isEmpty)
    }
}
