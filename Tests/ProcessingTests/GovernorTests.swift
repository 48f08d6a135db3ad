import EventModel
import Testing

@testable import Processing

/// How replays yield to groups that handle events as they come.
@Suite struct GovernorTests {
    private func lag(_ notes: [(UInt64, UInt64, Int)], at seconds: Int) -> Duration {
        var lag = LiveLag()
        for (position, head, time) in notes {
            lag.note(Position(position), head: Position(head), at: .seconds(time))
        }
        return lag.duration(at: .seconds(seconds))
    }

    @Test func `a group lags since it first saw what it has not handled`() {
        #expect(lag([(5, 5, 0)], at: 9) == .zero)
        #expect(lag([(5, 5, 0), (5, 7, 2)], at: 9) == .seconds(7))
        // Later events do not make it younger, coming to what was seen first does.
        #expect(lag([(5, 5, 0), (5, 7, 2), (6, 90, 4)], at: 9) == .seconds(7))
        #expect(lag([(5, 5, 0), (5, 7, 2), (7, 90, 4)], at: 9) == .seconds(5))
        #expect(lag([(5, 5, 0), (5, 7, 2), (90, 90, 4)], at: 9) == .zero)
    }

    @Test func `a group that never was at the head does not lag`() {
        #expect(lag([(0, 1000, 0), (500, 1000, 5)], at: 9) == .zero)
        #expect(lag([(0, 10, 0), (10, 10, 5), (10, 20, 6)], at: 9) == .seconds(3))
    }

    @Test func `a replay does a batch, then yields while another group is behind`() {
        let governor = ReplayGovernor(lagMax: .zero)
        var replay = ReplayGovernor.Share(governor, group: 0)
        func yields() -> Bool { replay.yields() }
        #expect(!yields() && !yields())
        governor.note(1, position: Position(5), head: Position(5))
        #expect(!yields())
        governor.note(1, position: Position(5), head: Position(9))
        #expect(yields() && yields())
        // Its own lag is none of its business, that of the rows it makes new ones for is.
        governor.note(1, position: Position(9), head: Position(9))
        governor.note(0, position: Position(5), head: Position(5))
        governor.note(0, position: Position(5), head: Position(9))
        #expect(!yields())
        replay = replay.ofDraft
        #expect(!yields() && yields())
        governor.leave(0)
        #expect(!yields())
    }
}
