package import EventModel
package import EventStorage

/// Events that tests can tell apart by a number.
package enum TestEvents {
    /// The event with a number: one of three types, with a small payload.
    package static func event(_ number: UInt64) -> PendingEvent {
        PendingEvent(
            id: EventID(high: 0x7E57, low: number),
            type: type(number),
            eventTime: Timestamp(microseconds: Int64(number)),
            payload: Array(#"{"number":\#(number)}"#.utf8)
        )
    }

    /// The type of the event with a number.
    package static func type(_ number: UInt64) -> EventType {
        EventType("Tested\(number % 3)")
    }

    /// A request that appends events with consecutive numbers to one stream, which may be one of
    /// the system's.
    package static func request(
        _ count: Int,
        to stream: String,
        from number: UInt64 = 0,
        _ expectation: StreamExpectation = .any
    ) -> AppendRequest {
        let events = (0..<UInt64(count)).map { event(number + $0) }
        var request = AppendRequest(events, to: StreamName(stream), expecting: expectation)
        request.mayNameSystemStreams = request.entries.first?.stream.isSystem ?? false
        return request
    }
}
