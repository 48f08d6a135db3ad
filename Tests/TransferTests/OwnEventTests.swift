import EventLog
import EventModel
import EventStorage
import Operations
import RecountTesting
import Testing

/// Events that no import has made, of every odd kind.
private let ownEvents: [PendingEvent] = {
    var events = (0..<9).map { TestEvents.event(UInt64($0)) }
    events[0].metadata = Array(#"{ "by":"ana","id":"x","source":"y" }"#.utf8)
    events[1].payload = [0, 255, 10]
    events[1].contentType = "application/octet-stream"
    events[2].payload = Array("{\n}".utf8)
    events[3].payload = Array(#" {"a":1}"#.utf8)
    events[4].payload = []
    events[5].metadata = [0xFF, 0x00]
    events[6].tags = [
        EventTag(key: "a:b,c%", value: "1:2,3%"), EventTag(key: "k", value: ""),
    ]
    events[6].revision = 7
    events[7].payload = Array(String(repeating: "[", count: 64).utf8)
    events[7].payload += Array(String(repeating: "]", count: 64).utf8)
    events[8].payload = Array(#"{"a":1,"a":2}"#.utf8)
    events[8].metadata = Array("not json \u{1F}".utf8)
    return events
}()

@Test func `events that were not imported are the same after export and import`() throws {
    let fixture = try Fixture()
    _ = try fixture.store.append(AppendRequest(ownEvents, to: StreamName("cart-\"é")))
    let exported = try fixture.exported()
    let copy = try Fixture()
    let path = try copy.file("copy.ndjson", exported)
    #expect(try copy.importing(path).addedCount == ownEvents.count)
    #expect(try copy.store.events(EventSelection()).map(\.pending) == ownEvents)
    #expect(try copy.exported() == exported)
    #expect(try fixture.importing(path).knownCount == ownEvents.count)
}

@Test func `an event without a time is exported with its recorded time`() throws {
    let fixture = try Fixture()
    var event = TestEvents.event(1)
    event.eventTime = nil
    _ = try fixture.store.append(AppendRequest([event], to: StreamName("cart-1")))
    let recorded = try #require(try fixture.store.event(at: Position(1)))
    #expect(try fixture.exportedText().contains(#""time":"\#(recorded.recordedTime)""#))
}

@Test func `attributes that others add to an export stay with the event`() throws {
    let fixture = try Fixture()
    _ = try fixture.store.append(AppendRequest([ownEvents[0]], to: StreamName("cart-1")))
    let text = try fixture.exportedText().replacing(
        "\"metadata\"",
        with: "\"trace\":1,\"metadata\""
    )
    let copy = try Fixture()
    _ = try copy.importing(text: text)
    let event = try #require(try copy.store.event(at: Position(1)))
    #expect(event.id == ownEvents[0].id)
    #expect(String(decoding: event.metadata, as: UTF8.self).hasPrefix(#"{"trace":1,"metadata":""#))
}

@Test func `system streams are exported only where asked for`() throws {
    let fixture = try Fixture()
    _ = try fixture.store.append(TestEvents.request(2, to: "$operations"))
    _ = try fixture.store.append(TestEvents.request(1, to: "cart-1", from: 9))
    func lineCount(_ includesSystemStreams: Bool) throws -> Int {
        try fixture.exported(includesSystemStreams: includesSystemStreams).count { $0 == 0x0A }
    }
    #expect(try lineCount(false) == 1)
    #expect(try lineCount(true) == 3)
}

@Test func `an export can begin after a position or be of one stream`() throws {
    let fixture = try Fixture()
    for number in UInt64(0)..<6 {
        let stream = number % 2 == 0 ? "cart-1" : "cart-2"
        _ = try fixture.store.append(TestEvents.request(1, to: stream, from: number))
    }
    let after = try fixture.exported(nil, EventSelection(after: Position(4)))
    #expect(after.count { $0 == 0x0A } == 2)
    let stream = try fixture.exported(nil, EventSelection(.stream(StreamName("cart-2"))))
    #expect(stream.count { $0 == 0x0A } == 3)
}
