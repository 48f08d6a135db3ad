import Aggregates
import EventModel
import EventStorage
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

/// Asks for a mail where a door is opened, and writes down how often that was new.
private struct Greetings: EffectfulProjection {
    let name = "greetings"
    let tables = ["CREATE TABLE greetings (text TEXT NOT NULL)"]
    let eventTypes: [EventType]? = ["DoorOpened", "DoorClosed"]
    let isIdempotent = false
    let replayRules = ReplayRules(muted: ["DoorClosed"])
    let effects = [EffectKind("mail") { _ in }]

    func makeHandler(
        in database: SQLiteConnection,
        asking outbox: EffectOutbox
    ) throws -> any ProjectionHandler {
        Handler(insert: try database.prepare("INSERT INTO greetings VALUES (?)"), outbox: outbox)
    }

    private final class Handler: ProjectionHandler {
        let insert: SQLiteStatement
        let outbox: EffectOutbox

        init(insert: SQLiteStatement, outbox: EffectOutbox) {
            self.insert = insert
            self.outbox = outbox
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            try note(event.eventType.text)
            if event.eventType == "DoorOpened" {
                // Twice for one event and key is once.
                for _ in 0..<2 { try outbox.ask("mail", key: event.streamName.text) }
            }
            return true
        }

        func replayBegins(_ replay: ReplayContext) throws { try note("begin") }

        func replayEnds(_ replay: ReplayContext) throws { try note("end") }

        private func note(_ text: String) throws {
            try insert.bind(text: text, at: 1)
            try insert.run()
        }
    }
}

@Suite struct ProjectionScenarioTests {
    @Test func `a replay keeps to the rules, is begun and ended, and asks for nothing`() throws {
        let events = try given(Greetings())
            .when(Door.self, [.opened(by: "Ana"), .closed], for: "a")
            .when(Door.self, [.opened(by: "Ben")], for: "b")
        try events
            .thenTable("greetings", [["DoorClosed"], ["DoorOpened"], ["DoorOpened"]])
            .thenEffects([["mail", "door-a", "{}"], ["mail", "door-b", "{}"]])
        try events.replayed()
            .thenRows(
                "SELECT text FROM greetings ORDER BY rowid",
                [["begin"], ["DoorOpened"], ["DoorOpened"], ["end"]]
            )
            .thenEffects([])
        #expect(throws: ScenarioFailure.self) { try events.thenEffects([]) }
        #expect(throws: ScenarioFailure.self) { try events.replayed().thenEffects([["mail"]]) }
    }

    @Test func `rows are those of a query or of a whole table`() throws {
        try given(Openings())
            .thenTable("openings", [])
            .when(Door.self, [.opened(by: "Ana"), .closed, .opened(by: "Ben")], for: "b")
            .when(Door.self, [.opened(by: "Cleo")], for: "a")
            .thenRows("SELECT door, count FROM openings ORDER BY count", [["a", 1], ["b", 2]])
            .thenTable(
                "openings",
                [
                    ["a", 1, "Cleo", "2026-01-01T00:00:03Z"],
                    ["b", 2, "Ben", "2026-01-01T00:00:02Z"],
                ]
            )
    }

    @Test func `events happen when the test says, a clock moved by hand included`() throws {
        let clock = TestClock(.epoch)
        clock.advance(bySeconds: 86_400)
        try given(Openings())
            .when(
                Door.self,
                [.closed, .opened(by: "Ana")],
                for: "a",
                at: "2026-03-01T12:00:00+01:00"
            )
            .when(Door.self, [.opened(by: "Ana")], for: "b")
            .when(Door.self, [.opened(by: "Ana")], for: "c", at: clock.now().description)
            .thenRows(
                "SELECT time FROM openings ORDER BY door",
                [
                    ["2026-03-01T11:00:01Z"], ["2026-03-01T11:00:02Z"],
                    ["1970-01-02T00:00:00.000001Z"],
                ]
            )
        expectFailure("tomorrow is no time such as 2026-01-31T12:00:00Z") {
            _ = try given(Openings()).when(Door.self, [.closed], at: "tomorrow")
        }
    }

