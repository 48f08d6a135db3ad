import EventModel
import EventStorage
@testable import Processing

/// Operations on a group that stands ready for them, during which a host may die.
struct Transition: Sendable, CustomStringConvertible {
    /// Operations to ask for; the second may be about the first.
    typealias Acts = @Sendable (GroupWorld) throws -> Void

    let description: String
    var isIdempotent = false
    /// What is asked for, and done, before.
    var preparation: Acts?
    /// Whether the operations come to other ends where one takes longer.
    var dependsOnTime = false
    /// Whether no event is poison any more when it begins.
    var isMended = false
    let acts: Acts
    /// Whether all dead letters are gone at the end.
    var leavesNoLetters: Bool { isMended || description == "discard" }

    /// What is there when calm has returned, whatever happened on the way.
    struct End: Hashable {
        var rows: [[UInt64]]
        var letters: Set<Position>
        var skipped: Set<Position>
        var discarded: Set<Position>
        var segments: [Segment]
        var generationCount: Int
        var head: Position
        var results: [OperationOutcome.Result?]
    }

    /// What came of it, and how many calls it took.
    struct Run {
        var end: End?
        var callCount = 0
        var violation: String?
    }

    private static let roundsMax = 300
    private static let hungRoundsMax = 50
    private static let lagRounds = 8

    /// What happens to a host at a call.
    enum Fate {
        case dies
        /// It goes on when others have taken over, and done all there is to do.
        case hangs
        /// It takes its time, while others do what is left to them, with new events, and go away.
        case lags
    }

    /// Goes through it, with so many hosts; something happens to the one that comes to a call.
    func run(hostCount: Int, _ fate: Fate = .dies, at call: Int? = nil) throws -> Run {
        let world = GroupWorld(Plan.transition(isIdempotent: isIdempotent), seed: 3)
        for _ in 0..<hostCount { world.start() }
        try world.append(14)
        try settle(world)
        try preparation?(world)
        try settle(world)
        world.isMended = isMended
        var run = Run()
        world.fate = { host in
            run.callCount += 1
            guard run.callCount == call else { return }
            switch fate {
            case .dies:
                host.kill()
                throw Crash()
            case .hangs: try hang(host)
            case .lags: try lag(host)
            }
        }
        try acts(world)
        try settle(world)
        run.violation = world.firstViolation
        run.end = end(of: world)
        return run
    }

    private func hang(_ host: SimulatedHost) throws {
        host.isFrozen = true
        for _ in 0..<Transition.hungRoundsMax where host.world.unrest != nil {
            try host.world.goOn()
            host.world.advance(by: .milliseconds(500))
        }
        host.isFrozen = false
    }

    private func lag(_ host: SimulatedHost) throws {
        let world = host.world
        try world.append(3)
        for _ in 0..<Transition.lagRounds { try world.goOn() }
        for other in world.hosts where other !== host { other.stop() }
    }

    private func settle(_ world: GroupWorld) throws {
        for _ in 0..<Transition.roundsMax where world.firstViolation == nil {
            if world.hosts.isEmpty { world.start() }
            try world.goOn()
            if world.unrest == nil { return }
        }
        world.violation("it never becomes calm: \(world.unrest ?? "")")
    }

    private func end(of world: GroupWorld) -> End? {
        guard let content = world.disk.inUse?.file.content else { return nil }
        return End(
            rows: content.rows.map { [$0.position.number, $0.isReplay ? 1 : 0] }
                .sorted { ($0[0], $0[1]) < ($1[0], $1[1]) },
            letters: Set(content.letters.keys),
            skipped: Set(content.skipped.keys),
            discarded: content.discarded,
            segments: content.progress?.segments.map(\.segment) ?? [],
            generationCount: world.disk.generations.count,
            head: world.log.head(),
            results: world.asked.map { world.result(of: $0.id) }
        )
    }
}

extension Plan {
    /// A group some of whose events always fail.
    fileprivate static func transition(isIdempotent: Bool) -> Plan {
        Plan(isIdempotent: isIdempotent, poisonInterval: 6, salt: 5)
    }
}

extension Transition {
    private static let group = Plan.group

