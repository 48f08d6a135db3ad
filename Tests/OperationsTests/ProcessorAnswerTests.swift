import Disk
import EventModel
import EventStorage
import OperationsModel
import Processing
import ReadModels
import RecountTesting
import Testing

@testable import Operations

@Suite struct ProcessorAnswerTests {
    /// What is known of a group; each member says the unusual.
    private struct Facts {
        var isAhead = false
        var hasOwner = true
        var isPaused = false
        var fails = false
        var heartbeatSeconds = 1.0
        var advancedSeconds = 1.0
        var lag: UInt64 = 0
        var isReplaying = false
        var lagSeconds = 99.0

        var state: ProcessorStatus.State {
            let head = Position(1000)
            let status = ProcessorStatus(
                group: "g",
                state: .live,
                position: isAhead ? Position(1001) : Position(1000 - lag),
                head: head,
                lagSeconds: lagSeconds,
                ratePerSecond: 0,
                owner: hasOwner ? "1@h" : nil,
                heartbeatSeconds: hasOwner ? heartbeatSeconds : nil,
                failure: fails ? "f" : nil,
                replay: isReplaying
                    ? ProcessorStatus.Replay(
                        operation: EventID(high: 0, low: 0),
                        from: .start,
                        to: head,
                        startTime: .epoch
                    ) : nil,
                pauseReason: isPaused ? "r" : nil
            )
            return status.judged(advancedSeconds: advancedSeconds)
        }
    }

    private static let judged: [(Facts, ProcessorStatus.State)] = [
        (Facts(), .live),
        (Facts(lag: 100), .live),
        (Facts(lag: 101), .catchingUp),
        (Facts(lag: 900, isReplaying: true), .replaying),
        (Facts(isReplaying: true), .replaying),
        (Facts(isPaused: true), .paused),
        (Facts(isPaused: true, lag: 900), .paused),
        (Facts(isPaused: true, advancedSeconds: 99, lag: 900), .paused),
        (Facts(isPaused: true, lag: 900, isReplaying: true), .paused),
        (Facts(isPaused: true, fails: true), .paused),
        (Facts(fails: true, lag: 1), .failing),
        (Facts(fails: true, heartbeatSeconds: 99, lag: 1), .failing),
        (Facts(fails: true, lag: 1, isReplaying: true), .failing),
        (Facts(heartbeatSeconds: 30), .live),
        (Facts(heartbeatSeconds: 31), .stalled),
        (Facts(advancedSeconds: 99), .live),
        (Facts(advancedSeconds: 31, lag: 1), .stalled),
        (Facts(advancedSeconds: 30, lag: 1), .live),
        (Facts(advancedSeconds: 99, lag: 1, lagSeconds: 30), .live),
        (Facts(advancedSeconds: 99, lag: 500, lagSeconds: 31), .stalled),
        (Facts(advancedSeconds: 99, lag: 500, isReplaying: true), .stalled),
        (Facts(hasOwner: false), .noHost),
        (Facts(hasOwner: false, isPaused: true), .noHost),
        (Facts(hasOwner: false, fails: true, lag: 5), .noHost),
        (Facts(hasOwner: false, lag: 900, isReplaying: true), .noHost),
        (Facts(isAhead: true), .aheadOfHistory),
        (Facts(isAhead: true, hasOwner: false, isPaused: true, fails: true), .aheadOfHistory),
    ]

    @Test(arguments: judged.indices)
    func `the state follows from the facts`(index: Int) {
        let (facts, state) = ProcessorAnswerTests.judged[index]
        #expect(facts.state == state, "\(facts)")
    }

    @Test func `a group that never ran stands at the start with all events before it`() throws {
        let fixture = try Fixture()
        try fixture.append(3, to: "cart-1")
        fixture.clock.advance(bySeconds: 50)
        let all = try fixture.operations.processors()
        #expect(all.map(\.group) == ["careful", "simple"])
        let status = all[1]
        #expect(status.state == .noHost && status.position == .start && status.lagEvents == 3)
        #expect(status.lagSeconds > 49 && status.lagSeconds < 51)
        #expect(status.owner == nil && status.heartbeatSeconds == nil && status.replay == nil)
        #expect(status.projections == ["simple"] && status.tables == ["seen"])
    }