    @Test func `an event can be given as a store may still hold it`() throws {
        try given(Openings())
            .when(Door.self, stored: "DoorOpened", #"{"who":"Ana"}"#)
            .thenRows("SELECT count, last FROM openings", [[1, "Ana"]])
            .when(stored: "DoorOpened", #"{"who":"Ben"}"#, in: Door.stream("1"))
            .thenRows("SELECT count, last FROM openings", [[2, "Ben"]])
    }

    @Test func `only aggregates that the scenario names have upcasters`() throws {
        try given(Openings())
            .when(stored: "DoorOpened", #"{"who":"Ana"}"#, in: Door.stream("1"))
            .thenRows("SELECT count, last FROM openings", [[1, .null]])
            .when(Door.self, [.opened(by: "Ben")], for: "2")
            .thenRows("SELECT last FROM openings ORDER BY door", [["Ana"], ["Ben"]])
    }

    @Test func `a row that differs is told column by column`() {
        expectFailure(
            """
            the rows of openings are others
              [0].count: expected 2, actual 1
              [0].last: expected null, actual "Ana"
            """
        ) {
            try given(Openings())
                .when(Door.self, [.opened(by: "Ana")])
                .thenTable("openings", [["1", 2, .null, "2026-01-01T00:00:00Z"]])
        }
    }

    @Test func `rows that are missing and too many are told as a whole`() {
        let openings = { () throws(ScenarioFailure) in
            try given(Openings())
                .when(Door.self, [.opened(by: "Ana")], for: "a")
                .when(Door.self, [.opened(by: "Ben")], for: "b")
        }
        let query = "SELECT door, last FROM openings ORDER BY door"
        expectFailure(
            """
            the rows are others
              [0]: expected ["0","Zoe"], actual nothing
              [2]: expected ["c","Cleo"], actual nothing
              [0]: expected nothing, actual ["a","Ana"]
            """
        ) {
            try openings().thenRows(query, [["0", "Zoe"], ["b", "Ben"], ["c", "Cleo"]])
        }
        expectFailure(
            """
            the rows are others
              [0]: expected 1 columns, actual 2
            """
        ) {
            try openings().thenRows(query, [["a"], ["b", "Ben"]])
        }
    }

    @Test func `numbers, texts and bytes that look alike differ`() {
        expectFailure(
            """
            the rows are others
              [0].a: expected "1", actual 1
              [0].b: expected 1, actual 1.0
              [0].c: expected "1", actual {"blob":[49]}
            """
        ) {
            try given(Openings())
                .thenRows("SELECT 1 AS a, 1.0 AS b, x'31' AS c", [["1", 1, "1"]])
        }
    }

    @Test func `a projection that counts again what it has counted is not idempotent`() throws {
        let events: [Door.Event] = [.opened(by: "Ana"), .opened(by: "Ben")]
        expectFailure(
            """
            handling the events again changes rows
              openings[0].count: expected 2, actual 4
            """
        ) {
            try given(Openings(isIdempotent: true)).when(Door.self, events).thenIsIdempotent()
        }
        expectFailure("openings does not say that it is idempotent") {
            try given(Openings()).when(Door.self, events).thenIsIdempotent()
        }
        try given(Openings(isIdempotent: true, step: "0")).when(Door.self, events)
            .thenIsIdempotent()
    }

    @Test func `an event that cannot be handled is named`() {
        expectFailure(
            "DoorOpened in door-2, sequence 1: there is no JSON value (at byte 0)"
        ) {
            try given(Openings())
                .when(Door.self, [.closed], for: "2")
                .when(stored: "DoorOpened", revision: 2, "", in: Door.stream("2"))
                .thenTable("openings", [])
        }
    }

    @Test func `an event of a type that the projection does not name is not for it`() {
        expectFailure("openings handles DoorClosed without naming it") {
            try given(Openings(handledTypes: ["DoorClosed"]))
                .when(Door.self, [.opened(by: "Ana"), .closed])
                .thenTable("openings", [])
        }
    }

    @Test func `a query that cannot be answered fails`() {
        expectFailure("no such table: doors (SQLite 1)") {
            try given(Openings()).thenTable("doors", [])
        }
    }
}
