import EventModel
import Testing

@testable import Processing

/// Groups whose log is put back from a backup, with segments on both sides of its end.
@Suite struct PutBackTests {
    @Test func `all segments stop where one is ahead of history, in whichever process`() throws {
        let world = GroupWorld(Plan(), seed: 1)
        for _ in 0..<2 { world.start() }
        try world.append(10)
        try world.ask(.split(group: Plan.group, segment: nil))
        for _ in 0..<200 where world.unrest != nil { try world.goOn() }
        try world.append(10)
        for _ in 0..<20 { world.hosts[0].step() }
        let places = try #require(world.disk.inUse?.file.content.progress).segments.map {
            $0.token.position
        }
        let behind = try #require(places.min())
        #expect(places.contains { $0 > behind })

        try world.putBack(to: behind, isPromoted: true)
        try world.append(20)
        for _ in 0..<2 { world.start() }
        for _ in 0..<200 { try world.goOn() }
        #expect(world.hosts.map { $0.storage?.claimed.count } == [1, 1])
        #expect(world.disk.inUse?.file.content.progress?.segments.map(\.token.position) == places)
        try world.calmDown()
        #expect(world.firstViolation == nil)
    }
}
