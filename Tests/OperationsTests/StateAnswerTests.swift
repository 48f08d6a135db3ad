import Aggregates
import EventModel
import EventStorage
import JSON
import OperationsModel
import Processing
import RecountTesting
import Testing

@testable import Operations

@Suite struct StateAnswerTests {
    private static let stream = StreamName("cart-1")

    /// A stream of three events with another's event in between.
    private func fixture() throws -> Fixture {
        let fixture = try Fixture()
        try fixture.append(payload: #"{"a":1,"b":{"c":1}}"#, to: "cart-1")
        try fixture.append(payload: #"{"a":9}"#, to: "cart-2")
        try fixture.append(payload: #"{"b":{"c":2}}"#, to: "cart-1")
        try fixture.append(payload: #"{"a":null,"d":[1]}"#, to: "cart-1")
        return fixture
    }

    private func text(_ fixture: Fixture, _ point: StatePoint) throws -> String? {
        let state = try fixture.operations.state(of: StateAnswerTests.stream, at: point)
        #expect(
            (state.json == nil) == (state.last == nil) && state.lines.isEmpty == (state.json == nil)
        )
        return state.json.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `each kind of point leads to its state`() throws {
        let fixture = try fixture()
        let states = [
            #"{"a":1,"b":{"c":1}}"#, #"{"a":1,"b":{"c":2}}"#, #"{"b":{"c":2},"d":[1]}"#,
        ]
        #expect(try text(fixture, .head) == states[2])
        for (sequence, state) in states.enumerated() {
            #expect(try text(fixture, .sequence(Sequence(UInt64(sequence)))) == state)
        }
        let byPosition: [String?] = [nil, states[0], states[0], states[1], states[2], states[2]]
        for (position, state) in byPosition.enumerated() {
            #expect(try text(fixture, .position(Position(UInt64(position)))) == state)
        }
        // The numbers of the events are their event times: 0, 2 and 3 in this stream.
        let byTime: [String?] = [nil, states[0], states[0], states[1], states[2], states[2]]
        for (index, state) in byTime.enumerated() {
            let time = Timestamp(microseconds: Int64(index) - 1)
            #expect(try text(fixture, .time(time)) == state, "at \(time)")
        }
        let nobody = try fixture.operations.state(of: StreamName("nobody-1"), at: .head)
        #expect(nobody.last == nil && nobody.json == nil && nobody.lines.isEmpty)
    }

    @Test func `lines lay a state out and name the field of each`() throws {
        let state = try fixture().operations.state(of: StateAnswerTests.stream, at: .head)
        #expect(state.lines.map(\.text) == ["b: {", "c: 2", "}", "d: [", "1", "]"])
        #expect(state.lines.map(\.depth) == [0, 1, 0, 0, 1, 0])
        #expect(state.lines.map(\.path) == ["b", "b.c", "", "d", "d[0]", ""])
        #expect(state.rules == "merge of payloads" && state.snapshotSequence == nil)
    }

    @Test func `differences go either way, and nothing is the state before the first`() throws {
        let operations = try fixture().operations
        func paths(_ from: UInt64?, _ to: UInt64?) throws -> [String] {
            try operations.difference(
                of: StateAnswerTests.stream,
                from: from.map(Sequence.init),
                to: to.map(Sequence.init)
            ).map { "\($0.path) \($0.before ?? "-") \($0.after ?? "-")" }
        }
        #expect(try paths(0, 1) == ["b.c 1 2"])
        #expect(try paths(1, 0) == ["b.c 2 1"])
        #expect(try paths(0, 2) == ["a 1 -", "b.c 1 2", "d - [1]"])
        #expect(try paths(2, 2) == [] && paths(nil, nil) == [])
        let whole = try paths(nil, 0)
        #expect(whole.count == 1 && whole[0].hasPrefix("$ null {"), "\(whole)")
    }

    @Test func `each field knows the event that last changed it`() throws {
        let origins = try fixture().operations.origins(of: StateAnswerTests.stream, through: nil)
        let sequences = Dictionary(
            uniqueKeysWithValues: origins.map { ($0.path.description, $0.event.sequence.number) }
        )
        #expect(sequences["b.c"] == 1 && sequences["d[0]"] == 2 && sequences["a"] == nil)
    }

    @Test func `snapshots are counted by category, those of the system left out`() throws {
        let fixture = try fixture()
        _ = try fixture.operations.request(
            OperationRequest(.snapshotStream(StateAnswerTests.stream), reason: "r")
        )
        let before = try fixture.operations.snapshotCoverage()
        #expect(before.map(\.category.text) == ["cart"])
        #expect(before[0].streamCount == 2 && before[0].coveredCount == 0)
        #expect(before[0].worstStream == StateAnswerTests.stream && before[0].worstEventCount == 3)
        let done = try fixture.operations.takeSnapshots(.snapshotStream(StateAnswerTests.stream))
        #expect(done.hasPrefix("saved cart-1 at sequence 2, "))
        let after = try fixture.operations.snapshotCoverage()
        #expect(after[0].coveredCount == 1 && after[0].worstStream == StreamName("cart-2"))
        try fixture.append(payload: "{}", to: "cart-1")
        _ = try fixture.operations.takeSnapshots(.snapshotStream(StateAnswerTests.stream))
        let list = try fixture.operations.snapshots(of: StateAnswerTests.stream)
        #expect(list.first?.sequence == Sequence(3) && list.allSatisfy(\.isCurrent))
        let state = try fixture.operations.state(of: StateAnswerTests.stream, at: .head)
        #expect(state.snapshotSequence == Sequence(3))
        let none = try fixture.operations.takeSnapshots(.snapshotStream(StreamName("nobody-1")))
        #expect(none == "the stream has no event")
        let rest = try fixture.operations.takeSnapshots(.snapshotCategory(Category("cart")))
        #expect(rest == "saved 1 of 2 streams")
    }
}

@Test func `a state whose paths would fill the memory is laid out as far as it can be`() throws {
    let fixture = try Fixture()
    // A path of 200 kB in front of each of 100,000 numbers.
    let key = String(repeating: "k", count: 1000)
    let depth = 200
    let payload =
        String(repeating: #"{"\#(key)":"#, count: depth) + "["
        + Array(repeating: "0", count: 100_000).joined(separator: ",") + "]"
        + String(repeating: "}", count: depth)
    try fixture.append(payload: payload, to: "cart-1")
    let state = try fixture.operations.state(of: StreamName("cart-1"), at: .head)
    #expect(state.json?.count == payload.utf8.count)
    #expect(state.lines.reduce(0) { $0 + $1.text.utf8.count + $1.path.utf8.count } < 40_000_000)
    #expect(state.lines.last?.text.hasPrefix("the rest is left out") == true)
    try fixture.append(payload: #"{"a":[1]}"#, to: "cart-2")
    let stream = StreamName("cart-1")
    let difference = #expect(throws: OperationsError.self) {
        try fixture.operations.difference(of: stream, from: nil, to: .first)
    }
    #expect(difference?.code == .refused)
    #expect(difference?.message.hasPrefix("the state of cart-1 at sequence 0 is too large") == true)
    let origins = #expect(throws: OperationsError.self) {
        try fixture.operations.origins(of: stream, through: nil)
    }
    let place =
        "cart-1 sequence 0, position 1, Tested0 (revision 1): the state after it is too large"
    #expect(origins?.message.contains(place) == true, "\(String(describing: origins))")
    let path = JSONPath([.key(key)])
    let one = try fixture.operations.origin(of: path, in: stream, through: nil)
    #expect(one?.event.position == Position(1))
    let small = try fixture.operations.state(of: StreamName("cart-2"), at: .head)
    #expect(small.lines.map(\.text) == ["a: [", "1", "]"])
}
