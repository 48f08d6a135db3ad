import EventLog
import EventModel
import EventStorage
import OperationsModel
import Processing
import ReadModels
import RecountTesting
import Testing

@testable import Operations

/// Groups whose log holds another history than the one they have handled.
@Suite struct HistoryAnswerTests {
    private static let careful = "careful"
    private static let simple = "simple"

    /// A store whose groups have handled 1500 positions, of which the log holds the first 1030.
    private func makeFixture() throws -> Fixture {
        let fixture = try Fixture()
        try fixture.append(2000, to: "cart-1")
        for group in [HistoryAnswerTests.careful, HistoryAnswerTests.simple] {
            let storage = try fixture.operations.group(group).open()
            try storage.begin()
            try storage.reset()
            let same = try #require(try fixture.log.event(at: Position(1030)))
            try storage.commit(progress(1030, same.id))
            try storage.begin()
            try storage.commit(progress(1500, EventID(high: 1, low: 1)))
        }
        return fixture
    }

    private func progress(_ position: UInt64, _ event: EventID) -> GroupProgress {
        let mark = HistoryMark(
            position: Position(position),
            event: event,
            incarnation: 1,
            recordedTime: nil
        )
        let segment = SegmentProgress(
            .whole,
            token: TrackingToken(position: Position(position)),
            accounting: Accounting(handled: position),
            mark: mark
        )
        return GroupProgress(segments: [segment])
    }

    @Test func `the command that puts a group right is named wherever it is told to be ahead`()
        throws
    {
        let fixture = try makeFixture()
        let operations = fixture.operations
        let what = "the log holds other events after position 1030"
        for status in try operations.processors() {
            let rewind = try #require(status.rewind)
            let command = "'recount replay STORE \(status.group) --reason R'"
            #expect(status.state == .aheadOfHistory && rewind.ancestor == Position(1030))
            #expect(status.failure?.contains(what) == true)
            #expect(status.failure?.contains(command) == true, "\(status.failure ?? "")")
            let standing = try #require(
                try operations.standings(of: StreamName("cart-1"), in: status.group).first
            )
            #expect(!standing.isCurrent && standing.causes.contains { $0.contains(what) })
            #expect(standing.remedy?.contains(command) == true)
        }
        let problems = try operations.problems().filter { $0.severity == .critical }
        #expect(problems.count == 2 && problems.allSatisfy { $0.summary.contains(what) })
        #expect(problems.allSatisfy { $0.remedy.contains("recount replay STORE") })
    }

    @Test func `the plan of a replay tells of the common ancestor; a part may not be replayed`()
        throws
    {
        let fixture = try makeFixture()
        let operations = fixture.operations
        for group in [HistoryAnswerTests.careful, HistoryAnswerTests.simple] {
            let whole = try operations.plan(ReplayRequest(group: group))
            #expect(whole.refusal == nil)
            #expect(whole.notes.contains { $0.contains("back to position 1030, the common") })
            let part = ReplayRequest(group: group, start: .after(Position(1030)))
            let refusal = "its tables hold what the log does not; replay it from the start"
            #expect(try operations.plan(part).refusal == refusal)
            let shadow = try operations.plan(ReplayRequest(group: group, isShadow: true))
            #expect(shadow.refusal == "the group is ahead of history; replay it in place")
        }
    }

    @Test func `where nothing can be appended no replay is offered`() throws {
        let fixture = try makeFixture()
        let witness = LogWitness(position: Position(3000), what: "somebody has seen")
        #expect(try fixture.log.hold(against: [witness]) != nil)
        let status = try #require(try fixture.operations.processors().first)
        #expect(status.failure?.contains("recount replay") == false)
        #expect(status.failure?.contains("delete the group's database") == true)
    }
}