    @Test func `a group in the hands of a process shows its signs of life`() throws {
        let fixture = try Fixture()
        try fixture.append(200, to: "cart-1")
        let storage = try fixture.operations.group("simple").open()
        #expect(try storage.take(.whole, isStolen: false))
        try storage.begin()
        try storage.commit(GroupProgress(token: TrackingToken(position: Position(50))))
        let time = fixture.clock.now()
        storage.publish(
            ProcessorSigns(
                process: 4711,
                heartbeat: time,
                position: Position(50),
                ratePerSecond: 12.5,
                advancedTime: time,
                failedPosition: nil
            ),
            try #require(try storage.loadProgress()).segments
        )
        fixture.clock.advance(bySeconds: 2)
        let status = try #require(try fixture.operations.processors().last)
        #expect(status.state == .catchingUp && status.owner == "4711@billing-1")
        #expect(status.ratePerSecond == 12.5 && status.position == Position(50))
        #expect(abs((status.heartbeatSeconds ?? 0) - 2) < 0.01 && status.lagEvents == 150)
        fixture.clock.advance(bySeconds: 60)
        #expect(try fixture.operations.processors().last?.state == .stalled)
        let problem = try #require(try fixture.operations.problems().first)
        #expect(problem.place == .processor("simple") && problem.severity == .critical)
        #expect(problem.since == status.heartbeatSeconds.map { _ in time } || problem.since != nil)
        // A process that lives while a handler does not come back says with which event.
        storage.heart.beat(handling: Position(51), at: fixture.clock.now())
        fixture.clock.advance(bySeconds: 29)
        storage.heart.beat(handling: Position(51), at: fixture.clock.now())
        #expect(try fixture.operations.processors().last?.failure == nil)
        fixture.clock.advance(bySeconds: 2)
        let hung = try #require(try fixture.operations.processors().last)
        #expect(hung.state == .stalled)
        #expect(hung.failure?.contains("for 31 s from position 51, ") == true)
        storage.heart.beat(handling: Position(52), at: fixture.clock.now())
        #expect(try fixture.operations.processors().last?.failure == nil)
        // Looking at the claim never takes it away from whoever holds it.
        #expect(
            try fixture.operations.group("simple").open().take(.whole, isStolen: false) == false
        )
    }

    @Test func `looking at a group never keeps its process from claiming it`() async throws {
        let fixture = try Fixture()
        try fixture.append(1, to: "cart-1")
        try fixture.run("simple", "careful")
        let operations = fixture.operations
        let isDone = StopFlag()
        let looking = WorkerThread {
            while !isDone.isRaised { _ = try? operations.processors() }
        }
        defer {
            isDone.raise()
            looking.join()
        }
        let page = try RealDisk().share(operations.group("simple").files.claim(), writable: true)
        for _ in 0..<2_000_000 {
            let isClaimed = try page.tryLock()
            try #require(isClaimed, "a look was taken for another process")
            page.unlock()
        }
    }

    @Test func `problems come worst first, by name among equals`() throws {
        let fixture = try Fixture(groups: ["d", "c", "b", "a"])
        try fixture.append(200, to: "cart-1")
        let ahead = GroupProgress(token: TrackingToken(position: Position(900)))
        try fixture.store(ahead, of: "c")
        try fixture.store(ahead, of: "a")
        try fixture.store(GroupProgress(), of: "b")
        let paused = GroupProgress(
            token: TrackingToken(position: Position(200)),
            accounting: Accounting(handled: 200),
            pauseReason: "deploy"
        )
        let storage = try fixture.operations.group("d").open()
        #expect(try storage.take(.whole, isStolen: false))
        try storage.begin()
        try storage.commit(paused)
        let problems = try fixture.operations.problems()
        #expect(problems.map(\.severity) == [.critical, .critical, .warning, .notice])
        #expect(problems.map(\.place) == ["a", "c", "b", "d"].map { .processor($0) })
        #expect(
            problems[0].summary.contains("ahead of history: the group has handled position 900")
        )
        #expect(problems[2].summary == "b is run by no process and lags 200 events")
        #expect(problems[3].summary == "d is paused: deploy")
        #expect(problems.allSatisfy { !$0.remedy.isEmpty })
        let status = try fixture.operations.processors()
        #expect(status.map(\.state) == [.aheadOfHistory, .noHost, .aheadOfHistory, .paused])
    }

    @Test func `a group at the head is no problem, one long behind is`() throws {
        let fixture = try Fixture(groups: ["a"])
        #expect(try fixture.operations.problems() == [])
        try fixture.append(3, to: "cart-1")
        try fixture.run("a")
        #expect(try fixture.operations.problems() == [])
        let storage = try fixture.operations.group("a").open()
        #expect(try storage.take(.whole, isStolen: false))
        fixture.clock.advance(bySeconds: 100)
        try fixture.append(1, to: "cart-1")
        fixture.clock.advance(bySeconds: 70)
        let time = fixture.clock.now()
        storage.publish(
            ProcessorSigns(
                process: 1,
                heartbeat: time,
                position: Position(3),
                ratePerSecond: 1,
                advancedTime: time,
                failedPosition: nil
            ),
            try #require(try storage.loadProgress()).segments
        )
        let problem = try #require(try fixture.operations.problems().first)
        #expect(problem.severity == .warning && problem.summary.hasPrefix("a lags 1 events, 70 s"))
    }
}
