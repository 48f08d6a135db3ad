import Disk
import EventModel
@testable import Processing

/// A history chosen at random of hosts that do nothing but share segments.
struct ClaimHistory {
    private let world: GroupWorld
    private let segments: [Segment]
    private static let roundsMax = 1000

    init(seed: UInt64) {
        world = GroupWorld(Plan(), seed: seed)
        segments = Segment.shares(1 << world.random.next(below: 6))
        var content = RowsContent()
        content.shared = GroupProgress(sequencing: .perStream)
        for segment in segments {
            let row = RowsContent.SegmentRow(progress: SegmentProgress(segment), claim: 0)
            content.segments[segment.id] = row
        }
        world.disk.generations[0] = RowsFile(content)
    }

    /// Lives through the history, and through calm after it.
    ///
    /// - Returns: what went wrong; nothing where all was well.
    func violation() -> String? {
        for _ in 0..<400 where world.firstViolation == nil { tick() }
        for host in world.hosts { host.isFrozen = false }
        if world.hosts.isEmpty { start() }
        wish(false)
        settle("the segments are not shared") { world.claimUnrest(segments) }
        wish(true)
        settle("nobody has all segments") { gathered ? nil : "some are with others" }
        wish(false)
        settle("the segments are not shared again") { world.claimUnrest(segments) }
        return world.firstViolation
    }

    private func start() {
        world.start().wish = false
    }

    private func wish(_ wish: Bool) {
        for host in world.hosts { host.wish = wish }
    }

    /// Whether the host with the first segment has all.
    private var gathered: Bool {
        world.hosts.contains { $0.storage?.claimed.count == segments.count }
    }

    private func settle(_ complaint: String, _ unrest: () -> String?) {
        for _ in 0..<ClaimHistory.roundsMax where world.firstViolation == nil {
            for host in world.hosts { host.step() }
            world.advance(by: .milliseconds(60))
            if unrest() == nil { return }
        }
        if let unrest = unrest() { world.violation("\(complaint): \(unrest)") }
    }

    private func tick() {
        world.advance(by: .milliseconds(10 + world.random.next(below: 100)))
        let kind = world.random.next(below: 60)
        guard !world.hosts.isEmpty else { return start() }
        let host = world.hosts[world.random.next(below: world.hosts.count)]
        switch kind {
        case 0: if world.hosts.count < 8 { start() }
        case 1: host.stop()
        case 2:
            host.kill()
            world.bury(host)
        case 3, 4: host.isFrozen.toggle()
        case 5: world.advance(by: .seconds(1 + world.random.next(below: 12)))
        case 6: host.wish?.toggle()
        default: if !host.isFrozen { host.step() }
        }
    }
}
