import EventModel
import EventSchema
import JSON
import Testing

private struct Invoice: Codable, Equatable {
    var number: Int
    var lines: [String]
}

private enum SubscriptionEvent: DomainEvent, Equatable {
    case activated(plan: String, priceMills: Int)
    case suspended(reason: String)
    case resumed
    case invoiced(Invoice)
    case renamed(String)
    case moved(Int, Int)
    case forgotten

    static let forms = EventForms(
        prefix: "Subscription",
        cases: "activated",
        "suspended",
        "resumed",
        "invoiced",
        "renamed",
        "moved"
    ).revised("suspended", to: 2)
}

struct CodecTests {
    private let codec = EventCodec<SubscriptionEvent>()

    private func payload(_ content: EventContent) -> String {
        String(decoding: content.payload, as: UTF8.self)
    }

    @Test(
        arguments: [
            (
                .activated(plan: "é", priceMills: 5), "SubscriptionActivated",
                #"{"plan":"é","priceMills":5}"#
            ),
            (.suspended(reason: "x"), "SubscriptionSuspended", #"{"reason":"x"}"#),
            (.resumed, "SubscriptionResumed", "{}"),
            (
                .invoiced(Invoice(number: 1, lines: ["a"])), "SubscriptionInvoiced",
                #"{"number":1,"lines":["a"]}"#
            ),
            (.renamed("n"), "SubscriptionRenamed", #""n""#),
            (.moved(1, 2), "SubscriptionMoved", #"{"_0":1,"_1":2}"#),
        ] as [(SubscriptionEvent, String, String)]
    )
    private func `stores the parts of a case under its name`(
        event: SubscriptionEvent,
        type: String,
        text: String
    ) throws {
        let content = try codec.encode(event)
        #expect(content.form.type.text == type)
        #expect(content.form.revision == (type == "SubscriptionSuspended" ? 2 : 1))
        #expect(payload(content) == text)
        #expect(try codec.decode(content) == event)
    }

    @Test func `lists its forms in order`() {
        #expect(codec.forms.map(\.type.text).first == "SubscriptionActivated")
        #expect(codec.forms.count == 6)
        #expect(codec.forms[1] == EventForm("SubscriptionSuspended", revision: 2))
        let named: EventForms = ["a": "First", "b": EventForm("Second", revision: 3)]
        #expect(named.all == ["First", EventForm("Second", revision: 3)])
    }

    @Test func `says what does not fit`() {
        func error(_ form: EventForm, _ payload: String) -> EventCodecError? {
            #expect(throws: EventCodecError.self) {
                try codec.decode(form, payload: payload.utf8.span)
            }
        }
        #expect(error("Other", "{}")?.reason == .unknownType)
        #expect(error("SubscriptionSuspended", "{}")?.reason == .otherRevision(1, current: 2))
        let missing = error("SubscriptionActivated", #"{"plan":"x"}"#)
        #expect(missing?.reason == .payload("priceMills is missing"))
        #expect(
            missing?.description
                == "SubscriptionActivated (revision 1): the payload does not fit: priceMills is missing"
        )
        let wrong = error("SubscriptionInvoiced", #"{"number":1,"lines":["a",2]}"#)
        #expect(wrong?.description.contains("at lines[1]") == true)
        #expect(error("SubscriptionResumed", "{")?.description.contains("ends too early") == true)
        #expect(error("SubscriptionActivated", "5")?.reason == .payload("plan is missing"))
    }

    @Test func `does not store a case without a name`() {
        let error = #expect(throws: EventCodecError.self) { try codec.encode(.forgotten) }
        #expect(error?.reason == .event("the case forgotten has no stored name"))
    }
}

private let event = RecordedEvent(
    position: Position(7),
    stream: StreamName("s-1"),
    sequence: Sequence(3),
    recordedTime: Timestamp(microseconds: 5),
    eventTime: Timestamp(microseconds: 4),
    id: EventID(high: 1, low: 2),
    type: EventType("A"),
    revision: 1,
    tags: [EventTag(key: "k", value: "v")],
    contentType: "application/json",
    metadata: Array("{}".utf8),
    payload: Array("{\"a\":1}".utf8)
)

struct UpcasterTests {
    private let context = UpcastingContext(event)

    private func content(_ type: String, _ revision: UInt32, _ payload: String) -> EventContent {
        EventContent(
            form: EventForm(EventType(type), revision: revision),
            payload: Array(payload.utf8)
        )
    }

    @Test func `applies one after the other until the form is current`() throws {
        let chain = try UpcasterChain([
            Upcaster("B", from: 2, to: 3) { $0.merging(patch: ["three": true]) },
            Upcaster("A", from: 1, to: 2, renamed: "B") { $0.merging(patch: ["two": 2]) },
        ])
        let old = content("A", 1, #"{"one":1.0}"#)
        #expect(
            try chain.upcast(old, in: context) == [
                content("B", 3, #"{"one":1.0,"two":2,"three":true}"#)
            ]
        )
        #expect(chain.applies(to: old.form))
        let current = content("B", 3, " { } ")
        #expect(try chain.upcast(current, in: context) == [current])
        #expect(!chain.applies(to: current.form))
    }

    @Test func `splits and drops events in order`() throws {
        let parts = [content("X", 1, "1"), content("Drop", 1, "2"), content("Y", 1, "3")]
        let chain = try UpcasterChain([
            Upcaster("Pair") { _ in parts }, Upcaster("Drop") { _ in [] },
        ])
        #expect(try chain.upcast(content("Pair", 1, "{}"), in: context) == [parts[0], parts[2]])
    }

    @Test func `keeps everything else of a recorded event`() throws {
        let chain = try UpcasterChain([Upcaster("A", from: 1, to: 2) { $0 }])
        let upcast = try #require(chain.upcast(event).first)
        #expect(upcast.revision == 2)
        #expect(upcast.position == event.position)
        #expect(upcast.id == event.id)
        #expect(upcast.eventTime == event.eventTime)
        #expect(upcast.tags == event.tags)
        #expect(upcast.payload == event.payload)
        #expect(try UpcasterChain().upcast(event) == [event])
    }

    @Test func `sees the surroundings of an event, which stay as they are`() throws {
        let chain = try UpcasterChain([
            Upcaster("A", from: 1, to: 2) { payload, context in
                payload.merging(patch: ["by": .string(context.stream.identifier)])
            },
            Upcaster(EventForm("A", revision: 2)) { content, context in
                let metadata = EventContent(form: "Told", payload: context.metadata)
                return context.sequence == Sequence(3) ? [metadata, metadata] : []
            },
            Upcaster("Told", from: 1, to: 2) { $1.tags.isEmpty ? .null : $0 },
        ])
        let told = try chain.upcast(event)
        #expect(told.map(\.payload) == [event.metadata, event.metadata])
        #expect(told.allSatisfy { $0.type == "Told" && $0.revision == 2 })
        #expect(told.allSatisfy { $0.id == event.id && $0.sequence == event.sequence })
        let half = try UpcasterChain([
            Upcaster("A", from: 1, to: 2) { payload, context in
                payload.merging(patch: ["by": .string(context.stream.identifier)])
            }
        ])
        #expect(try half.upcast(event).first?.payload == Array(#"{"a":1,"by":"1"}"#.utf8))
    }

    @Test func `refuses a revision that lies before the current one without an upcaster`() throws {
        let chain = try UpcasterChain([Upcaster("A", from: 2, to: 4) { $0 }])
        #expect(chain.applies(to: EventForm("A", revision: 3)))
        #expect(!chain.applies(to: EventForm("A", revision: 4)))
        #expect(!chain.applies(to: EventForm("A", revision: 5)))
        for revision in [1, 3] as [UInt32] {
            let error = #expect(throws: UpcasterError.self) {
                try chain.upcast(content("A", revision, "{}"), in: context)
            }
            #expect(error?.form == EventForm("A", revision: revision))
            #expect(error?.reason == "no upcaster takes it; add one from revision \(revision) to 4")
        }
    }

    @Test func `refuses circles, rivals and payloads that are no JSON`() throws {
        let told = #expect(throws: UpcasterError.self) {
            try UpcasterChain([
                Upcaster("A", from: 1, to: 2) { $0 },
                Upcaster("A", from: 2, to: 1, renamed: "B") { $0 },
                Upcaster("B", from: 1, to: 2, renamed: "A") { $0 },
            ])
        }
        #expect(told?.reason == "the upcasters lead in a circle")
        // Where the targets show only when an event is upcast, so does the circle.
        let hidden = try UpcasterChain([
            Upcaster("A") { [EventContent(form: "B", payload: $0.payload)] },
            Upcaster("B") { [EventContent(form: "A", payload: $0.payload), $0] },
        ])
        let error = #expect(throws: UpcasterError.self) {
            try hidden.upcast(content("A", 1, "{}"), in: context)
        }
        #expect(error?.reason == "the upcasters lead in a circle")
        let chain = try UpcasterChain([Upcaster("A", from: 2, to: 3) { $0 }])
        let broken = #expect(throws: UpcasterError.self) {
            try chain.upcast(content("A", 2, "{"), in: context)
        }
        #expect(broken?.form == EventForm("A", revision: 2))
        #expect(throws: UpcasterError.self) {
            try UpcasterChain([Upcaster("A") { [$0] }, Upcaster("A", from: 1, to: 2) { $0 }])
        }
    }

    @Test func `knows which types may become one of some types`() throws {
        let chain = try UpcasterChain([
            Upcaster("A", from: 1, to: 1, renamed: "B") { $0 },
            Upcaster("B", from: 1, to: 2, renamed: "C") { $0 },
            Upcaster("D", from: 1, to: 2) { $0 },
            Upcaster("Gone", targets: []) { _, _ in [] },
        ])
        #expect(chain.sourceTypes(leadingTo: ["C"]) == ["A", "B", "C"])
        #expect(chain.sourceTypes(leadingTo: ["D", "X"]) == ["D", "X"])
        let open = try UpcasterChain([Upcaster("A") { [$0] }])
        #expect(open.sourceTypes(leadingTo: ["C"]) == ["A", "C"])
    }

    @Test func `finds a circle through one of several targets before an event is read`() {
        let error = #expect(throws: UpcasterError.self) {
            try UpcasterChain([
                Upcaster("A", targets: ["X", "C"]) { content, _ in [content] },
                Upcaster("C", from: 1, to: 1, renamed: "A") { $0 },
            ])
        }
        #expect(error?.reason == "the upcasters lead in a circle")
    }

    @Test func `an event may become more events than there are upcasters`() throws {
        let chain = try UpcasterChain([
            Upcaster("Many") { content in
                Array(repeating: EventContent(form: "One", payload: content.payload), count: 5000)
            },
            Upcaster("One", from: 1, to: 2) { $0 },
        ])
        #expect(try chain.upcast(content("Many", 1, "{}"), in: context).count == 5000)
    }
}
