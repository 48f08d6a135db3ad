import EventModel
import Processing
import Testing

private func operation(_ act: Operation.Act, _ number: UInt64 = 1) -> Operation {
    Operation(
        id: EventID(high: 0, low: number),
        act: act,
        operatorName: "ana",
        host: "console",
        reason: "because"
    )
}

private func processor(at position: UInt64, isIdempotent: Bool = false) -> Processor {
    let token = TrackingToken(position: Position(position))
    let accounting = Accounting(handled: position)
    return Processor(
        GroupProgress(token: token, accounting: accounting),
        isIdempotent: isIdempotent
    )
}

@Test func `a group at the head waits, one behind handles a batch`() {
    var group = processor(at: 5)
    let wait = Processor.Action.wait(
        after: Position(5),
        milliseconds: Processor.idleMilliseconds
    )
    #expect(group.next(head: Position(5), now: .epoch) == wait)
    #expect(
        group.next(head: Position(9), now: .epoch) == .handle(after: Position(5), limit: 4)
    )
    #expect(
        group.next(head: Position(99_999), now: .epoch)
            == .handle(after: Position(5), limit: Processor.batchLimit)
    )
}

@Test func `a paused group waits until it is resumed`() {
    var group = processor(at: 5)
    group.receive(operation(.pause(group: "g")), at: Sequence(0))
    guard case .store(let paused, let outcome?) = group.next(head: Position(9), now: .epoch) else {
        Issue.record("a pause is stored")
        return
    }
    #expect(paused.pauseReason == "because" && paused.nextOperation == Sequence(1))
    #expect(outcome.result == .completed && outcome.before == "running")
    guard case .wait = group.next(head: Position(9), now: .epoch) else {
        Issue.record("a paused group waits")
        return
    }
    group.receive(operation(.resume(group: "g"), 2), at: Sequence(1))
    guard case .store(let resumed, _) = group.next(head: Position(9), now: .epoch) else {
        Issue.record("a resume is stored")
        return
    }
    #expect(resumed.pauseReason == nil)
    #expect(
        group.next(head: Position(9), now: .epoch) == .handle(after: Position(5), limit: 4)
    )
}

@Test func `a replay empties the tables, stops at the reset position, and is completed there`() {
    var group = processor(at: 5)
    let replay = operation(.replay(group: "g", after: .start, rateLimit: nil))
    group.receive(replay, at: Sequence(0))
    guard
        case .replace(.none, var progress, let started) =
            group.next(head: Position(9), now: .epoch)
    else {
        Issue.record("a replay resets")
        return
    }
    #expect(started.result == .started && started.operation == replay.id)
    #expect(progress.accounting == Accounting() && progress.isAccountedFor)
    #expect(
        group.next(head: Position(9), now: .epoch) == .handle(after: .start, limit: 5)
    )
    progress.segments[0].token.advance(to: Position(5))
    group.handled(progress)
    guard case .store(let ended, let completed?) = group.next(head: Position(9), now: .epoch)
    else {
        Issue.record("a replay ends")
        return
    }
    #expect(ended.token == TrackingToken(position: Position(5)))
    #expect(completed.result == .completed && completed.operation == replay.id)
    #expect(completed.eventID != started.eventID)
    #expect(
        group.next(head: Position(9), now: .epoch) == .handle(after: Position(5), limit: 4)
    )
}

@Test func `a replay from the middle wants idempotent projections`() {
    let replay = operation(.replay(group: "g", after: Position(2), rateLimit: nil))
    var strict = processor(at: 5)
    strict.receive(replay, at: Sequence(0))
    guard case .store(_, let refused?) = strict.next(head: Position(5), now: .epoch) else {
        Issue.record("a refusal is told")
        return
    }
    #expect(refused.result == .refused)
    var idempotent = processor(at: 5, isIdempotent: true)
    idempotent.receive(replay, at: Sequence(0))
    guard
        case .replace(.copy, let progress, let started) =
            idempotent.next(head: Position(5), now: .epoch)
    else {
        Issue.record("an idempotent replay keeps the tables")
        return
    }
    #expect(started.result == .started && progress.token.position == Position(2))
    #expect(progress.isAccountedFor && progress.accountedFrom == .start)
}

@Test func `a failing group tries again later and later, and at once when resumed`() {
    var group = processor(at: 5)
    var delays: [Double] = []
    for _ in 0..<8 {
        group.failed(at: Position(6), "no such column", now: .epoch)
        delays.append(group.failure?.nextAttempt.seconds(since: .epoch) ?? 0)
    }
    #expect(delays == [1, 2, 4, 8, 16, 32, 60, 60])
    guard case .wait = group.next(head: Position(9), now: .epoch) else {
        Issue.record("a failing group waits")
        return
    }
    group.receive(operation(.resume(group: "g")), at: Sequence(0))
    _ = group.next(head: Position(9), now: .epoch)
    #expect(
        group.next(head: Position(9), now: .epoch) == .handle(after: Position(5), limit: 4)
    )
}

