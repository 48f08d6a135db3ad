import Aggregates
import EventModel
import EventSchema
import EventStorage
import JSON
import RecountTesting
import Testing

/// An aggregate whose events had other forms once.
private struct Letter: Aggregate, Codable, Hashable {
    enum Event: DomainEvent {
        case written(text: String)
        case sent(day: Int)

        static let forms = EventForms(prefix: "Letter", cases: "written", "sent")
            .revised("written", to: 3)
            .revised("sent", to: 2)
    }

    static let category = Category("letter")
    static var upcasters: [Upcaster] {
        [
            Upcaster("LetterWritten", from: 2, to: 3) { ["text": $0["words"] ?? .null] },
            Upcaster(EventForm("LetterWrittenAndSent")) { content in
                let written = EventForm("LetterWritten", revision: 3)
                let sent = EventForm("LetterSent", revision: 2)
                return [
                    EventContent(form: written, payload: content.payload),
                    EventContent(form: sent, payload: content.payload),
                ]
            },
        ]
    }

    var texts: [String] = []
    var day: Int?

    func decide(_ command: Never) throws(Never) -> [Event] {}

    mutating func evolve(_ event: Event) {
        switch event {
        case .written(let text): texts.append(text)
        case .sent(let day): self.day = day
        }
    }
}

private struct Post {
    let store = InMemoryEventStore(now: TestClock().now)
    var stream = StreamName("letter-1")

    func append(_ type: EventType, revision: UInt32 = 1, _ payload: String) throws {
        let event = PendingEvent(
            id: EventID(high: 3, low: store.head().number),
            type: type,
            revision: revision,
            payload: Array(payload.utf8)
        )
        _ = try store.append(AppendRequest([event], to: stream))
    }

    var reader: StateReader { StateReader(store: store, folds: Folds([Fold(Letter.self)])) }

    var repository: AggregateRepository<Letter> {
        AggregateRepository(store: store, now: TestClock().now)
    }
}

@Suite struct UpcastingTests {
    @Test(arguments: [
        (
            EventForm("LetterWritten", revision: 1),
            "cannot be upcast: no upcaster takes it; add one from revision 1 to 3"
        ),
        (
            EventForm("LetterWritten", revision: 4),
            "the current revision is 3; the event was written by a later program"
        ),
        (
            EventForm("LetterSent", revision: 1),
            "the current revision is 2; add an upcaster from revision 1 to 2"
        ),
        (EventForm("LetterBurnt"), "no event has this type; add a case or an upcaster"),
        (
            EventForm("LetterWritten", revision: 2),
            "LetterWritten (revision 3): the payload does not fit: Expected String but found null. "
                + "at text"
        ),
    ])
    func `a refusal names stream, position, type, revision and what is missing`(
        form: EventForm,
        reason: String
    ) throws {
        let post = Post()
        try post.append("LetterWritten", revision: 3, #"{"text":"a"}"#)
        try post.append(form.type, revision: form.revision, "{}")
        let expected = "letter-1 sequence 1, position 2, \(form): \(reason)"
        let ofState = #expect(throws: FoldError.self) { try post.reader.state(of: post.stream) }
        #expect(ofState?.description == expected)
        let ofCommand = #expect(throws: FoldError.self) { try post.repository.load("1") }
        #expect(ofCommand?.description == expected)
    }

    @Test func `an event that has become several goes in as a whole or not at all`() throws {
        let post = Post()
        try post.append("LetterWrittenAndSent", #"{"text":"a","day":1}"#)
        try post.append("LetterWrittenAndSent", #"{"text":"b"}"#)
        try post.append("LetterWritten", revision: 2, #"{"words":"c"}"#)
        var state = try Fold(Letter.self).makeState()
        var refused: [Sequence] = []
        try post.store.read(EventSelection(.stream(post.stream))) { event in
            do { try state.apply(event) } catch { refused.append(event.sequence) }
            return .more
        }
        #expect(refused == [Sequence(1)])
        let value = try JSONValue(parsing: state.encoded())
        #expect(value["texts"] == ["a", "c"] && value["day"] == 1)
    }

    @Test func `upcasters of a fold are for its category, and come before the shared ones`() throws
    {
        let shared = try Upcasting(
            [
                Upcaster("LetterWritten", from: 1, to: 2) { ["words": $0["old"] ?? .null] },
                Upcaster("LetterWritten", from: 2, to: 5) { _ in "shared" },
            ],
            fingerprint: "1"
        )
        let upcastings = try Upcastings(of: [Fold(Letter.self)], shared: shared)
        func current(_ stream: StreamName) throws -> [String] {
            let post = Post(stream: stream)
            try post.append("LetterWritten", #"{"old":"x"}"#)
            var seen: [String] = []
            for event in try post.store.events(EventSelection()) {
                try event.withView { event in
                    try upcastings.forEachCurrent(of: event) {
                        seen.append("\($0.eventType) \($0.revision) \($0.payload.text)")
                    }
                }
            }
            return seen
        }
        #expect(try current(StreamName("letter-1")) == [#"LetterWritten 3 {"text":"x"}"#])
        #expect(try current(StreamName("letters-1")) == [#"LetterWritten 5 "shared""#])
    }
}
