import Aggregates
import DomainModel
import EventModel
import EventStorage
import JSON
import Processing
import RecountTesting
import Testing

private let modelText = """
    recount: 1
    aggregates:
      customer:
        initial: { orders: 0, netMills: 0, tags: [a, 1.50, null, true] }
        on:
          "*": json_set(:state, '$.last', :time)
          OrderInvoiced: >
            json_set(:state, '$.orders', (:state ->> 'orders') + 1,
                             '$.netMills', (:state ->> 'netMills') + (:data ->> 'totalMills'))
          Renamed, Moved: json_patch(:state, :data)
        snapshot: { every: 50 }
    upcasters:
      - { event: Renamed, from: 1, to: 2, data: "json_object('name', :data ->> 'n')" }
      - { event: Renamed, from: 2, to: 4, data: "json_set(:data, '$.was', :revision)" }
    objectives: { rpo: 15m, rto: 2h, drill: 90d, lag: { warning: 1000, critical: 10000 } }
    """

private struct Shop {
    let store = InMemoryEventStore(now: TestClock().now)
    let model: DomainModel

    init(_ text: String = modelText) throws {
        model = try DomainModel(parsing: text, file: "shop/recount.yaml")
    }

    func append(_ type: String, revision: UInt32 = 1, _ payload: String) throws {
        let event = PendingEvent(
            id: EventID(high: 1, low: store.head().number),
            type: EventType(type),
            revision: revision,
            eventTime: Timestamp(microseconds: 1_500_000),
            payload: Array(payload.utf8)
        )
        _ = try store.append(AppendRequest([event], to: StreamName("customer-7")))
    }

    func state() throws -> JSONValue? {
        let reader = StateReader(store: store, folds: Folds(model.folds))
        return try reader.state(of: StreamName("customer-7")).json.map {
            try JSONValue(parsing: $0)
        }
    }
}

