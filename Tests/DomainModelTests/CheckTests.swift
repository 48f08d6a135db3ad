import DomainModel
import Testing

/// A model that is wrong, and the problems that are told.
private struct WrongModel: Sendable, CustomTestStringConvertible {
    let text: String
    let problems: [String]

    init(_ problems: String..., text: String) {
        self.text = text
        self.problems = problems
    }

    var testDescription: String { problems.first ?? "" }
}

private let wrongModels = [
    WrongModel("1:1: there is no document", text: ""),
    WrongModel("2:1: while parsing a flow node: did not find expected node content", text: "a: {"),
    WrongModel(
        "1:1: the key recount with the number of the form is missing: recount: 1",
        text: "aggregates: {}"
    ),
    WrongModel("1:10: this program reads models of the form 1", text: "recount: 2"),
    WrongModel(
        """
        2:1: the key projektions is unknown; allowed are recount, aggregates, projections, \
        upcasters, objectives
        """,
        "3:18: the key on is missing",
        "4:5: the key onn is unknown; allowed are initial, on, snapshot",
        text: """
            recount: 1
            projektions: {}
            aggregates: { a: {
                onn: {} } }
            """
    ),
    WrongModel(
        "3:15: the key onn is unknown; allowed are initial, on, snapshot",
        text: """
            recount: 1
            aggregates:
              a: &rules { onn: {}, on: {} }
              b: *rules
            """
    ),
    WrongModel(
        "7:9: the key of is unknown; allowed are on, begin, end",
        "8:15: the type C is not in the on of the projection",
        "9:15: a replay has a list of statements, or none",
        "10:17: near \"NONSENSE\": syntax error",
        text: """
            recount: 1
            projections:
              a:
                tables: [ CREATE TABLE t (a) ]
                on: { A: [ INSERT INTO t VALUES (1) ], B: [ INSERT INTO t VALUES (2) ] }
                replay:
                    of: {}
                    on: { C: none,
                       A: nothing,
                       B: [ NONSENSE ] }
            """
    ),
    WrongModel(
        """
        8:35: :stream stands for nothing here; there are :operation :operator :host :reason \
        :startTime :isPartial :isShadow
        """,
        "9:14: the statement changes nothing",
        text: """
            recount: 1
            projections:
              a:
                tables: [ CREATE TABLE t (a) ]
                on: {}
                replay:
                  begin:
                    - DELETE FROM t WHERE a = :stream
                  end: [ SELECT 1 ]
            """
    ),
    WrongModel(
        "3:30: a sequence is stream, all, none, tag:NAME or metadata:NAME",
        "4:30: a sequence is stream, all, none, tag:NAME or metadata:NAME",
        text: """
            recount: 1
            projections:
              a: { tables: [], sequence: tag, on: {} }
              b: { tables: [], sequence: [all], on: {} }
            """
    ),
    WrongModel(
        "4:3: the key is given twice",
        text: """
            recount: 1
            projections:
              sales: {}
              sales: {}
            """
    ),
    WrongModel(
        "5:7: the type B is given twice",
        "6:7: types are named one by one, separated by commas, or all as \"*\"",
        text: """
            recount: 1
            aggregates: { a: { on: {
                  "A, B": ":state",
                  "*": ":state",
                  B: ":state",
                  "C,,D": ":state" } } }
            """
    ),
    WrongModel(
        "6:27: no such column: dta",
        text: """
            recount: 1
            aggregates:
              a:
                on:
                  A: >
                    json_set(:state,  dta ->> 'x',
                      1)
            """
    ),
    WrongModel(
        "7:15: no such function: jso_set",
        text: """
            recount: 1
            aggregates:
              a:
                on:
                  A: >
                    json_set(:state, '$.x',
                      1 + jso_set(:state))
            """
    ),
    WrongModel(
        """
        3:39: :sate stands for nothing here; there are :state :data :metadata :stream :id \
        :category :type :revision :sequence :position :time :recordedTime
        """,
        text: """
            recount: 1
            aggregates: { a: { on: {
              A: "json_set(:state, '$.sateliteX', :sate)" } } }
            """
    ),
    WrongModel(
        "3:45: :state stands for nothing here; there are :data :metadata :stream",
        "4:30: an upcaster leads to a higher revision than it takes",
        text: """
            recount: 1
            upcasters:
              - { event: A, from: 1, to: 2, data: 'json(:state)' }
              - { event: A, from: 2, to: 2, data: ":data" }
            """
    ),
    WrongModel(
        "3:5: an upcaster has one of the keys data, events and drop",
        "4:42: the key to goes with data only",
        "5:32: drop is true or left out",
        "6:5: the key to is missing",
        "7:5: there is another upcaster for revision 1 of B",
        "8:43: no such function: jso",
        "9:23: a revision is a number from 1 on",
        text: """
            recount: 1
            upcasters:
              - { event: A, from: 1, data: ":data", drop: true }
              - { event: B, from: 1, drop: true, to: 2 }
              - { event: C, from: 1, drop: no }
              - { event: D, from: 1, data: ":data" }
              - { event: B, from: 1, drop: true }
              - { event: E, from: 1, events: "'[]' || jso(:data)" }
              - { event: F, from: 0, drop: true }
            """
    ),
    WrongModel(
        "4:5: A (revision 2) cannot be upcast: the upcasters lead in a circle",
        text: """
            recount: 1
            upcasters:
              - { event: C, from: 1, to: 2, type: A, data: ":data" }
              - { event: A, from: 2, to: 1, type: B, data: ":data" }
              - { event: B, from: 1, to: 2, type: A, data: ":data" }
            """
    ),
    WrongModel(
        "5:24: 'now' is the clock or the time zone of the machine",
        "6:40: 'LocalTime' is the clock",
        "12:37: 'now' is the clock",
        "16:44: date without a time is the clock",
        "17:43: strftime without a time is the clock",
        "18:39: 'subsec' is the clock",
        "19:25: not allowed: function current_timestamp",
        text: """
            recount: 1
            aggregates:
              a:
                on:
                  A: json_set(date('now', '+1 day'), 'x')
                  B: json_object('at', date(:time, 'LocalTime'))
                  C: json_object('utc', date(:data ->> 'utc', 'subsec') || 'now')
            upcasters:
              - event: A
                from: 1
                to: 2
                data: json_object('a', "time" ( 'now' ))
            projections:
              p:
                tables: [ CREATE TABLE t (a) ]
                on: { A: [ "INSERT INTO t VALUES (date())",
                  "INSERT INTO t VALUES (strftime('%s'))",
                  "INSERT INTO t SELECT unixepoch('subsec')" ,
                  "UPDATE t SET a = CURRENT_TIMESTAMP" ] }
            """
    ),
    WrongModel(
        "3:3: the key tables is missing",
        "3:3: the key on is missing",
        text: "recount: 1\nprojections: { p:\n  {} }"
    ),
    WrongModel(
        "5:9: tables, indexes and views are made with CREATE",
        "6:23: near \"TABEL\": syntax error",
        "9:12: no such table: u",
        "10:9: the statement changes nothing",
        "11:27: :state stands for nothing here",
        "12:9: not allowed: changing sqlite_master",
        "13:25: there is more than one statement",
        text: """
            recount: 1
            projections:
              p:
                tables:
                  - DROP TABLE t
                  - CREATE UNIQUE TABEL x (a)
                  - CREATE TABLE t (a)
                on:
                  A: [ "INSERT INTO u VALUES (1)",
                    "SELECT 1",
                    "UPDATE t SET a = :state",
                    "CREATE TABLE v (a)",
                    "DELETE FROM t; DELETE FROM t" ]
            """
    ),
    WrongModel(
        "5:9: not allowed: changing the schema",
        "7:38: no such function: readfile",
        text: """
            recount: 1
            projections:
              p:
                tables:
                  - CREATE TABLE recount_progress (a)
                  - CREATE TABLE t (a)
                on: { A: ["INSERT INTO t VALUES (readfile('/etc/passwd'))"] }
            """
    ),
    WrongModel(
        "2:20: a duration is a number with s, m, h or d, as in 15m",
        "2:29: the warning comes before the critical lag",
        text: "recount: 1\nobjectives: { rpo: 15, lag: { warning: 10, critical: 5 } }"
    ),
    WrongModel(
        "3:3: a category is not empty, has no - and does not start with $",
        "3:41: a snapshot is taken every so many events, as in { every: 50 }",
        text:
            "recount: 1\naggregates: {\n  a-b: { on: { A: \":state\" }, snapshot: { every: 0 } } }"
    ),
]

