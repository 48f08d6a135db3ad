import EventLog
import EventModel
import EventStorage
import OperationsModel
import Processing
import ReadModels
import RecountTesting
import SQLiteDatabase
import Synchronization
import Testing

@testable import Operations

/// Asks for a call for every event.
private struct CallProjection: EffectfulProjection {
    let name = "calls"
    let tables: [String] = ["CREATE TABLE unused (a INTEGER)"]
    let eventTypes: [EventType]? = nil
    let isIdempotent = true
    let line: Line

    var effects: [EffectKind] { [EffectKind("call") { [line] in try line.call($0) }] }

    func makeHandler(
        in database: SQLiteConnection,
        asking outbox: EffectOutbox
    ) throws -> any ProjectionHandler {
        Handler(outbox: outbox)
    }

    private final class Handler: ProjectionHandler {
        let outbox: EffectOutbox

        init(outbox: EffectOutbox) { self.outbox = outbox }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            try outbox.ask("call")
            return true
        }
    }
}

private struct Busy: Error {}

/// Where calls arrive.
private final class Line: Sendable {
    private let state = Mutex((calls: [UInt64](), isBusy: false))

    var calls: [UInt64] { state.withLock { $0.calls } }

    func setBusy(_ isBusy: Bool) { state.withLock { $0.isBusy = isBusy } }

    func call(_ effect: PendingEffect) throws {
        try state.withLock { state in
            if state.isBusy { throw Busy() }
            state.calls.append(effect.position.number)
        }
    }
}

@Suite struct EffectAnswerTests {
    private let line = Line()

    private func operations(_ fixture: Fixture) -> StoreOperations {
        let group = ReadModelGroup(name: "calls", directory: fixture.log.directory.groups) {
            [line] in [CallProjection(line: line)]
        }
        return StoreOperations(
            log: fixture.log,
            domain: Domain(groups: [group]),
            identity: OperatorIdentity(name: "ana", host: "billing-1"),
            now: fixture.clock.now
        )
    }

    /// Handles what there is, without performing effects.
    private func handle(_ operations: StoreOperations, _ fixture: Fixture) throws {
        let host = ProcessorHost(
            operations.domain.groups,
            store: fixture.log,
            process: 1,
            now: fixture.clock.now
        )
        defer { host.stop() }
        let behind = try host.waitUntilDecided(fixture.log.head())
        #expect(behind.isEmpty, "\(host.statuses)")
    }

    /// Runs the store until everything due is done.
    private func run(_ operations: StoreOperations) throws {
        let host = StoreHost(operations)
        defer { host.stop(performing: true) }
        _ = try host.groups.waitUntilDecided(operations.log.head())
    }

    @Test func `an effect waits, fails, and is tried again when an operator asks`() throws {
        let fixture = try Fixture()
        let operations = operations(fixture)
        try fixture.append(2, to: "cart-1")
        try handle(operations, fixture)
        let waiting = try operations.effects(EffectsRequest())
        #expect(waiting.map(\.state) == [.waiting, .waiting])
        #expect(waiting.map(\.position) == [Position(1), Position(2)])
        #expect(waiting.map(\.sequenceKey) == ["cart-1", "cart-1"])
        line.setBusy(true)
        for _ in 0..<4 {
            try run(operations)
            fixture.clock.advance(bySeconds: 60)
        }
        let failed = try #require(try operations.effects(EffectsRequest(group: "calls")).first)
        #expect(failed.state == .failed && failed.attempts == 4 && failed.cause == "Busy()")
        #expect(failed.needsOperator)
        line.setBusy(false)
        let asked = try operations.request(
            OperationRequest(
                .effect(group: "calls", effect: failed.id, .retry),
                reason: "line free"
            )
        )
        try run(operations)
        #expect(line.calls == [1, 2])
        #expect(try operations.effects(EffectsRequest()).isEmpty)
        let entry = try #require(try operations.operations(limit: 9).first { $0.id == asked })
        #expect(entry.name == "retry-effect" && entry.target == "calls")
        #expect(entry.outcome == .completed("it is tried again"))
    }

