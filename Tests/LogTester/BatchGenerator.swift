import Disk
import EventModel
import EventStorage

/// Makes batches of one to eight events for several streams, the same ones again for a seed.
///
/// The identity of an event tells which batch of which process it belongs to: the seed, and the
/// batch's number, the event's place in it and the count of its events.
struct BatchGenerator {
    private let seed: UInt64
    private var number: UInt64 = 0
    private var random: RandomSequence

    init(seed: UInt64) {
        self.seed = seed
        random = RandomSequence(seed: seed)
    }

    /// The next batch, to be synced.
    mutating func next() -> AppendRequest {
        number += 1
        let count = UInt64(1 + random.next(below: 8))
        let entries = (0..<count).map { place in
            let filler = String(repeating: "x", count: random.next(below: 400))
            let event = PendingEvent(
                id: EventID(high: seed, low: number << 16 | place << 8 | count),
                type: EventType("Tested\(place)"),
                payload: Array(#"{"number":\#(number),"filler":"\#(filler)"}"#.utf8)
            )
            return AppendRequest.Entry(
                stream: StreamName("cart-\(random.next(below: 9))"),
                event: event
            )
        }
        return AppendRequest(entries: entries)
    }

    /// Whether the next batch of a load is only to be written; one in four is.
    mutating func isNextFlushed() -> Bool { random.next(below: 4) == 0 }
}
