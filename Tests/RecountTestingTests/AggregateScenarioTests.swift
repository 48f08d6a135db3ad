import EventModel
import RecountTesting
import Testing

@Suite struct AggregateScenarioTests {
    @Test func `a scenario that holds is silent, however long it is`() throws {
        try given(Door.self)
            .when(.close).thenNothing()
            .when(.open(by: "Ana")).then([.opened(by: "Ana")]).thenState { $0.openedBy == "Ana" }
            .when(.open(by: "Ben")).thenRejects(.alreadyOpen(by: "Ana"))
            .when(.close).then([.closed]).thenState(Door())
    }

    @Test func `asking changes nothing, so that one scenario serves several commands`() throws {
        let closed = try given(Door.self, [.opened(by: "Ana"), .closed])
        for name in ["Ana", "Ben"] {
            try closed.when(.open(by: name)).then([.opened(by: name)])
        }
        try closed.thenState(Door())
    }

    @Test func `an event that differs is told field by field`() {
        expectFailure(
            """
            the answer is another
              events[0].DoorOpened.by: expected "Ben", actual "Ana"
            """
        ) {
            try given(Door.self).when(.open(by: "Ana")).then([.opened(by: "Ben")])
        }
    }

    @Test func `events of another type, missing and too many are told one a line`() {
        expectFailure(
            """
            the answer is another
              events[0].DoorClosed: expected {}, actual nothing
              events[0].DoorOpened: expected nothing, actual {"by":"Ana"}
              events[1]: expected {"DoorClosed":{}}, actual nothing
            """
        ) {
            try given(Door.self).when(.open(by: "Ana")).then([.closed, .closed])
        }
        expectFailure(
            """
            the answer is another
              events[0]: expected nothing, actual {"DoorOpened":{"by":"Ana"}}
            """
        ) {
            try given(Door.self).when(.open(by: "Ana")).thenNothing()
        }
    }

    @Test func `a rejection that differs is told part by part`() {
        expectFailure(
            """
            the answer is another
              rejected.alreadyOpen.by: expected "Ben", actual "Ana"
            """
        ) {
            try given(Door.self, [.opened(by: "Ana")])
                .when(.open(by: "Cleo")).thenRejects(.alreadyOpen(by: "Ben"))
        }
        expectFailure(
            """
            the answer is another
              rejected: expected "alreadyMeasured", actual {"alreadyOpen":{"by":"Ana"}}
            """
        ) {
            try given(Door.self, [.opened(by: "Ana")])
                .when(.open(by: "Ben")).thenRejects(.alreadyMeasured)
        }
    }

    @Test func `a rejection instead of events, and events instead of one, are told`() {
        expectFailure(
            """
            the answer is another
              events: expected [{"DoorOpened":{"by":"Ben"}}], actual nothing
              rejected: expected nothing, actual {"alreadyOpen":{"by":"Ana"}}
            """
        ) {
            try given(Door.self, [.opened(by: "Ana")])
                .when(.open(by: "Ben")).then([.opened(by: "Ben")])
        }
        expectFailure(
            """
            the answer is another
              rejected: expected "alreadyMeasured", actual nothing
              events: expected nothing, actual [{"DoorMeasured":{"metres":2.5}}]
            """
        ) {
            try given(Door.self).when(.measure(metres: 2.5)).thenRejects(.alreadyMeasured)
        }
    }

    @Test func `a state that differs is told field by field`() throws {
        var expected = Door()
        expected.evolve(.opened(by: "Ben"))
        expected.evolve(.measured(metres: 2))
        expectFailure(
            """
            the state is another
              openedBy: expected "Ben", actual "Ana"
              metres: expected 2.0, actual nothing
              squareMetres: expected 4.0, actual nothing
            """
        ) {
            try given(Door.self).when(.open(by: "Ana")).thenState(expected)
        }
        expectFailure(
            """
            the state is not as expected
              openedBy: "Ana"
            """
        ) {
            try given(Door.self, [.opened(by: "Ana")]).thenState { $0.metres == 2 }
        }
    }

    @Test func `an event that cannot be stored fails, given, expected or decided`() throws {
        let unnamed = "an event: the event cannot be stored: the case forgotten has no stored name"
        expectFailure(unnamed) { _ = try given(Door.self, [.forgotten]) }
        expectFailure(unnamed) { try given(Door.self).when(.close).then([.forgotten]) }
        expectFailure(unnamed) { _ = try given(Door.self).when(.forget) }
        expectFailure(
            "an event: the event cannot be stored: JSON has no form for nan. at measured.metres"
        ) {
            _ = try given(Door.self, [.measured(metres: .nan)])
        }
    }

