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
    private func makeFixture(letters: UInt64 = 0) throws -> Fixture {
        let fixture = try Fixture()
        try fixture.append(2000, to: "cart-1")
        for group in [HistoryAnswerTests.careful, HistoryAnswerTests.simple] {
            let storage = try fixture.operations.group(group).open()
            try storage.begin()
            try storage.reset()
            let same = try #require(try fixture.log.event(at: Position(1030)))
            try storage.commit(progress(1030, same.id, letters: letters))
            try storage.begin()
            try storage.commit(progress(1500, EventID(high: 1, low: 1), letters: letters))
        }
        return fixture
    }

    private func progress(_ position: UInt64, _ event: EventID, letters: UInt64) -> GroupProgress {
        let mark = HistoryMark(position: Position(position), event: event, incarnation: 1)
        let segment = SegmentProgress(
            .whole,
            token: TrackingToken(position: Position(position)),
            accounting: Accounting(handled: position - letters, deadLettered: letters),
            mark: mark
        )
        return GroupProgress(segments: [segment])
    }

    @Test func `the command that puts a group right is named wherever it is told to be ahead`()
        throws
    {
        let fixture = try makeFixture()
        let operations = fixture.operations
        let commands = [
            "careful": "'recount replay STORE careful --from 1030 --reason R'",
            "simple": "'recount replay STORE simple --reason R'",
        ]
        let places: [Position] = [Position(1030), .start]
        let what = "the log holds other events after position 1030"
        for (status, place) in zip(try operations.processors(), places) {
            let rewind = try #require(status.rewind)
            let command = try #require(commands[status.group])
            #expect(status.state == .aheadOfHistory && rewind.ancestor == Position(1030))
            #expect(rewind.start == (place == .start ? .beginning : .after(place)))
            #expect(status.failure?.contains(what) == true)
            #expect(status.failure?.contains(command) == true, "\(status.failure ?? "")")
            let standing = try #require(
                try operations.standings(of: StreamName("cart-1"), in: status.group).first
            )
            #expect(!standing.isCurrent && standing.causes.contains { $0.contains(what) })
            #expect(standing.remedy?.contains(command) == true)
        }
        let obstacle = "since handling an event twice would change its tables"
        #expect(try operations.processors().last?.failure?.contains(obstacle) == true)
        let problems = try operations.problems().filter { $0.severity == .critical }
        #expect(problems.count == 2 && problems.allSatisfy { $0.summary.contains(what) })
        #expect(problems.allSatisfy { $0.remedy.contains("recount replay STORE") })
    }

    @Test func `the plan of a replay offers the common ancestor, and says what a rewind leaves`()
        throws
    {
        let fixture = try makeFixture()
        let operations = fixture.operations
        let whole = try operations.plan(ReplayRequest(group: "careful"))
        #expect(whole.refusal == nil)
        #expect(whole.notes.contains { $0.contains("'--from 1030' is enough") })
        let back = ReplayRequest(group: "careful", start: .after(Position(1030)))
        let rewind = try operations.plan(back)
        #expect(rewind.refusal == nil && rewind.chosenCount == 470)
        #expect(rewind.notes.contains { $0.contains("goes back to position 1030") })
        #expect(rewind.notes.contains { $0.contains("the rows in use are kept") })
        #expect(rewind.notes.contains { $0.contains("only the lost events wrote stay") })
        let simple = try operations.plan(ReplayRequest(group: "simple"))
        #expect(simple.refusal == nil && !simple.notes.contains { $0.contains("--from") })
        let shadow = try operations.plan(ReplayRequest(group: "careful", isShadow: true))
        #expect(shadow.refusal == "the group is ahead of history; replay it in place")
    }

    @Test func `a group with dead letters is replayed from the start`() throws {
        let fixture = try makeFixture(letters: 1)
        let operations = fixture.operations
        let rewind = try #require(try operations.processors().first?.rewind)
        #expect(rewind.start == .beginning)
        #expect(rewind.remedy.contains("its dead letters may be of events that the log"))
        let back = ReplayRequest(group: "careful", start: .after(Position(1030)))
        #expect(try operations.plan(back).refusal?.hasSuffix("replay it from the start") == true)
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