@Test func `a group ahead of history handles nothing, whatever is appended, until a replay`() {
    var group = processor(at: 50)
    let ancestor = HistoryMark(
        position: Position(9),
        event: EventID(high: 1, low: 9),
        incarnation: 1,
        recordedTime: .epoch
    )
    group.historyBreak = HistoryBreak(
        position: Position(50),
        head: Position(40),
        ancestor: ancestor
    )
    func waits(_ head: UInt64) -> Bool {
        guard case .wait = group.next(head: Position(head), now: .epoch) else { return false }
        return true
    }
    #expect([UInt64(40), 49, 50, 99].allSatisfy(waits))
    group.receive(operation(.resume(group: "g")), at: Sequence(0))
    _ = group.next(head: Position(99), now: .epoch)
    #expect(waits(99), "it does not go on by itself")
    let replay = operation(.replay(group: "g", after: .start, rateLimit: nil))
    group.receive(replay, at: Sequence(1))
    guard case .replace(.none, let progress, _) = group.next(head: Position(99), now: .epoch)
    else {
        Issue.record("a replay from the start is obeyed")
        return
    }
    #expect(progress.token.replay?.resetPosition == Position(9))
    #expect(waits(99), "the former rows are as they were")
}

@Test func `a rate limit lets a second's worth through in a second`() {
    var group = processor(at: 5000)
    let replay = operation(.replay(group: "g", after: .start, rateLimit: 1000))
    group.receive(replay, at: Sequence(0))
    _ = group.next(head: Position(5000), now: .epoch)
    var handled: UInt64 = 0
    for tick in 0..<100 {
        let now = Timestamp.epoch.advanced(bySeconds: Double(tick) / 100)
        guard case .handle(_, let limit) = group.next(head: Position(5000), now: now) else {
            continue
        }
        var progress = group.progress
        progress.segments[0].token.advance(
            to: Position(progress.token.position.number + UInt64(limit))
        )
        group.handled(progress)
        handled += UInt64(limit)
    }
    #expect((950...1150).contains(handled))
}

@Test(arguments: [
    Operation.Act.pause(group: "g"), .resume(group: "g"),
    .replay(group: "g", after: Position(7), rateLimit: 100),
    .replay(group: "g", after: .start, rateLimit: nil),
    .replay(group: "g", after: .start, rateLimit: nil, isShadow: true),
    .replay(
        group: "g",
        after: Position(2),
        rateLimit: nil,
        selection: ReplaySelection(
            end: Position(9),
            streams: [StreamName("b"), StreamName("a")],
            types: [EventType("T")]
        )
    ),
    .undo(group: "g", operation: EventID(high: 1, low: 2)), .letGo(group: "g"),
    .retry(group: "g", letters: .all, rateLimit: 5, stopsAtFailure: false),
    .retry(group: "g", letters: .cause("c"), rateLimit: nil, stopsAtFailure: true),
    .discard(group: "g", letters: .sequence("cart-1")),
    .discard(group: "g", letters: .position(Position(7))),
    .skip(group: "g", position: Position(7)),
    .snapshotStream(StreamName("cart-1")), .snapshotCategory(Category("cart")),
    .snapshotStale(), .snapshotCategory(Category("cart"), rateLimit: 5),
    .snapshotStale(rateLimit: 9),
])
func `an operation survives being an event`(_ act: Operation.Act) {
    let operation = operation(act)
    let event = operation.event
    let recorded = RecordedEvent(
        position: Position(1),
        stream: Operation.stream,
        sequence: .first,
        recordedTime: .epoch,
        eventTime: .epoch,
        id: event.id,
        type: event.type,
        revision: 1,
        tags: [],
        contentType: event.contentType,
        metadata: [],
        payload: event.payload
    )
    #expect(Operation(recorded) == operation)
    #expect(OperationOutcome(recorded) == nil)
}

@Test func `a clock that is set back does not put off the next attempt`() {
    var group = processor(at: 5)
    group.failed(at: Position(6), "no such column", now: Timestamp(microseconds: 1 << 50))
    let attempt = Processor.Action.handle(after: Position(5), limit: 4)
    #expect(group.next(head: Position(9), now: .epoch) == attempt)
}

@Test func `a rate is measured again after the clock was set back`() {
    var meter = RateMeter()
    meter.note(10, at: Timestamp(microseconds: 1 << 50))
    meter.note(20, at: .epoch)
    meter.note(30, at: Timestamp(microseconds: 1_000_000))
    #expect(meter.ratePerSecond == 10)
}
