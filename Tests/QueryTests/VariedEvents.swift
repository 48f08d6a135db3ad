import EventLog
import EventModel
import EventStorage
import RecountTesting

/// Events of every shape that SQL can tell apart.
enum VariedEvents {
    static let streams = [
        "cart-1", "cart-2", "cart", "order-é", "order-e\u{301}", "-x", "o'brien-\"1\"", "a-b-c",
    ]
    static let types = ["Opened", "Closed", "Späte Zahlung", "closed"]
    /// Moments whose texts do not sort like them.
    static let times = [
        "2011-01-01T00:00:00Z", "2011-01-01T00:00:00.5Z", "2011-01-01T00:00:00.250001Z",
        "2011-01-01T00:00:01Z", "2011-01-31T23:59:59.999999Z", "2011-02-01T00:00:00Z",
        "1969-12-31T23:59:59.9Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00",
    ].compactMap(Timestamp.init)
    private static let payloads: [[UInt8]] = [
        Array(#"{"amount":5}"#.utf8), Array("\"grün\"".utf8), [0xFF, 0x00, 0x80], [],
        [0x41, 0, 0x42],
    ]

    /// Appends that many events, in batches with seconds and less between them.
    static func fill(_ fixture: Fixture, count: UInt64) throws {
        var generator = SplitMix(state: 7)
        var number: UInt64 = 0
        while number < count {
            let entries = (0..<generator.next(12)).map { _ in
                defer { number += 1 }
                return entry(number, &generator)
            }
            fixture.clock.advance(bySeconds: Double(generator.next(4)) * 0.35)
            _ = try fixture.store.append(AppendRequest(entries: entries))
        }
    }

    private static func entry(
        _ number: UInt64,
        _ generator: inout SplitMix
    ) -> AppendRequest.Entry {
        AppendRequest.Entry(
            stream: StreamName(generator.pick(streams)),
            event: PendingEvent(
                id: EventID(high: 0x5A1, low: number),
                type: EventType(generator.pick(types)),
                revision: UInt32(1 + generator.next(2)),
                eventTime: generator.pick(times),
                metadata: number % 3 == 0 ? [] : Array(#"{"by":"ana"}"#.utf8),
                payload: generator.pick(payloads)
            )
        )
    }
}

/// Random numbers that are the same in every run.
struct SplitMix {
    var state: UInt64

    /// A number below a bound.
    mutating func next(_ bound: UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return (value ^ (value >> 31)) % bound
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(next(UInt64(elements.count)))]
    }
}
