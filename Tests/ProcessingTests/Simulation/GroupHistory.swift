import Disk
import EventModel
import EventStorage
@testable import Processing
import RecountTesting

/// A history chosen at random: hosts start, stop, die and hang, events come, operators ask.
final class GroupHistory {
    let world: GroupWorld
    /// How many hosts hang, one while another one does.
    private var hungCount = 0
    /// For how many more calls the machine is in trouble, which seldom comes alone.
    private var troubledCount = 0

    init(_ world: GroupWorld) { self.world = world }

    /// Lives through the history of a seed.
    ///
    /// - Returns: the world at its end.
    static func live(seed: UInt64, isTraced: Bool = false) throws -> GroupWorld {
        var random = RandomSequence(seed: seed)
        let history = GroupHistory(GroupWorld(Plan.random(&random), seed: random.next()))
        history.world.isTraced = isTraced
        try history.live()
        return history.world
    }

    private func live() throws {
        let length = 150 + world.random.next(below: 150)
        world.fate = { [unowned self] in try decideFate(of: $0) }
        for _ in 0..<length where world.firstViolation == nil { try tick() }
        if world.firstViolation == nil { try world.calmDown() }
    }

    /// Decides whether a host dies, hangs or finds that its machine fails.
    private func decideFate(of host: SimulatedHost) throws {
        if troubledCount > 0 {
            troubledCount -= 1
            if world.random.next(below: 4) == 0 { throw MachineFault() }
        }
        switch world.random.next(below: 2500) {
        case 0, 1:
            world.trace("crash \(host.numbers.last?.bits ?? 0)")
            host.kill()
            throw Crash()
        case 2, 3:
            world.trace("fault \(host.numbers.last?.bits ?? 0)")
            troubledCount = world.random.next(below: 30)
            throw MachineFault()
        case 4, 5: if hungCount < 2 { try hang(host) }
        case 6: world.uptime += .milliseconds(150)
        default: break
        }
    }

    /// Lets others go on while a host is in the middle of something; its heart may beat or not.
    private func hang(_ host: SimulatedHost) throws {
        hungCount += 1
        host.isFrozen = world.random.next(below: 3) > 0
        let length = 1 + world.random.next(below: 60)
        world.trace("hang \(host.numbers.last?.bits ?? 0)")
        for _ in 0..<length where world.firstViolation == nil { try tick() }
        world.trace("wake \(host.numbers.last?.bits ?? 0)")
        host.isFrozen = false
        hungCount -= 1
    }

    /// Has the next thing happen.
    private func tick() throws {
        world.advance(by: .milliseconds(10 + world.random.next(below: 100)))
        if world.random.next(below: 150) == 0 { return try putBack() }
        switch world.random.next(below: 100) {
        case 0..<8: try world.append(1 + world.random.next(below: 5))
        case 8..<13: try world.ask(act())
        case 13: if world.hosts.count < world.plan.hostCountMax { world.start() }
        case 14: if let host = freeHost() { host.stop() }
        case 15: world.clock.advance(bySeconds: Double(world.random.next(below: 60)) - 30)
        case 16: world.advance(by: .seconds(6))
        case 17: world.isMended.toggle()
        case 18: if let host = anyHost(), host.isBusy { host.kill() }
        case 19..<30: anyHost()?.stepShadow()
        default:
            if world.hosts.isEmpty { world.start() }
            freeHost()?.step()
        }
    }

    /// Loses the end of the log, behind the group or before it, and has other events come, or not.
    private func putBack() throws {
        let head = Int(world.log.head().number)
        let progress = world.disk.inUse?.file.content.progress ?? GroupProgress()
        let reached = min(head, Int(progress.everDecidedPosition.number))
        let segment = progress.segments[world.random.next(below: progress.segments.count)]
        let end =
            switch world.random.next(below: 4) {
            case 0: min(head, Int(segment.token.position.number))
            case 1: world.random.next(below: head + 1)
            case 2: max(0, reached - world.random.next(below: 8))
            default: min(head, reached + world.random.next(below: 4))
            }
        try world.putBack(to: Position(UInt64(end)), isPromoted: world.random.next(below: 2) == 0)
        switch world.random.next(below: 3) {
        case 0: break
        case 1: try world.append(world.random.next(below: head - end + 1))
        default: try world.append(head - end + world.random.next(below: 8))
        }
        guard world.random.next(below: 3) == 0 else { return }
        try world.ask(.replay(group: Plan.group, after: .start, rateLimit: rate()))
    }

    private func anyHost() -> SimulatedHost? {
        world.hosts.isEmpty ? nil : world.hosts[world.random.next(below: world.hosts.count)]
    }

    private func freeHost() -> SimulatedHost? {
        let free = world.hosts.filter { !$0.isBusy && !$0.isDead }
        return free.isEmpty ? nil : free[world.random.next(below: free.count)]
    }

    private func position() -> Position {
        Position(UInt64(world.random.next(below: Int(world.log.head().number) + 3)))
    }

    private func number() -> UInt32? {
        let number = world.random.next(below: 6)
        return number < 4 ? nil : UInt32(world.random.next(below: 4))
    }

    private func letters() -> LetterSelection {
        switch world.random.next(below: 4) {
        case 0: .position(position())
        case 1: .sequence("cart-\(world.random.next(below: world.plan.streamCount))")
        case 2: .cause("poison")
        default: .all
        }
    }

    private func selection() -> ReplaySelection {
        let (kind, end) = (world.random.next(below: 4), position())
        let stream = StreamName("cart-\(world.random.next(below: world.plan.streamCount))")
        return switch kind {
        case 0: ReplaySelection(end: end)
        case 1: ReplaySelection(streams: [stream])
        case 2: ReplaySelection(end: end, types: [Plan.types[0]])
        default: ReplaySelection()
        }
    }

    private func rate() -> Int? {
        world.random.next(below: 4) == 0 ? 20 + world.random.next(below: 200) : nil
    }

    private func act() -> Operation.Act {
        let group = Plan.group
        switch world.random.next(below: 20) {
        case 0: return .pause(group: group)
        case 1, 2: return .resume(group: group)
        case 3, 4: return .replay(group: group, after: .start, rateLimit: rate())
        case 5, 6:
            return .replay(group: group, after: .start, rateLimit: rate(), isShadow: true)
        case 7, 8:
            return .replay(
                group: group,
                after: position(),
                rateLimit: rate(),
                selection: selection()
            )
        case 9, 10:
            let replays = world.asked.filter { $0.act.name == "replay" }
            let undone = replays.last(where: { _ in world.random.next(below: 3) > 0 })
            return .undo(group: group, operation: undone?.id ?? EventID(high: 0, low: 0))
        case 11: return .letGo(group: group)
        case 12, 13:
            return .retry(
                group: group,
                letters: letters(),
                rateLimit: rate(),
                stopsAtFailure: world.random.next(below: 2) == 0
            )
        case 14: return .discard(group: group, letters: letters())
        case 15:
            let next = Position(world.log.head().number + 5)
            return .skip(
                group: group,
                position: world.random.next(below: 2) == 0 ? next : position()
            )
        case 16, 17, 18: return .split(group: group, segment: number())
        default: return .merge(group: group, segment: number())
        }
    }
}
