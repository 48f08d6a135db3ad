import EventLog
import EventModel
import EventStorage
import OperationsModel
import RecountTesting
import Testing

@testable import Operations

@Suite struct EventAnswerTests {
    private func positions(
        _ fixture: Fixture,
        _ range: EventsRequest.Range,
        types: [EventType] = [],
        containing: String = "",
        limit: Int = 200
    ) throws -> [UInt64] {
        let request = EventsRequest(
            range: range,
            types: types,
            containing: containing,
            limit: limit
        )
        return try fixture.operations.events(request).map(\.position.number)
    }

    private func fixture() throws -> Fixture {
        let fixture = try Fixture()
        for stream in ["cart-1", "cart-2", "order-1"] { try fixture.append(3, to: stream) }
        return fixture
    }

    @Test func `the status counts what the store holds`() throws {
        let empty = try Fixture()
        let before = try empty.operations.status()
        #expect(before.head == .start && before.lastRecordedTime == nil && before.streamCount == 0)
        let fixture = try fixture()
        let status = try fixture.operations.status()
        #expect(status.name == "test" && status.identity == Fixture.id.description)
        #expect(status.incarnation == 1 && status.readOnlyReason == nil)
        #expect(status.head == Position(9) && status.streamCount == 3 && status.logBytes > 0)
        #expect(status.lastRecordedTime == (try fixture.log.event(at: Position(9))?.recordedTime))
        let age = status.measuredTime.seconds(since: try #require(status.lastRecordedTime))
        #expect(age > 0 && age < 1)
    }

    @Test func `events come from where and in the direction asked for`() throws {
        let fixture = try fixture()
        let cart = StreamName("cart-2")
        #expect(try positions(fixture, .after(.start)) == Array(1...9))
        #expect(try positions(fixture, .after(Position(7))) == [8, 9])
        #expect(try positions(fixture, .after(Position(9))) == [])
        #expect(try positions(fixture, .before(nil)) == Array((1...9).reversed()))
        #expect(try positions(fixture, .before(Position(3))) == [2, 1])
        #expect(try positions(fixture, .before(Position(1))) == [])
        #expect(try positions(fixture, .before(.start)) == [])
        #expect(try positions(fixture, .stream(cart, from: .first)) == [4, 5, 6])
        #expect(try positions(fixture, .stream(cart, from: Sequence(2))) == [6])
        #expect(try positions(fixture, .streamBackwards(cart, through: nil)) == [6, 5, 4])
        #expect(try positions(fixture, .streamBackwards(cart, through: Sequence(1))) == [5, 4])
        #expect(try positions(fixture, .stream(StreamName("none"), from: .first)) == [])
    }

    @Test func `events are narrowed by type and text, and the limit counts what is left`() throws {
        let fixture = try fixture()
        let type = TestEvents.type(1)
        #expect(try positions(fixture, .after(.start), types: [type]) == [2, 5, 8])
        #expect(try positions(fixture, .before(nil), types: [type], limit: 2) == [8, 5])
        #expect(try positions(fixture, .after(.start), containing: "order") == [7, 8, 9])
        #expect(try positions(fixture, .after(.start), containing: "Tested2", limit: 2) == [3, 6])
        #expect(try positions(fixture, .after(.start), containing: "order", limit: 1) == [7])
        #expect(try positions(fixture, .after(.start), limit: 0) == [])
    }

    @Test func `a preview ends between characters`() throws {
        let fixture = try Fixture()
        // The cut at 240 bytes would fall into each of these characters.
        let texts = ["é", "漢", "😀"].flatMap { character in
            (1..<character.utf8.count).map { back in
                String(repeating: "x", count: 240 - back) + character + "yy"
            }
        }
        for text in texts {
            try fixture.append(payload: text, to: "cart-1", contentType: "text/plain")
        }
        try fixture.append(payload: "short é", to: "cart-1")
        let request = EventsRequest(range: .after(.start))
        let previews = try fixture.operations.events(request).map(\.payloadPreview)
        #expect(previews.dropLast().allSatisfy { $0.allSatisfy { $0 == "x" } && $0.count > 230 })
        #expect(previews.last == "short é")
        let state = try fixture.operations.state(
            of: StreamName("cart-1"),
            at: .sequence(.first)
        )
        #expect(state.last?.payloadPreview == previews.first)
    }

    @Test func `one event is shown with all it carries, laid out where it is JSON`() throws {
        let fixture = try Fixture()
        var event = TestEvents.event(5)
        event.payload = Array(#"{"a":[1,{"b":2}]}"#.utf8)
        event.metadata = Array(#"{"by":"ana"}"#.utf8)
        event.tags = [EventTag(key: "customer", value: "7")]
        _ = try fixture.log.append(AppendRequest([event], to: StreamName("cart-1")))
        try fixture.append(payload: "no JSON\nat all", to: "cart-1")
        try fixture.append(payload: String(repeating: "9", count: 300_000), to: "cart-1")
        let detail = try #require(try fixture.operations.event(at: Position(1)))
        #expect(detail.id == event.id && detail.tags == event.tags)
        #expect(detail.payloadLines.count > 3 && detail.payloadLines.joined().contains("\"b\": 2"))
        #expect(detail.metadataLines.joined().contains("ana"))
        #expect(detail.summary.payloadSize == event.payload.count)
        let text = try #require(try fixture.operations.event(at: Position(2)))
        #expect(text.payloadLines == ["no JSON", "at all"])
        let long = try #require(try fixture.operations.event(at: Position(3)))
        #expect(long.payloadLines.first?.hasPrefix("300000 bytes") == true)
        #expect(try fixture.operations.event(at: .start) == nil)
        #expect(try fixture.operations.event(at: Position(4)) == nil)
        #expect(try fixture.operations.event(at: Position(.max)) == nil)
    }

    @Test(arguments: HostilePayload.all)
    func `a payload that does harm is shown as far as it can be`(payload: HostilePayload) throws {
        let fixture = try Fixture()
        var event = TestEvents.event(1)
        event.payload = payload.bytes
        _ = try fixture.log.append(AppendRequest([event], to: StreamName("cart-1")))
        let detail = try #require(try fixture.operations.event(at: Position(1)))
        #expect(detail.summary.payloadSize == payload.bytes.count)
        #expect(detail.summary.payloadPreview.utf8.count <= 240)
        #expect(!detail.payloadLines.isEmpty)
        #expect(detail.payloadLines.reduce(0) { $0 + $1.utf8.count } < 300_000)
    }

    @Test func `streams are listed, and waiting ends with events or with the time`() throws {
        let fixture = try fixture()
        let streams = try fixture.operations.streams(StreamsRequest(category: Category("cart")))
        #expect(streams.map(\.stream.text) == ["cart-1", "cart-2"])
        let later = try fixture.operations.waitForEvents(
            after: Position(5),
            timeoutMilliseconds: 10_000
        )
        #expect(later == Position(9))
        let same = try fixture.operations.waitForEvents(after: Position(9), timeoutMilliseconds: 1)
        #expect(same == Position(9))
    }
}
