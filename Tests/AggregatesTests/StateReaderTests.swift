import Aggregates
import EventModel
import EventSchema
import EventStorage
import JSON
import RecountTesting
import Testing

private func balance(_ state: StreamState) throws -> Int64? {
    try state.json.map { try JSONValue(parsing: $0)["balanceCents"]?.integer } ?? nil
}

@Test func `a state is there at the head, a sequence, a position and a time`() throws {
    let bank = Bank()
    try bank.fill("other", deposits: 4, seed: 100)
    let stream = try bank.fill("1", deposits: 20)
    let expected: [(HistoryPoint, Int64?, UInt64?)] = [
        (.head, 20, 20),
        (.sequence(Sequence(7)), 7, 7),
        (.sequence(Sequence(99)), 20, 20),
        (.position(Position(5 + 8)), 7, 7),
        (.position(Position(5)), nil, nil),
        (.time(Timestamp(microseconds: 75)), 7, 7),
        (.time(Timestamp(microseconds: 70)), 7, 7),
        (.time(Timestamp(microseconds: -1)), nil, nil),
    ]
    for takesSnapshots in [false, true] {
        if takesSnapshots {
            let snapshot = try #require(try bank.snapshotter.take(of: stream))
            #expect(snapshot.sequence == Sequence(20))
        }
        for (point, cents, last) in expected {
            let state = try bank.reader.state(of: stream, at: point)
            #expect(try balance(state) == cents, "at \(point)")
            #expect(state.last?.sequence.number == last, "at \(point)")
        }
    }
    let missing = try bank.reader.state(of: StreamName("account-none"))
    #expect(missing.json == nil && missing.last == nil)
}

@Test func `where times go back, a time means exactly the events up to it`() throws {
    let bank = Bank()
    let stream = Account.stream("1")
    let amounts = [(1, 10), (2, 50), (4, 30), (8, 60)]
    for (index, (cents, time)) in amounts.enumerated() {
        let event = try bank.pending(
            .deposited(cents: cents),
            number: UInt64(index),
            time: Int64(time)
        )
        _ = try bank.store.append(AppendRequest([event], to: stream))
        try bank.snapshotter.take(of: stream)
    }
    func state(_ time: Int64) throws -> StreamState {
        try bank.reader.state(of: stream, at: .time(Timestamp(microseconds: time)))
    }
    #expect(try balance(state(30)) == 5)
    #expect(try state(30).last?.sequence == Sequence(2))
    #expect(try state(30).snapshotSequence == Sequence(0))
    #expect(try balance(state(55)) == 7)
    #expect(try state(55).snapshotSequence == Sequence(2))
    #expect(try balance(state(60)) == 15)
}

@Test func `the nearest snapshot before a point shortens the fold`() throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 9)
    try bank.snapshotter.take(of: stream)
    let more = try (10..<30).map {
        try bank.pending(.deposited(cents: 1), number: UInt64($0), time: Int64($0) * 10)
    }
    _ = try bank.store.append(AppendRequest(more, to: stream))
    try bank.snapshotter.take(of: stream)
    for (sequence, snapshot) in [(5, nil), (9, 9), (20, 9), (29, 29), (40, 29)] as [(Int, Int?)] {
        let point = HistoryPoint.sequence(Sequence(UInt64(sequence)))
        let state = try bank.reader.state(of: stream, at: point)
        #expect(state.snapshotSequence?.number == snapshot.map(UInt64.init))
        let plain = try bank.plainReader.state(of: stream, at: point)
        #expect(state.json == plain.json)
        #expect(state.last == plain.last)
    }
}

@Test(arguments: ["eventID", "position", "state", "fingerprint", "sequence"])
func `a snapshot that does not fit is ignored`(part: String) throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 9)
    try bank.spoilSnapshot(of: stream, part)
    let state = try bank.reader.state(of: stream)
    #expect(try balance(state) == 9)
    #expect(state.snapshotSequence == nil)
    #expect(try bank.repository.load("1").root.balanceCents == 9)
}

@Test func `without rules a state is the merge of the payloads`() throws {
    let store = InMemoryEventStore(now: TestClock().now)
    let stream = StreamName("note-1")
    let payloads = [#"{"a":1,"b":{"c":2}}"#, "", "no json", #"{"b":{"d":3},"a":4}"#]
    for (index, payload) in payloads.enumerated() {
        let event = PendingEvent(
            id: EventID(high: 1, low: UInt64(index)),
            type: EventType("Noted"),
            contentType: payload.first == "{" ? "application/vnd.note+json" : "text/plain",
            payload: Array(payload.utf8)
        )
        _ = try store.append(AppendRequest([event], to: stream))
    }
    let state = try StateReader(store: store).state(of: stream)
    #expect(state.json.map { String(decoding: $0, as: UTF8.self) } == #"{"a":4,"b":{"c":2,"d":3}}"#)
    #expect(state.rules == "merge of payloads")
    #expect(state.last?.sequence == Sequence(3))
}

@Test(arguments: HostilePayload.all)
func `a merge refuses an event whose JSON cannot be read, and names it`(
    payload: HostilePayload
) throws {
    let store = InMemoryEventStore(now: TestClock().now)
    let stream = StreamName("note-1")
    for (number, bytes) in [Array("{}".utf8), payload.bytes].enumerated() {
        var event = TestEvents.event(UInt64(number))
        event.payload = bytes
        _ = try store.append(AppendRequest([event], to: stream))
    }
    let reader = StateReader(store: store)
    guard payload.isRefusedByParsers else {
        #expect(try reader.state(of: stream).last?.position == Position(2))
        return
    }
    do {
        _ = try reader.state(of: stream)
        Issue.record("\(payload) was taken in")
    } catch {
        #expect(
            error.description == "note-1 sequence 1, position 2, Tested1 (revision 1): "
                + "the payload cannot be read: \(payload.reason)"
        )
    }
    #expect(throws: Never.self) { try reader.state(of: stream, at: .sequence(.first)) }
}

