import EventModel
import Synchronization
import Testing

@testable import Processing

/// How replays yield to groups that handle events as they come.
@Suite struct GovernorTests {
    private func goal(_ notes: [(UInt64, UInt64)]) -> Position? {
        var goal = LiveGoal()
        for (position, head) in notes { goal.note(Position(position), head: Position(head)) }
        return goal.position
    }

    @Test func `a group goes for the head that it first saw and has not reached`() {
        #expect(goal([(5, 5)]) == nil)
        #expect(goal([(5, 5), (5, 7)]) == Position(7))
        // Later events do not take its place, coming to what was seen first does.
        #expect(goal([(5, 5), (5, 7), (6, 90)]) == Position(7))
        #expect(goal([(5, 5), (5, 7), (7, 90)]) == Position(90))
        #expect(goal([(5, 5), (5, 7), (90, 90)]) == nil)
    }

    @Test func `a group that never was at the head has no goal`() {
        #expect(goal([(0, 1000), (500, 1000)]) == nil)
        #expect(goal([(0, 10), (10, 10), (10, 20)]) == Position(20))
    }

    /// Signs of a group at position 5.
    private func signs(goal: UInt64?, heartbeat: Int = 0) -> ProcessorSigns {
        ProcessorSigns(
            process: 1,
            heartbeat: Timestamp(microseconds: Int64(heartbeat)),
            position: Position(5),
            ratePerSecond: 0,
            advancedTime: Timestamp(microseconds: 0),
            failedPosition: nil,
            goal: goal.map { Position($0) }
        )
    }

    /// The lag after looks, one each second, the last of which is now.
    private func lagSeconds(_ looks: [ProcessorSigns]) -> Int {
        var lag = LiveLag()
        for (second, signs) in looks.enumerated() { lag.note(signs, at: .seconds(100 + second)) }
        return Int(lag.duration(at: .seconds(99 + looks.count)).components.seconds)
    }

    @Test func `a group lags as long as it is seen to go for the same head`() {
        #expect(lagSeconds([signs(goal: 9)]) == 0)
        #expect(lagSeconds([signs(goal: nil), signs(goal: 9), signs(goal: 9)]) == 1)
        #expect(lagSeconds([signs(goal: 9), signs(goal: 9), signs(goal: 9)]) == 2)
        #expect(lagSeconds([signs(goal: 9), signs(goal: 9), signs(goal: 11)]) == 0)
        #expect(lagSeconds([signs(goal: 9), signs(goal: 9), signs(goal: nil)]) == 0)
        // It has come to its goal, and did not look for another one yet.
        #expect(lagSeconds([signs(goal: 5), signs(goal: 5)]) == 0)
    }

    @Test func `a group without signs of life does not lag`() {
        let dead = Array(repeating: signs(goal: 9), count: 10)
        #expect(lagSeconds(Array(dead.prefix(6))) == 5)
        #expect(lagSeconds(dead) == 0)
        let alive = (0..<10).map { signs(goal: 9, heartbeat: $0 / 4) }
        #expect(lagSeconds(alive) == 9)
    }

    /// A replay that may be told what others do, and when.
    private final class World: Sendable {
        let others: Mutex<[String: ProcessorSigns]> = Mutex([:])
        let milliseconds = Mutex(0)
        let lookCount = Mutex(0)

        func makeGovernor() -> ReplayGovernor {
            ReplayGovernor(
                lagMax: .milliseconds(250),
                signs: { [self] in
                    lookCount.withLock { $0 += 1 }
                    return others.withLock { $0 }
                },
                uptime: { [self] in .milliseconds(milliseconds.withLock { $0 }) }
            )
        }

        func pass(milliseconds count: Int) { milliseconds.withLock { $0 += count } }

        func show(_ signs: ProcessorSigns?) { others.withLock { $0["other"] = signs } }
    }

    @Test func `a replay yields while another group is behind, but for a batch a second`() {
        let world = World()
        var governor = world.makeGovernor()
        world.show(signs(goal: 9))
        /// How many batches are done in 10 ms after 10 ms.
        func batchCount(in steps: Int) -> Int {
            (0..<steps).count { _ in
                world.pass(milliseconds: 10)
                return !governor.yields()
            }
        }
        #expect(batchCount(in: 25) == 25)
        _ = batchCount(in: 6)
        #expect(batchCount(in: 300) == 3)
        // It has caught up, and then shows no signs of being there.
        world.show(signs(goal: nil, heartbeat: 1))
        _ = batchCount(in: 5)
        #expect(batchCount(in: 100) == 100)
        world.show(signs(goal: 11, heartbeat: 2))
        _ = batchCount(in: 40)
        #expect(batchCount(in: 10) == 0)
        world.show(nil)
        _ = batchCount(in: 5)
        #expect(batchCount(in: 100) == 100)
    }

    @Test func `others are looked at some times a second, however many batches there are`() {
        let world = World()
        var governor = world.makeGovernor()
        for _ in 0..<10_000 {
            world.pass(milliseconds: 1)
            _ = governor.yields()
        }
        #expect(world.lookCount.withLock { $0 } == 200)
    }
}
