import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import Synchronization
import Testing

/// Replays that yield to groups of other processes, of which their pages tell.
@Suite struct YieldTests {
    private typealias Fixture = GroupFixture<BrakedProjection>

    private func host(_ group: String, _ process: Int32, _ fixture: Fixture) -> ProcessorHost {
        ProcessorHost(
            [fixture.group(group)],
            store: fixture.store,
            process: process,
            liveLagMax: .milliseconds(1),
            now: fixture.clock.now
        )
    }

    /// Waits until a replay stays where it is and lives; one that does not yield is somewhere else
    /// after each batch.
    private func waitUntilYielding(
        _ fixture: Fixture,
        at position: (ProcessorSigns) -> Position?
    ) throws {
        var place: Position?
        var heartbeats: Set<Timestamp> = []
        try fixture.wait {
            guard let observation = try? fixture.observe("replayed"), let signs = observation.signs,
                let next = position(signs), next < Position(4000)
            else { return false }
            if next != place { heartbeats = [] }
            place = next
            heartbeats.insert(signs.heartbeat)
            return heartbeats.count > 5
        }
    }

    @Test func `a replay yields to a group of another host, and comes to its end`() throws {
        let fixture = Fixture(BrakedProjection())
        let brake = fixture.projection.withLock { $0.brake }
        let (replaying, live) = (host("replayed", 1, fixture), host("live", 2, fixture))
        defer {
            brake.isOn = false
            replaying.stop()
            live.stop()
        }
        try fixture.append(4000, from: 0)
        for host in [replaying, live] {
            #expect(try host.waitUntilDecided(Position(4000)).isEmpty)
        }
        brake.isOn = true
        try fixture.ask(.replay(group: "replayed", after: .start, rateLimit: nil), 1)
        try fixture.append(4000, from: 4000)
        try waitUntilYielding(fixture) { $0.position }
        #expect(try fixture.observe("replayed").signs?.goal == nil)
        brake.isOn = false
        try fixture.wait { try fixture.result(of: 1) == .completed }
        #expect(try live.waitUntilDecided(Position(8000)).isEmpty)
    }

    @Test func `new rows beside those in use yield to those`() throws {
        let fixture = Fixture(BrakedProjection())
        let brake = fixture.projection.withLock { $0.brake }
        let host = host("replayed", 1, fixture)
        defer {
            brake.isOn = false
            host.stop()
        }
        try fixture.append(4000, from: 0)
        #expect(try host.waitUntilDecided(Position(4000)).isEmpty)
        brake.isOn = true
        try fixture.ask(
            .replay(group: "replayed", after: .start, rateLimit: nil, isShadow: true),
            1
        )
        try fixture.append(4000, from: 4000)
        try waitUntilYielding(fixture) { $0.shadowPosition }
        brake.isOn = false
        try fixture.wait { try fixture.result(of: 1) == .completed }
        #expect(try host.waitUntilDecided(Position(8000)).isEmpty)
    }

    @Test func `a group shows what it lacks before it handles it, and not while it is paused`()
        throws
    {
        let fixture = GroupFixture(GatedProjection())
        let gate = fixture.projection.withLock { $0.gate }
        try fixture.append(6, from: 0)
        try fixture.run("gated") { host in
            defer { gate.open() }
            #expect(try host.waitUntilDecided(Position(6)).isEmpty)
            try fixture.append(14, from: 6)
            try fixture.wait { try fixture.observe("gated").signs?.goal == Position(20) }
            gate.open()
            try fixture.ask(.pause(group: "gated"), 1)
            try fixture.wait { try fixture.result(of: 1) == .completed }
            try fixture.append(5, from: 20)
            let time = fixture.clock.now()
            var looks: [Timestamp: Position?] = [:]
            try fixture.wait {
                if let signs = try fixture.observe("gated").signs, signs.heartbeat > time {
                    looks[signs.heartbeat] = signs.goal
                }
                return looks.count > 3
            }
            #expect(looks.values.count { $0 != nil } <= 1)
        }
    }
}