    @Test func `what was begun is under way, or in doubt where nobody performs`() throws {
        let fixture = try Fixture()
        let operations = operations(fixture)
        try fixture.append(1, to: "cart-1")
        try handle(operations, fixture)
        let group = try #require(operations.domain.groups.first)
        let pending = try #require(try GroupObserver(files: group.files).effects().first)
        let started = EffectReport(of: pending.id, attempt: 1, .started).event(pending)
        _ = try fixture.log.append(AppendRequest(ofSystem: [started], to: EffectReport.stream))
        #expect(try operations.effects(EffectsRequest()).map(\.state) == [.inDoubt])
        do {
            let queue = try #require(try group.openEffects())
            #expect(try operations.effects(EffectsRequest()).map(\.state) == [.underWay])
            _ = try queue.due([], now: fixture.clock.now(), limit: 1)
        }
        try run(operations)
        #expect(
            try operations.effects(EffectsRequest()).map(\.state) == [.inDoubt]
                && line.calls.isEmpty
        )
        _ = try operations.request(
            OperationRequest(.effect(group: "calls", effect: pending.id, .giveUp), reason: "called")
        )
        try run(operations)
        #expect(try operations.effects(EffectsRequest()).isEmpty && line.calls.isEmpty)
    }

    @Test func `what ended is told behind what waits, the newest first, with its event`() throws {
        let fixture = try Fixture()
        let operations = operations(fixture)
        let everything = EffectsRequest(limit: 2, includesEnded: true)
        #expect(try operations.effects(everything).isEmpty)
        for stream in ["cart-1", "cart-2", "cart-3"] { try fixture.append(1, to: stream) }
        try run(operations)
        let ended = try operations.effects(everything)
        #expect(ended.map(\.state) == [.performed, .performed])
        #expect(ended.map(\.position) == [Position(3), Position(2)])
        #expect(ended.map(\.sequenceKey) == ["cart-3", "cart-2"])
        #expect(ended.allSatisfy { $0.attempts == 1 && $0.kind == "call" && $0.lastTime != nil })
        line.setBusy(true)
        fixture.clock.advance(bySeconds: 9)
        let asked = fixture.clock.now()
        try fixture.append(1, to: "cart-4")
        fixture.clock.advance(bySeconds: 5)
        try run(operations)
        let all = try operations.effects(everything)
        #expect(all.map(\.state) == [.waiting, .performed, .performed])
        #expect(all[0].attempts == 1 && all[0].cause == "Busy()")
        let (askTime, lastTime) = try (#require(all[0].askTime), #require(all[0].lastTime))
        #expect(askTime >= asked && lastTime.seconds(since: askTime) >= 4)
        _ = try operations.request(
            OperationRequest(.effect(group: "calls", effect: all[0].id, .giveUp), reason: "called")
        )
        try run(operations)
        let last = try #require(try operations.effects(everything).first)
        #expect(last.id == all[0].id && last.state == .givenUp && last.attempts == 1)
        #expect(try operations.effects(EffectsRequest()).isEmpty)
    }

    @Test func `of more effects than are wanted those that need an operator come first`() throws {
        let fixture = try Fixture()
        let operations = operations(fixture)
        for number in 0..<5 { try fixture.append(1, to: "cart-\(number)") }
        try handle(operations, fixture)
        let group = try #require(operations.domain.groups.first)
        let last = try #require(try operations.effects(EffectsRequest()).last)
        let queue = try #require(try group.openEffects())
        var stuck = try #require(
            try GroupObserver(files: group.files).effects().first { $0.id == last.id }
        )
        stuck.obstacle = .failed
        try queue.update(stuck, obeying: nil)
        let first = try operations.effects(EffectsRequest(limit: 2))
        #expect(first.map(\.position) == [Position(1), Position(5)])
        #expect(first.map(\.state) == [.waiting, .failed])
        #expect(try operations.effects(EffectsRequest()).count == 5)
        #expect(try operations.processors().map(\.effectKinds) == [["call"]])
    }

    @Test func `an effect that does not wait cannot be decided on`() throws {
        let fixture = try Fixture()
        let operations = operations(fixture)
        try fixture.append(1, to: "cart-1")
        let unknown = EventID(high: 1, low: 1)
        let asked = try operations.request(
            OperationRequest(.effect(group: "calls", effect: unknown, .retry), reason: "r")
        )
        try run(operations)
        let entry = try #require(try operations.operations(limit: 9).first { $0.id == asked })
        #expect(entry.outcome == .refused("no such effect waits"))
    }
}
