import EventModel
public import EventStorage
public import Testing

/// What every event store must do: run each case against a fresh, empty store.
///
/// A store that decides about appends by an `AppendPlan` does by that what the cases about appends
/// demand.
/// ```swift
/// @Test("a store that counts is a store", arguments: EventStoreConformance.all)
/// func conformance(_ demand: EventStoreConformance) throws {
///     try demand.check(CountingStore(InMemoryEventStore(now: TestClock().now)))
/// }
/// ```
public struct EventStoreConformance: Sendable, CustomTestStringConvertible {
    /// What the case demands, in words.
    public let testDescription: String
    private let body: @Sendable (any EventStore) throws -> Void

    /// Runs the case; what the store does wrong is recorded as an issue of the current test.
    ///
    /// - Throws: what the store throws where it should not.
    public func check(_ store: any EventStore) throws {
        try body(store)
    }

    private init(_ demand: String, _ body: @escaping @Sendable (any EventStore) throws -> Void) {
        testDescription = demand
        self.body = body
    }

    /// All cases.
    public static let all = appending + identities + reading + listing
}

extension EventStoreConformance {
    private static let appending = [
        EventStoreConformance("positions are gapless from 1, sequences from 0") { store in
            let first = try store.append(TestEvents.request(3, to: "cart-1"))
            let second = try store.append(TestEvents.request(2, to: "cart-2", from: 10))
            #expect(first.placements.map(\.position.number) == [1, 2, 3])
            #expect(first.placements.map(\.sequence.number) == [0, 1, 2])
            #expect(second.placements.map(\.position.number) == [4, 5])
            #expect(second.placements.map(\.sequence.number) == [0, 1])
            #expect(try store.head() == Position(5))
        },
        EventStoreConformance("everything an event carries comes back as it was") { store in
            let event = PendingEvent(
                id: EventID(high: 7, low: 9),
                type: EventType("Späte Zahlung"),
                revision: 300,
                eventTime: Timestamp(microseconds: -5),
                tags: [EventTag(key: "customer", value: "a:b"), EventTag(key: "k", value: "")],
                contentType: "application/octet-stream",
                metadata: Array(#"{"by":"ana"}"#.utf8),
                payload: [0, 255, 10, 13]
            )
            _ = try store.append(AppendRequest([event], to: StreamName("cart-é")))
            let recorded = try #require(try store.event(at: Position(1)))
            #expect(recorded.pending == event)
            #expect(recorded.stream == StreamName("cart-é"))
            #expect(recorded.recordedTime > .epoch)
        },
        EventStoreConformance("an event without time happened when it was recorded") { store in
            var event = TestEvents.event(1)
            event.eventTime = nil
            _ = try store.append(AppendRequest([event], to: StreamName("cart-1")))
            let recorded = try #require(try store.event(at: Position(1)))
            #expect(recorded.eventTime == recorded.recordedTime)
        },
        EventStoreConformance("an append over several streams is one step") { store in
            _ = try store.append(TestEvents.request(1, to: "a-1"))
            var request = AppendRequest(entries: [
                .init(stream: StreamName("a-1"), event: TestEvents.event(11)),
                .init(stream: StreamName("b-1"), event: TestEvents.event(12)),
                .init(stream: StreamName("a-1"), event: TestEvents.event(13)),
            ])
            request.expectations = [StreamName("b-1"): .streamExists]
            #expect(throws: AppendError.self) { try store.append(request) }
            #expect(try store.head() == Position(1))
            request.expectations = [
                StreamName("a-1"): .exactly(.first), StreamName("b-1"): .noStream,
            ]
            let result = try store.append(request)
            #expect(result.placements.map(\.sequence.number) == [1, 0, 2])
        },
        EventStoreConformance("a conflict tells the last sequence and what came between") {
            store in
            _ = try store.append(TestEvents.request(4, to: "cart-1"))
            let request = TestEvents.request(1, to: "cart-1", from: 50, .exactly(Sequence(1)))
            let error = #expect(throws: AppendError.self) { try store.append(request) }
            guard case .refused(.conflict(let conflict)) = error else {
                Issue.record("expected a conflict, not \(String(describing: error))")
                return
            }
            #expect(conflict.last == Sequence(3))
            #expect(conflict.between.map(\.sequence.number) == [2, 3])
        },
        EventStoreConformance("expectations hold in each state of a stream") { store in
            func fits(_ expectation: StreamExpectation, _ seed: UInt64) -> Bool {
                let request = TestEvents.request(0, to: "cart-1", from: seed, expectation)
                return (try? store.append(request)) != nil
            }
            #expect(fits(.any, 1) && fits(.noStream, 1))
            #expect(!fits(.streamExists, 1) && !fits(.exactly(.first), 1))
            _ = try store.append(TestEvents.request(1, to: "cart-1"))
            #expect(fits(.any, 1) && fits(.streamExists, 1) && fits(.exactly(.first), 1))
            #expect(!fits(.noStream, 1) && !fits(.exactly(Sequence(1)), 1))
        },
        EventStoreConformance("a condition sees matching events after its position") { store in
            _ = try store.append(TestEvents.request(2, to: "cart-1"))
            let item = AppendCondition.Item(types: [TestEvents.type(1)])
            var request = TestEvents.request(1, to: "cart-2", from: 40)
            request.condition = AppendCondition(failIfEventsMatch: [item], after: Position(1))
            #expect(throws: AppendError.refused(.conditionFailed(Position(2)))) {
                try store.append(request)
            }
            request.condition = AppendCondition(failIfEventsMatch: [item], after: Position(2))
            #expect(try store.append(request).placements.count == 1)
        },
        EventStoreConformance("limits are refused with the entry that breaks them") { store in
            let defects: [(EventDefect, (inout AppendRequest.Entry) -> Void)] = [
                (.streamName, { $0.stream = StreamName("") }),
                (.streamName, { $0.stream = StreamName("cart-\u{1B}[2J") }),
                (.streamName, { $0.stream = StreamName("cart-\u{85}") }),
                (.streamName, { $0.stream = StreamName(String(repeating: "x", count: 513)) }),
                (.systemName, { $0.stream = StreamName("$operations") }),
                (.typeName, { $0.event.type = EventType("") }),
                (.typeName, { $0.event.type = EventType(String(repeating: "x", count: 257)) }),
                (.revision, { $0.event.revision = 0 }),
                (
                    .tags,
                    { $0.event.tags = Array(repeating: EventTag(key: "k", value: ""), count: 65) }
                ),
                (.contentType, { $0.event.contentType = "a\nb" }),
                (
                    .metadataSize(65_537),
                    { $0.event.metadata = [UInt8](repeating: 0x20, count: 65_537) }
                ),
                (
                    .payloadSize(1_048_577, limit: 1_048_576),
                    { $0.event.payload = [UInt8](repeating: 0x20, count: 1_048_577) }
                ),
            ]
            for (defect, spoil) in defects {
                var request = TestEvents.request(2, to: "cart-1")
                spoil(&request.entries[1])
                #expect(throws: AppendError.refused(.invalid(index: 1, defect))) {
                    try store.append(request)
                }
            }
            let head = try store.head()
            #expect(head == .start)
        },
    ]

    private static let identities = [
        EventStoreConformance("a repeated append returns the original places") { store in
            let request = TestEvents.request(2, to: "cart-1", .noStream)
            let first = try store.append(request)
            _ = try store.append(TestEvents.request(1, to: "cart-1", from: 90))
            var again = request
            for expectation in [StreamExpectation.noStream, .any, .exactly(Sequence(7))] {
                again.expectations = [StreamName("cart-1"): expectation]
                let second = try store.append(again)
                #expect(second.placements == first.placements)
                #expect(second.duplicateCount == 2)
            }
            #expect(try store.head() == Position(3))
        },
        EventStoreConformance("a request known in part, or in another stream, is refused") {
            store in
            _ = try store.append(TestEvents.request(2, to: "cart-1"))
            let reused = AppendError.refused(
                .identityReused(TestEvents.event(0).id, at: Position(1))
            )
            #expect(throws: reused) { try store.append(TestEvents.request(3, to: "cart-1")) }
            #expect(throws: reused) { try store.append(TestEvents.request(1, to: "cart-2")) }
            let twice = AppendRequest(
                [TestEvents.event(70), TestEvents.event(70)],
                to: StreamName("cart-3")
            )
            #expect(throws: AppendError.self) { try store.append(twice) }
            #expect(try store.head() == Position(2))
        },
        EventStoreConformance("an import leaves out what the store holds") { store in
            _ = try store.append(TestEvents.request(2, to: "cart-1"))
            var request = TestEvents.request(4, to: "cart-1")
            request.entries.append(request.entries[3])
            request.duplicates = .skip
            let result = try store.append(request)
            #expect(result.duplicateCount == 3)
            #expect(result.placements.map(\.position.number) == [1, 2, 3, 4, 4])
            #expect(try store.head() == Position(4))
        },
        EventStoreConformance("an import does not take one identity for two streams") { store in
            var request = TestEvents.request(1, to: "cart-1")
            request.entries += TestEvents.request(1, to: "cart-2").entries
            request.duplicates = .skip
            let reused = AppendError.refused(
                .identityReused(TestEvents.event(0).id, at: Position(1))
            )
            #expect(throws: reused) { try store.append(request) }
            let head = try store.head()
            #expect(head == .start)
        },
    ]

    private static let reading = [
        EventStoreConformance("reads go forwards and backwards between bounds") { store in
            for number in 0..<10 {
                let stream = number % 2 == 0 ? "cart-1" : "order-1"
                _ = try store.append(TestEvents.request(1, to: stream, from: UInt64(number)))
            }
            func positions(_ selection: EventSelection) throws -> [UInt64] {
                try store.events(selection).map(\.position.number)
            }
            #expect(try positions(EventSelection()) == Array(1...10))
            let between = EventSelection(after: Position(3), through: Position(6))
            #expect(try positions(between) == [4, 5, 6])
            let beyond = EventSelection(after: Position(10), through: Position(99))
            #expect(try positions(beyond) == [])
            let latest = EventSelection(direction: .backwards, after: Position(7))
            #expect(try positions(latest) == [10, 9, 8])
            let cart = EventSelection.Scope.stream(StreamName("cart-1"))
            #expect(try positions(EventSelection(cart)) == [1, 3, 5, 7, 9])
            let middle = EventSelection(
                cart,
                direction: .backwards,
                fromSequence: Sequence(1),
                throughSequence: Sequence(3)
            )
            #expect(try positions(middle) == [7, 5, 3])
            #expect(
                try positions(EventSelection(.category(Category("order")))) == [2, 4, 6, 8, 10]
            )
            #expect(try positions(EventSelection(.category(Category("ord")))) == [])
            #expect(try positions(EventSelection(.category(Category("order-1")))) == [])
            #expect(try positions(EventSelection(.stream(StreamName("cart-2")))) == [])
        },
        EventStoreConformance("reads filter by type, tag and event time") { store in
            for number in UInt64(0)..<6 {
                var event = TestEvents.event(number)
                event.eventTime = Timestamp(microseconds: Int64(number) * 10)
                if number % 2 == 0 { event.tags = [EventTag(key: "even", value: "yes")] }
                _ = try store.append(AppendRequest([event], to: StreamName("cart-1")))
            }
            let byType = EventSelection(types: [TestEvents.type(0), TestEvents.type(2)])
            #expect(try store.events(byType).map(\.position.number) == [1, 3, 4, 6])
            let byTag = EventSelection(tags: [EventTag(key: "even", value: "yes")])
            #expect(try store.events(byTag).map(\.position.number) == [1, 3, 5])
            let byTime = EventSelection(
                fromTime: Timestamp(microseconds: 10),
                throughTime: Timestamp(microseconds: 30)
            )
            #expect(try store.events(byTime).map(\.position.number) == [2, 3, 4])
        },
        EventStoreConformance("reads filter by recorded time") { store in
            for number in UInt64(0)..<6 {
                _ = try store.append(TestEvents.request(1, to: "cart-1", from: number))
            }
            let times = try store.events(EventSelection()).map(\.recordedTime)
            #expect(times == times.sorted())
            for (first, last) in [(0, 5), (2, 3), (5, 5)] {
                for direction in [EventSelection.Direction.forwards, .backwards] {
                    let selection = EventSelection(
                        direction: direction,
                        fromRecordedTime: times[first],
                        throughRecordedTime: times[last]
                    )
                    let shown = try store.events(selection).map(\.recordedTime)
                    let expected = times.filter { times[first] <= $0 && $0 <= times[last] }
                    #expect(shown == (direction == .forwards ? expected : expected.reversed()))
                }
            }
            let later = Timestamp(microseconds: times[5].microseconds + 1_000_000_000)
            #expect(try store.events(EventSelection(fromRecordedTime: later)).isEmpty)
            let earlier = Timestamp(microseconds: times[0].microseconds - 1)
            #expect(try store.events(EventSelection(throughRecordedTime: earlier)).isEmpty)
        },
        EventStoreConformance("a visitor that says stop sees no further event") { store in
            _ = try store.append(TestEvents.request(5, to: "cart-1"))
            for direction in [EventSelection.Direction.forwards, .backwards] {
                var count = 0
                try store.read(EventSelection(direction: direction)) { _ in
                    count += 1
                    return count == 2 ? .stop : .more
                }
                #expect(count == 2)
            }
        },
        EventStoreConformance("bounds that leave nothing between them select nothing") { store in
            _ = try store.append(TestEvents.request(5, to: "cart-1"))
            for scope in [EventSelection.Scope.all, .category(Category("cart"))] {
                let times = EventSelection(
                    scope,
                    fromTime: Timestamp(microseconds: 3),
                    throughTime: Timestamp(microseconds: 1)
                )
                #expect(try store.events(times).isEmpty)
                let sequences = EventSelection(
                    scope,
                    fromSequence: Sequence(3),
                    throughSequence: Sequence(1)
                )
                #expect(try store.events(sequences).isEmpty)
            }
        },
        EventStoreConformance("the largest numbers are bounds like any others") { store in
            _ = try store.append(TestEvents.request(2, to: "cart-1"))
            let stream = StreamName("cart-1")
            #expect(try store.events(EventSelection(after: Position(.max))).isEmpty)
            let through = EventSelection(.stream(stream), throughSequence: Sequence(.max))
            #expect(try store.events(through).count == 2)
            let request = TestEvents.request(1, to: "cart-1", from: 9, .exactly(Sequence(.max)))
            #expect(throws: AppendError.self) { try store.append(request) }
            let condition = AppendCondition(
                failIfEventsMatch: [AppendCondition.Item()],
                after: Position(.max)
            )
            let entry = AppendRequest.Entry(stream: stream, event: TestEvents.event(9))
            _ = try store.append(AppendRequest(entries: [entry], condition: condition))
        },
        EventStoreConformance("a wait ends with an append, or when the time is up") { store in
            #expect(try store.wait(after: .start, timeoutMilliseconds: 1) == .start)
            _ = try store.append(TestEvents.request(1, to: "cart-1"))
            #expect(try store.wait(after: .start, timeoutMilliseconds: 60_000) == Position(1))
        },
    ]

    private static let listing = [
        EventStoreConformance("streams are listed by name, events and last change") { store in
            for (name, count, seed) in [("b-1", 1, 0), ("a-1", 3, 10), ("b-2", 2, 20)] {
                _ = try store.append(TestEvents.request(count, to: name, from: UInt64(seed)))
            }
            func names(_ request: StreamsRequest) throws -> [String] {
                try store.streams(request).map(\.stream.text)
            }
            #expect(try names(StreamsRequest()) == ["a-1", "b-1", "b-2"])
            #expect(try names(StreamsRequest(order: .events)) == ["a-1", "b-2", "b-1"])
            #expect(try names(StreamsRequest(order: .recent)) == ["b-2", "a-1", "b-1"])
            #expect(try names(StreamsRequest(category: Category("b"))) == ["b-1", "b-2"])
            #expect(try names(StreamsRequest(prefix: "b-2")) == ["b-2"])
            #expect(try names(StreamsRequest(skip: 1, limit: 1)) == ["b-1"])
            #expect(try names(StreamsRequest(from: "b-1\0")) == ["b-2"])
            #expect(
                try names(StreamsRequest(category: Category("b"), from: "a")) == ["b-1", "b-2"]
            )
            let summary = try #require(try store.stream(StreamName("a-1")))
            #expect(summary.eventCount == 3 && summary.lastPosition == Position(4))
            #expect(try store.stream(StreamName("c-1")) == nil)
            #expect(try store.streamCount() == 3)
        },
        EventStoreConformance("what a list says of streams agrees with their events") { store in
            for number in UInt64(0)..<30 {
                let name = ["a-1", "b-1", "b-2"][Int(number * number % 7 % 3)]
                _ = try store.append(TestEvents.request(2, to: name, from: number * 2))
            }
            for order in StreamsRequest.Order.allCases {
                let streams = try store.streams(StreamsRequest(order: order))
                #expect(streams.count == 3)
                for summary in streams {
                    let events = try store.events(EventSelection(.stream(summary.stream)))
                    #expect(summary.eventCount == UInt64(events.count))
                    #expect(summary.lastPosition == events.last?.position)
                    #expect(summary.firstTime == events.first?.recordedTime)
                    #expect(summary.lastTime == events.last?.recordedTime)
                    #expect(summary.firstTime < summary.lastTime)
                    #expect(try store.stream(summary.stream) == summary)
                }
            }
        },
        EventStoreConformance("names that only look alike stay apart") { store in
            _ = try store.append(TestEvents.request(1, to: "cart-é", from: 0))
            _ = try store.append(TestEvents.request(1, to: "cart-e\u{301}", from: 1))
            #expect(try store.streamCount() == 2)
        },
        EventStoreConformance("the census counts types by revision") { store in
            var event = TestEvents.event(0)
            event.revision = 2
            _ = try store.append(AppendRequest([event], to: StreamName("cart-1")))
            _ = try store.append(TestEvents.request(3, to: "cart-1", from: 3))
            let census = try store.census()
            #expect(census.map(\.type.text) == ["Tested0", "Tested0", "Tested1", "Tested2"])
            #expect(census.map(\.revision) == [1, 2, 1, 1])
            #expect(census.map(\.firstPosition.number) == [2, 1, 3, 4])
        },
    ]
}
