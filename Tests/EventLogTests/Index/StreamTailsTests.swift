import Disk
import EventModel
import EventStorage
import RecountTesting
import Testing

@testable import EventLog

/// What is remembered of streams: never anything that is not so.
@Suite struct StreamTailsTests {
    @Test func `what is known of a stream is its last sequence`() {
        var generator = RandomSequence(seed: 5)
        var tails = StreamTails()
        var last: [Int: Sequence] = [:]
        var knownCount = 0
        for _ in 0..<200_000 {
            let stream = Int.random(in: 0..<3000, using: &generator)
            let hash = StreamHash("stream-\(stream)".utf8.span.bytes)
            let known = tails.last(of: [hash])[0]
            #expect(known == nil || known == last[stream])
            if known != nil { knownCount += 1 }
            let next = last[stream]?.next ?? .first
            last[stream] = next
            if Bool.random(using: &generator) {
                tails.insert(hash, last: next)
            } else {
                tails.update(hash, last: next)
            }
        }
        #expect(knownCount > 150_000)
    }

    @Test func `nothing is known before anything was asked`() {
        var tails = StreamTails()
        let stream = StreamHash("cart-1".utf8.span.bytes)
        tails.update(stream, last: .first)
        #expect(tails.last(of: [stream]) == [nil])
    }

    @Test func `what another process appended to a stream is known`() throws {
        let directory = TemporaryDirectory()
        let places = StoreDirectory(directory.path + "/test.store")
        _ = try EventLog.create(places, id: EventID(high: 1, low: 2))
        let (first, second) = (try EventLog.open(places), try EventLog.open(places))
        for number in UInt64(0)..<6 {
            let log = number % 2 == 0 ? first : second
            let expectation: StreamExpectation =
                number == 0 ? .noStream : .exactly(Sequence(number - 1))
            let request = TestEvents.request(1, to: "cart-1", from: number, expectation)
            #expect(try log.append(request).placements[0].sequence == Sequence(number))
        }
    }
}