struct DomainModelTests {
    @Test func `a fold computes each state from the one before`() throws {
        let shop = try Shop()
        try shop.append("OrderInvoiced", #"{"totalMills":1500}"#)
        try shop.append("OrderInvoiced", #"{"totalMills":-200}"#)
        try shop.append("Unknown", "no json")
        let expected = """
            {"orders":2,"netMills":1300,"tags":["a",1.50,null,true],
             "last":"1970-01-01T00:00:01.500Z"}
            """
        #expect(try shop.state() == JSONValue(parsing: expected))
        let fold = try #require(shop.model.folds.first)
        #expect(fold.category == Category("customer"))
        #expect(fold.snapshotEvery == 50)
        #expect(fold.rules == "recount.yaml")
    }

    @Test func `upcasters make an event current before a fold sees it`() throws {
        let shop = try Shop()
        try shop.append("Renamed", #"{"n":"Ana"}"#)
        #expect(try shop.state()?["name"] == "Ana")
        #expect(try shop.state()?["was"] == 2)
        try shop.append("Renamed", revision: 4, #"{"name":"Bo","was":null}"#)
        #expect(try shop.state()?["name"] == "Bo")
        #expect(try shop.state()?["was"] == nil)
    }

    @Test func `an upcaster in the model may rename, split, drop and look at the stream`() throws {
        let shop = try Shop(
            """
            recount: 1
            aggregates:
              customer:
                initial: { names: [] }
                on:
                  Renamed: json_insert(:state, '$.names[#]', :data ->> 'name')
                  Moved: json_set(:state, '$.place', :data ->> 'place', '$.moved', :revision)
            upcasters:
              - { event: Called, from: 1, type: Renamed, to: 1, data: ":data" }
              - event: Introduced
                from: 1
                events: >
                  json_array(
                    json_object('type', 'Called', 'data', json_object('name', :id || :sequence)),
                    json_object('type', 'Moved', 'revision', 2,
                                'data', json_object('place', :category || :time)),
                    json_object('type', 'Called', 'data', json(:data)))
              - { event: Greeted, from: 1, drop: true }
            """
        )
        try shop.append("Greeted", "{}")
        try shop.append("Introduced", #"{"name":"Ana"}"#)
        try shop.append("Called", #"{"name":"Bo"}"#)
        let expected = """
            {"names":["71","Ana","Bo"],"place":"customer1970-01-01T00:00:01.500Z","moved":2}
            """
        #expect(try shop.state() == JSONValue(parsing: expected))
    }

    @Test(arguments: [
        ("'{}'", "the expression returned no JSON array of events"),
        ("'[1]'", "the event [0] that the expression returned has no type"),
        (#"'[{"type":"A"}]'"#, "the event [0] that the expression returned has no data"),
        (
            #"'[{"type":"A","data":1},{"type":"A","data":1,"revision":0}]'"#,
            "the event [1] that the expression returned has a revision that is no number from 1 on"
        ),
        ("NULL", "the expression returned NULL, not JSON"),
    ])
    func `an upcaster that gives no events names its line`(
        expression: String,
        reason: String
    ) throws {
        let shop = try Shop(
            """
            recount: 1
            aggregates: { customer: { on: { A: ":state" } } }
            upcasters:
              - event: Old
                from: 1
                events: |
                  \(expression)
            """
        )
        try shop.append("Old", "{}")
        let error = #expect(throws: FoldError.self) { try shop.state() }
        let suffix = "cannot be upcast: shop/recount.yaml:7:7: \(reason)"
        #expect(error?.description.hasSuffix(suffix) == true, "\(String(describing: error))")
    }

    @Test func `a revision without its upcaster is refused by name, revision and position`() throws
    {
        let shop = try Shop()
        try shop.append("OrderInvoiced", #"{"totalMills":1}"#)
        try shop.append("Renamed", revision: 3, #"{"name":"Ana"}"#)
        let error = #expect(throws: FoldError.self) { try shop.state() }
        let expected = """
            customer-7 sequence 1, position 2, Renamed (revision 3): cannot be upcast: no upcaster \
            takes it; add one from revision 3 to 4
            """
        #expect(error?.description == expected)
    }

    @Test func `a clock that a payload asks for is not there`() throws {
        let shop = try Shop(
            """
            recount: 1
            aggregates:
              customer: { on: { A: "json_object('at', date(:data ->> 'at'))" } }
            """
        )
        try shop.append("A", #"{"at":"2011-03-01"}"#)
        #expect(try shop.state()?["at"] == "2011-03-01")
        try shop.append("A", #"{"at":"now"}"#)
        #expect(try shop.state()?["at"]?.isNull == true)
    }

    @Test func `a projection says which events wait for each other`() throws {
        let model = try DomainModel(
            parsing: """
                recount: 1
                projections:
                  a: { tables: [], on: {} }
                  b: { tables: [], on: {}, sequence: all }
                  c: { tables: [], on: {}, sequence: none }
                  d: { tables: [], on: {}, sequence: "tag:shop:north" }
                  e: { tables: [], on: {}, sequence: metadata:customer }
                  f: { tables: [], on: {}, sequence: stream }
                """,
            file: "m.yaml"
        )
        let expected: [SequencingPolicy] = [
            .perStream, .oneAtATime, .concurrent, .tag("shop:north"), .metadata("customer"),
            .perStream,
        ]
        #expect(model.projectionRules.map(\.sequencing) == expected)
    }

    @Test func `objectives are numbers`() throws {
        let objectives = try Shop().model.objectives
        #expect(objectives.rpoSeconds == 900)
        #expect(objectives.rtoSeconds == 7200)
        #expect(objectives.drillSeconds == 90 * 86_400)
        #expect(objectives.lagWarning == 1000)
        #expect(objectives.lagCritical == 10_000)
    }

    @Test func `a fingerprint differs with the rules and the upcasters`() throws {
        func fingerprint(_ old: String, _ new: String) throws -> String? {
            let text = modelText.replacing(old, with: new)
            return try Shop(text).model.folds.first?.fingerprint
        }
        let fingerprints = [
            try fingerprint("", ""), try fingerprint("+ 1", "+ 2"), try fingerprint("1.50", "1.5"),
            try fingerprint("Moved", "Gone"), try fingerprint("'$.was'", "'$.w'"),
            try fingerprint("from: 2, to: 4", "from: 2, to: 5"),
            try fingerprint("from: 2, to: 4", "from: 2, type: Moved, to: 4"),
            try fingerprint("to: 4, data", "events"),
        ]
        #expect(Set(fingerprints).count == fingerprints.count)
        #expect(try fingerprint("every: 50", "every: 9") == fingerprints[0])
    }

    @Test(arguments: [
        ("NULL", "the expression returned NULL, not JSON"),
        ("'[1]'", "the expression returned no JSON object"),
        ("'{a:'", "the expression returned no JSON: something else was expected (at byte 1)"),
        (
            "json_object('a', 1, 'a', 2)",
            "the expression returned no JSON: an object has a key twice (at byte 7)"
        ),
        ("json_set('{', '$.a', 1)", "malformed JSON"),
    ])
    func `an expression without a state names its line`(expression: String, reason: String) throws {
        let text = """
            recount: 1
            aggregates:
              customer:
                on:
                  Spoiled: "\(expression)"
            """
        let shop = try Shop(text)
        try shop.append("Spoiled", "{}")
        do {
            _ = try shop.state()
            Issue.record("a state came out")
        } catch {
            #expect(
                "\(error)".hasSuffix("Spoiled (revision 1): shop/recount.yaml:5:16: \(reason)"),
                "\(error)"
            )
        }
    }

    @Test func `an expression that does not end is stopped`() throws {
        let endless = """
            (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n)
            """
        let shop = try Shop("recount: 1\naggregates: { customer: { on: { A: \"\(endless)\" } } }")
        try shop.append("A", "{}")
        #expect(throws: FoldError.self) { try shop.state() }
    }

    @Test func `every name is bound to what the event tells`() throws {
        let names = BoundName.allCases.filter { $0 != .state && $0 != .recordedTime }
        let pairs = names.map { "'\($0.rawValue)', :\($0.rawValue)" }.joined(separator: ", ")
        let shop = try Shop(
            "recount: 1\naggregates: { customer: { on: { A: \"json_object(\(pairs))\" } } }"
        )
        try shop.append("A", #"{"x":[1]}"#)
        let expected = """
            {"data":"{\\"x\\":[1]}","metadata":null,"stream":"customer-7","id":"7",
             "category":"customer","type":"A","revision":1,"sequence":0,"position":1,
             "time":"1970-01-01T00:00:01.500Z"}
            """
        #expect(try shop.state() == JSONValue(parsing: expected))
        try shop.append("A", "")
        #expect(try shop.state()?["data"]?.isNull == true)
    }
}