@Test func `an event the rules cannot take in is named`() throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 2)
    let odd = PendingEvent(id: EventID(high: 9, low: 9), type: "AccountRenamed", payload: [])
    _ = try bank.store.append(AppendRequest([odd], to: stream))
    do {
        _ = try bank.reader.state(of: stream)
        Issue.record("an unknown event was taken in")
    } catch {
        #expect(
            "\(error)".hasPrefix("account-1 sequence 3, position 4, AccountRenamed (revision 1): ")
        )
    }
    #expect(throws: Never.self) { try bank.reader.state(of: stream, at: .sequence(Sequence(2))) }
}

@Test func `folds see events in their current form`() throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 1)
    let old = PendingEvent(
        id: EventID(high: 9, low: 9),
        type: "AccountCredited",
        payload: Array(#"{"euros":2}"#.utf8)
    )
    _ = try bank.store.append(AppendRequest([old], to: stream))
    let upcaster = Upcaster("AccountCredited", from: 1, to: 1, renamed: "AccountDeposited") {
        ["cents": .number(JSONNumber(($0["euros"]?.integer ?? 0) * 100))]
    }
    let upcasting = try Upcasting([upcaster], fingerprint: "1")
    let fold = try Fold(Account.self).joined(with: upcasting)
    let reader = StateReader(store: bank.store, folds: Folds([fold]))
    #expect(try balance(reader.state(of: stream)) == 201)
    #expect(fold.fingerprint != Fold(Account.self).fingerprint)
}

// MARK: - Going back and forth

@Test func `a timeline shows every state, in any order`() throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 1000)
    let timeline = try StateTimeline(of: stream, in: bank.reader)
    for sequence in [1000, 0, 255, 256, 257, 999, 511, 512, 3, 4, 5, 2000] as [UInt64] {
        let state = try timeline.state(at: Sequence(sequence))
        #expect(try balance(state) == Int64(min(sequence, 1000)))
        #expect(state.last?.sequence.number == min(sequence, 1000))
    }
    #expect(try timeline.state(at: nil).json == nil)
    let event = try bank.pending(.deposited(cents: 5), number: 5000, time: 0)
    _ = try bank.store.append(AppendRequest([event], to: stream))
    #expect(try balance(timeline.state(at: Sequence(1001))) == 1005)
}

@Test func `two states differ by path`() throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 5)
    let differences = try bank.reader.differences(
        of: stream,
        from: Sequence(0),
        to: Sequence(2)
    )
    #expect(differences.map(\.path.description) == ["balanceCents", "eventCount"])
    #expect(differences.map(\.before) == [0, 1])
    #expect(differences.map(\.after) == [2, 3])
    let first = try bank.reader.differences(of: stream, from: nil, to: Sequence(0))
    #expect(first.map(\.path.description) == ["$"])
}

@Test func `the event that last changed a field is found`() throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 5)
    let reader = bank.reader
    func origin(_ path: String, through sequence: UInt64? = nil) throws -> UInt64? {
        let path = try #require(JSONPath(path))
        let through = sequence.map { Sequence($0) }
        return try reader.origin(of: path, in: stream, through: through)?.event.sequence.number
    }
    #expect(try origin("owner") == 0)
    #expect(try origin("balanceCents") == 5)
    #expect(try origin("balanceCents", through: 3) == 3)
    #expect(try origin("$") == 5)
    #expect(try origin("missing") == nil)
    let origins = try reader.origins(in: stream)
    #expect(origins.map(\.path.description) == ["owner", "balanceCents", "eventCount"])
    #expect(origins.map(\.event.sequence.number) == [0, 5, 5])
    #expect(origins.first?.value == "Ana")
}

@Test func `a field set as a part of something larger has its origin`() throws {
    let store = InMemoryEventStore(now: TestClock().now)
    let stream = StreamName("note-1")
    let payloads = [
        #"{"a":{"b":1,"c":1}}"#, #"{"a":{"b":2}}"#, #"{"a":null}"#, #"{"a":{"b":3,"c":3}}"#,
        #"{"a":{"c":4}}"#, "{}",
    ]
    for (index, payload) in payloads.enumerated() {
        let event = PendingEvent(
            id: EventID(high: 1, low: UInt64(index)),
            type: EventType("Noted"),
            contentType: payload.first == "{" ? "application/vnd.note+json" : "text/plain",
            payload: Array(payload.utf8)
        )
        _ = try store.append(AppendRequest([event], to: stream))
    }
    let origins = try StateReader(store: store).origins(in: stream)
    #expect(origins.map(\.path.description) == ["a.b", "a.c"])
    #expect(origins.map(\.event.sequence.number) == [3, 4])
}