    @Test func `an event that loses something when it is stored fails`() {
        let lost = """
            DoorPainted (revision 1) comes back from the store as another event
              painted.gloss: expected 3, actual 0
            """
        let paint = Door.Paint(colour: "red", gloss: 3)
        expectFailure(lost) { _ = try given(Door.self, [.painted(paint)]) }
        expectFailure(lost) { _ = try given(Door.self).when(.paint(paint)) }
    }

    @Test func `a state that cannot be saved, or loses something, fails`() throws {
        expectFailure(
            """
            the state cannot be saved: EncodingError.invalidValue: inf (Double). \
            Path: squareMetres. Debug description: JSON has no form for inf.
            """
        ) {
            _ = try given(Door.self).when(.measure(metres: 1e200))
        }
        let once = try given(Door.self, [.painted(Door.Paint(colour: "red"))])
        expectFailure(
            """
            the state comes back from a snapshot as another
              paint.gloss: expected 1, actual 0
            """
        ) {
            _ = try once.when(.paint(Door.Paint(colour: "red")))
        }
    }

    @Test func `old forms go through the upcasters`() throws {
        let door = try given(Door.self).given(stored: "DoorOpened", #"{"who":"Ana"}"#)
        try door.thenState { $0.openedBy == "Ana" }
        try door.when(.open(by: "Ben")).thenRejects(.alreadyOpen(by: "Ana"))
        try given(Door.self, [.opened(by: "Ana")])
            .given(stored: "DoorClosed", "{}")
            .given(stored: "DoorOpened", revision: 2, #"{"by":"Ben"}"#)
            .thenState { $0.openedBy == "Ben" }
    }

    @Test func `a stored event that the aggregate cannot take in fails`() throws {
        expectFailure(
            """
            door-1 sequence 1, position 2, DoorOpened (revision 3): \
            the current revision is 2; the event was written by a later program
            """
        ) {
            _ = try given(Door.self, [.closed]).given(stored: "DoorOpened", revision: 3, "{}")
        }
        expectFailure(
            """
            door-1 sequence 0, position 1, DoorOpened (revision 2): \
            the payload does not fit: by is missing
            """
        ) {
            _ = try given(Door.self).given(stored: "DoorOpened", revision: 2, "{}")
        }
    }

    @Test func `a failure names the step in the test`() {
        // Inside the parentheses of `#expect`, every line is that of the macro.
        let line = #line + 1
        let steps = { try given(Door.self).when(.close).then([.closed]) }
        let failure = #expect(throws: ScenarioFailure.self) { try steps() }
        #expect(failure?.message == "the answer is another")
        let place = "AggregateScenarioTests.swift:\(line): the answer is another"
        #expect(failure?.description.split(separator: "\n").first == place[...])
    }

    @Test func `a long failure shows twelve differences, and no long value`() {
        let name = String(repeating: "x", count: 300)
        let shown = #"{"DoorOpened":{"by":""# + String(repeating: "x", count: 79) + "…"
        let lines = (0..<12).map { "\n  events[\($0)]: expected \(shown), actual nothing" }
        expectFailure("the answer is another\(lines.joined())\n  and 8 more") {
            try given(Door.self).when(.close)
                .then(Array(repeating: .opened(by: name), count: 20))
        }
    }

    @Test func `what has neither a codable form nor equality is compared part by part`() throws {
        let shelf = try given(Shelf.self, [Shelf.Event(names: ["cup"])])
        try shelf.when(.put(["jug", "pot", "tin"], depth: 1))
            .then([Shelf.Event(names: ["tin", "pot", "jug"])])
        try shelf.when(.put([], depth: 3)).thenRejects(Shelf.Full())
        var expected = Shelf()
        expected.evolve(Shelf.Event(names: ["cup"]))
        try shelf.thenState(expected)
        expected.places["cup"]?.label = "blue"
        expectFailure(
            """
            the state is another
              places[0].value.label: expected "blue", actual null
            """
        ) {
            try shelf.thenState(expected)
        }
        expectFailure(
            """
            the answer is another
              events[0].ThingsPut: expected "pot", actual "jug"
            """
        ) {
            try shelf.when(.put(["jug"], depth: 1)).then([Shelf.Event(names: ["pot"])])
        }
    }
}