@Test("what is wrong with a model is told with its place", arguments: wrongModels)
private func check(_ wrong: WrongModel) {
    let error = #expect(throws: ModelError.self) {
        try DomainModel(parsing: wrong.text, file: "m.yaml")
    }
    let told = error?.description.split(separator: "\n").map(String.init) ?? []
    #expect(told.count == wrong.problems.count, "\(told)")
    for (told, expected) in zip(told, wrong.problems) {
        #expect(told.hasPrefix("m.yaml:" + expected))
    }
}

@Test(arguments: [
    "'/etc/passwd'; ATTACH 'x' AS y", "1), (SELECT 1", "load_extension('x')",
    "(SELECT 1 FROM pragma_database_list)", "random()", "(SELECT sql FROM dbstat)",
])
func `hostile expressions are refused when the model is read`(expression: String) {
    let text = "recount: 1\naggregates: { a: { on: { A: \"\(expression)\" } } }"
    #expect(throws: ModelError.self) { try DomainModel(parsing: text, file: "m.yaml") }
}

@Test(arguments: [
    "date(:time, 'start of month')", "strftime('%H', :time, 'subsec')", "date(:data ->> 'now')",
    "json_object('now', date(:time) /* 'now' */) -- date('now')", "'date(''now'')'",
    "json_extract(:data, '$.now', 'now')",
])
func `dates that the event alone decides are allowed`(expression: String) throws {
    let text = "recount: 1\naggregates: { a: { on: { A: \"\(expression)\" } } }"
    _ = try DomainModel(parsing: text, file: "m.yaml")
}

@Test func `bytes that are no text are an error`() {
    #expect(throws: ModelError.self) {
        try DomainModel(parsing: [0xFF, 0xFE, 0x00], file: "m.yaml")
    }
}