    private static func replay(rateLimit: Int? = nil, isShadow: Bool = false) -> Operation.Act {
        .replay(group: group, after: .start, rateLimit: rateLimit, isShadow: isShadow)
    }

    /// Has hosts go on until the rows in use are such, for a while at most.
    private static func goOn(
        _ world: GroupWorld,
        until condition: (RowsContent) -> Bool
    ) throws {
        for _ in 0..<roundsMax {
            if let content = world.disk.inUse?.file.content, condition(content) { return }
            if world.hosts.isEmpty { world.start() }
            try world.goOn()
        }
    }

    private static let replayed: Acts = { try $0.ask(replay()) }

    private static func undoing(_ act: Operation.Act) -> Acts {
        { world in
            let undone = try world.ask(act)
            try world.ask(.undo(group: group, operation: undone))
        }
    }

    private static func retry(stopsAtFailure: Bool) -> Operation.Act {
        .retry(
            group: group,
            letters: .all,
            rateLimit: nil,
            stopsAtFailure: stopsAtFailure
        )
    }

    private static let undoneReplay = Transition(
        description: "undo",
        preparation: replayed,
        acts: { world in
            let replay = world.asked.last { $0.act.name == "replay" }
            guard let replay else { throw Violation("there is a replay to undo") }
            try world.ask(.undo(group: group, operation: replay.id))
        }
    )

    private static let partialReplay = Transition(
        description: "replay some",
        isIdempotent: true,
        acts: { world in
            let selection = ReplaySelection(end: Position(9), types: [Plan.types[0]])
            try world.ask(
                .replay(group: group, after: Position(2), rateLimit: nil, selection: selection)
            )
        }
    )

    static let all =
        [
            Transition(
                description: "pause and resume",
                acts: { world in
                    try world.ask(.pause(group: group))
                    try world.ask(.resume(group: group))
                }
            ),
            Transition(description: "replay", acts: replayed),
            Transition(description: "replay mended", isMended: true, acts: replayed),
            partialReplay,
            Transition(
                description: "replay within a replay",
                dependsOnTime: true,
                acts: { world in
                    try world.ask(replay(rateLimit: 5))
                    try goOn(world) { $0.rows.count > 2 && $0.rows.count < 6 }
                    try world.ask(replay())
                }
            ),
            Transition(
                description: "replay from the middle within a replay",
                isIdempotent: true,
                dependsOnTime: true,
                acts: { world in
                    try world.ask(replay(rateLimit: 5))
                    try goOn(world) { $0.rows.count > 2 && $0.rows.count < 6 }
                    try world.ask(.replay(group: group, after: Position(2), rateLimit: nil))
                }
            ),
            Transition(
                description: "shadow",
                dependsOnTime: true,
                acts: { try $0.ask(replay(isShadow: true)) }
            ),
            undoneReplay,
            Transition(
                description: "undo a replay under way",
                dependsOnTime: true,
                acts: undoing(replay(rateLimit: 5))
            ),
            Transition(
                description: "undo a shadow",
                dependsOnTime: true,
                acts: undoing(replay(rateLimit: 5, isShadow: true))
            ),
            Transition(
                description: "let go",
                preparation: replayed,
                acts: { try $0.ask(.letGo(group: group)) }
            ),
            Transition(
                description: "retry",
                isMended: true,
                acts: { try $0.ask(retry(stopsAtFailure: true)) }
            ),
            Transition(
                description: "retry in vain",
                acts: { try $0.ask(retry(stopsAtFailure: false)) }
            ),
            Transition(
                description: "discard",
                acts: { try $0.ask(.discard(group: group, letters: .all)) }
            ),
            Transition(
                description: "skip and replay",
                acts: { world in
                    try world.ask(.skip(group: group, position: Position(3)))
                    try world.ask(replay())
                }
            ),
        ] + ofSegments

    /// Those that change the segments of the group.
    static let ofSegments = [
        Transition(
            description: "split",
            acts: { try $0.ask(.split(group: group, segment: nil)) }
        ),
        Transition(
            description: "merge",
            preparation: { try $0.ask(.split(group: group, segment: nil)) },
            acts: { try $0.ask(.merge(group: group, segment: nil)) }
        ),
    ]
}
