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
        let waiting = try operations.effects(of: nil)
        #expect(waiting.map(\.state) == [.waiting, .waiting])
        #expect(waiting.map(\.position) == [Position(1), Position(2)])
        #expect(waiting.map(\.sequenceKey) == ["cart-1", "cart-1"])
        line.setBusy(true)
        for _ in 0..<4 {
            try run(operations)
            fixture.clock.advance(bySeconds: 60)
        }
        let failed = try #require(try operations.effects(of: "calls").first)
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
        #expect(try operations.effects(of: nil).isEmpty)
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
        #expect(try operations.effects(of: nil).map(\.state) == [.inDoubt])
        do {
            let queue = try #require(try group.openEffects())
            #expect(try operations.effects(of: nil).map(\.state) == [.underWay])
            _ = try queue.due([], now: fixture.clock.now(), limit: 1)
        }
        try run(operations)
        #expect(try operations.effects(of: nil).map(\.state) == [.inDoubt] && line.calls.isEmpty)
        _ = try operations.request(
            OperationRequest(.effect(group: "calls", effect: pending.id, .giveUp), reason: "called")
        )
        try run(operations)
        #expect(try operations.effects(of: nil).isEmpty && line.calls.isEmpty)
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
