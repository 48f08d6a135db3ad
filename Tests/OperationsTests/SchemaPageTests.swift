import EventLog
import EventModel
import EventStorage
import Operations
import RecountTesting
import Testing

@Test func `a schema is read over more streams than one page of names has`() throws {
    let fixture = try Fixture()
    let streamCount: UInt64 = 9000
    // The streams of the system come first, those of the domain around them.
    for (first, prefix) in [(UInt64(0), "!"), (streamCount / 2, "cart-")] {
        for start in stride(from: first, to: first + streamCount / 2, by: 1500) {
            var request = AppendRequest(entries: [])
            for number in start..<min(start + 1500, first + streamCount / 2) {
                request.entries.append(
                    AppendRequest.Entry(
                        stream: StreamName("\(prefix)\(number)"),
                        event: TestEvents.event(number)
                    )
                )
            }
            _ = try fixture.log.append(request)
        }
    }
    _ = try fixture.log.append(TestEvents.request(1, to: "$operations", from: streamCount))
    let reading = try fixture.operations.readSchema()
    #expect(reading.streamCount == Int(streamCount))
    #expect(reading.eventCount == streamCount)
}
