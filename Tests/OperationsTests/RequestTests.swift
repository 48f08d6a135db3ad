import EventLog
import EventModel
import EventStorage
import Glibc
import OperationsModel
import Processing
import RecountTesting
import Testing

@testable import Operations

@Suite struct RequestTests {
    private func refusal(_ fixture: Fixture, _ kind: OperationRequest.Kind, reason: String = "r")
        -> OperationsError?
    {
        do {
            _ = try fixture.operations.request(OperationRequest(kind, reason: reason))
            return nil
        } catch { return error }
    }

    @Test func `a plan counts the events of the range by type`() throws {
        let fixture = try Fixture()
        try fixture.append(7, to: "cart-1")
        try fixture.append(4, to: "cart-2")
        try fixture.run("simple", "careful")
        try fixture.append(5, to: "cart-3")
        let whole = try fixture.operations.plan(ReplayRequest(group: "simple"))
        #expect(whole.from == .start && whole.to == Position(11) && whole.eventCount == 11)
        // Numbers 0 to 10: four of the first type, four of the second, three of the last.
        #expect(whole.types.map(\.type) == (0...2).map(TestEvents.type))
        #expect(whole.types.map(\.count) == [4, 4, 3])
        #expect(whole.types.map(\.isHandled) == [true, true, false])
        #expect(whole.streamCount == 2 && whole.tables == ["seen"] && whole.refusal == nil)
        #expect(whole.notes.contains("the other 1 groups go on unaffected"))
        let part = try fixture.operations.plan(
            ReplayRequest(group: "careful", start: .after(Position(8)))
        )
        #expect(part.eventCount == 3 && part.streamCount == 1 && part.refusal == nil)
        #expect(part.types.map(\.count) == [1, 1, 1])
        #expect(throws: OperationsError.self) {
            try fixture.operations.plan(ReplayRequest(group: "nobody"))
        }
    }

    @Test func `a plan says why a replay would be refused, and how long one takes`() throws {
        let fixture = try Fixture()
        try fixture.append(100, to: "cart-1")
        func plan(_ group: String, _ start: ReplayRequest.Start, rate: Int? = nil) throws
            -> ReplayPlan
        {
            try fixture.operations.plan(
                ReplayRequest(group: group, start: start, rateLimit: rate)
            )
        }
        let never = try plan("simple", .beginning)
        #expect(never.refusal?.contains("has not handled anything") == true)
        #expect(never.eventCount == 0 && never.secondsExpected == nil)
        let progress = GroupProgress(
            token: TrackingToken(position: Position(100)),
            measuredRate: 50
        )
        try fixture.store(progress, of: "simple")
        try fixture.store(progress, of: "careful")
        let seconds = try #require(try plan("simple", .beginning).secondsExpected)
        #expect(seconds.contains(2) && seconds.upperBound < 10)
        let slower = try #require(try plan("simple", .beginning, rate: 5).secondsExpected)
        #expect(slower.contains(20) && slower.lowerBound > seconds.upperBound)
        #expect(try plan("simple", .after(Position(1))).refusal?.contains("twice") == true)
        #expect(try plan("careful", .after(Position(1))).refusal == nil)
        #expect(try plan("careful", .after(Position(100))).refusal != nil)
        #expect(try plan("careful", .after(Position(.max))).eventCount == 0)
    }

    @Test func `a time leads to the position before the first event recorded then`() throws {
        let fixture = try Fixture()
        func position(_ time: Timestamp) throws -> Position {
            try fixture.operations.startPosition(of: .time(time))
        }
        #expect(try position(.epoch) == .start)
        // Batches of several sizes share their recorded time.
        for count in [1, 3, 1, 1, 8, 2, 5] {
            try fixture.append(count, to: "cart-1")
            fixture.clock.advance(bySeconds: 1)
        }
        let times = try fixture.log.events(EventSelection()).map(\.recordedTime)
        #expect(Set(times).count == 7 && times.count == 21)
        for time in Set(times).flatMap({
            [$0.microseconds - 1, $0.microseconds, $0.microseconds + 1]
        }) {
            let time = Timestamp(microseconds: time)
            let expected = times.firstIndex { $0 >= time } ?? times.count
            #expect(try position(time) == Position(UInt64(expected)))
        }
        #expect(try fixture.operations.startPosition(of: .beginning) == .start)
        #expect(try fixture.operations.startPosition(of: .after(Position(4))) == Position(4))
    }

    @Test func `requests that make no sense leave nothing`() throws {
        let fixture = try Fixture()
        try fixture.append(3, to: "cart-1")
        #expect(refusal(fixture, .pause(group: "simple"), reason: "")?.code == .invalid)
        let unknown = refusal(fixture, .pause(group: "nobody"))
        #expect(unknown?.code == .notFound && unknown?.message.contains("careful, simple") == true)
        #expect(refusal(fixture, .resume(group: "nobody"))?.code == .notFound)
        #expect(refusal(fixture, .snapshotStream(StreamName("nobody-1")))?.code == .notFound)
        #expect(refusal(fixture, .replay(ReplayRequest(group: "nobody")))?.code == .notFound)
        #expect(try fixture.log.head() == Position(3))
        let none = try Fixture(groups: [])
        #expect(refusal(none, .pause(group: "x"))?.message.contains("defines none") == true)
    }

    @Test func `what is refused is recorded with its refusal, and nobody obeys it later`() throws {
        let fixture = try Fixture()
        try fixture.append(3, to: "cart-1")
        let never = refusal(fixture, .replay(ReplayRequest(group: "simple")))
        #expect(never?.code == .refused && never?.message.contains("not handled") == true)
        try fixture.run("simple", "careful")
        let twice = refusal(
            fixture,
            .replay(ReplayRequest(group: "simple", start: .after(Position(1))))
        )
        #expect(twice?.code == .refused && twice?.message.contains("twice") == true)
        try fixture.run("simple", "careful")
        #expect(try fixture.log.head() == Position(7))
        #expect(
            try fixture.operations.operations(limit: 10).map(\.outcome)
                == [.refused(twice?.message ?? ""), .refused(never?.message ?? "")]
        )
    }

    @Test func `a request is an event with who, where and why, and gets its outcome`() throws {
        let fixture = try Fixture()
        try fixture.append(3, to: "cart-1")
        try fixture.run("simple", "careful")
        let request = OperationRequest(.pause(group: "simple"), reason: "a deploy")
        let id = try fixture.operations.request(request)
        let pending = try #require(try fixture.operations.operations(limit: 5).first)
        #expect(pending.id == id && pending.outcome == .pending && pending.position == Position(4))
        #expect(
            pending.name == "pause" && pending.target == "simple" && pending.reason == "a deploy"
        )
        #expect(pending.operatorName == "ana" && pending.host == "billing-1")
        let late = try fixture.operations.waitForOutcome(of: id, timeoutMilliseconds: 1)
        #expect(late?.outcome == .pending)
        let host = ProcessorHost(
            [try fixture.operations.group("simple")],
            store: fixture.log,
            process: 1,
            now: fixture.clock.now
        )
        defer { host.stop() }
        let done = try #require(
            try fixture.operations.waitForOutcome(of: id, timeoutMilliseconds: 20_000)
        )
        #expect(done.outcome == .completed("paused") && done.change == "running → paused")
        #expect(try #require(done.outcomeTime) >= done.requestTime)
        let replay = try fixture.operations.request(
            OperationRequest(.replay(ReplayRequest(group: "simple")), reason: "again")
        )
        let replayed = try fixture.operations.waitForOutcome(
            of: replay,
            timeoutMilliseconds: 20_000
        )
        guard case .completed(let message) = replayed?.outcome else {
            Issue.record("the replay did not complete: \(String(describing: replayed))")
            return
        }
        #expect(message.hasPrefix("replayed "))
        let entries = try fixture.operations.operations(limit: 10)
        #expect(entries.map(\.id) == [replay, id])
        #expect(try fixture.operations.operations(limit: 1).map(\.id) == [replay])
        #expect(try fixture.operations.waitForOutcome(of: EventID(high: 9, low: 9)) == nil)
    }

    @Test func `a damaged store is the first problem, and takes no requests`() throws {
        let fixture = try Fixture()
        for number in 0..<3 { try fixture.append(1, to: "cart-\(number)") }
        let file = try #require(
            try fixture.log.events(EventSelection()).isEmpty ? nil : fixture.firstLogFile
        )
        try fixture.spoil(file)
        let log = try EventLog.open(fixture.places, now: fixture.clock.now)
        let operations = Fixture.operations(log, fixture.clock)
        let reason = try #require(log.readOnlyReason)
        #expect(try operations.status().readOnlyReason == reason)
        let problem = try #require(try operations.problems().first)
        #expect(problem.place == .store && problem.severity == .critical)
        #expect(problem.summary.contains(reason))
        do {
            _ = try operations.request(OperationRequest(.pause(group: "simple"), reason: "r"))
            Issue.record("a damaged store took a request")
        } catch {
            #expect(error.code == .refused || error.code == .storage)
        }
    }
}

extension Fixture {
    /// The first of the log's files.
    fileprivate var firstLogFile: String {
        "\(places.log)/\(String(repeating: "0", count: 19))1.log"
    }

    /// Changes a byte inside the record of the second event.
    fileprivate func spoil(_ path: String) throws {
        let file = try #require(fopen(path, "r+"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        let name = Array("cart-1".utf8)
        let place = try #require((0..<count).first { bytes[$0...].starts(with: name) })
        fseek(file, place, SEEK_SET)
        fputs("k", file)
    }
}
