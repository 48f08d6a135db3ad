import EventModel
import EventStorage
import RecountTesting
import Testing

@testable import EventLog

/// What is said of streams without reading their events.
@Suite struct StreamListTests {
    /// A store of many log and index files, with old streams, new ones and busy ones.
    private func makeStore() throws -> DamagedStore {
        let store = try DamagedStore(records: 0, fileSize: 64 << 10)
        let log = try store.open()
        for number in UInt64(0)..<480 {
            let name = number % 3 == 0 ? "busy" : "cart-\(number % 5 + number / 96 * 5)"
            _ = try log.append(TestEvents.request(4, to: name, from: number * 4))
        }
        return store
    }

    @Test func `streams across files are told as their events tell, in every order`() throws {
        let store = try makeStore()
        let log = try store.open()
        #expect(try store.files.count > 2)
        #expect(try store.indexes.count > 1)
        var expected: [StreamSummary] = []
        for (name, events) in Dictionary(grouping: try log.events(EventSelection()), by: \.stream) {
            let (first, last) = (try #require(events.first), try #require(events.last))
            let summary = StreamSummary(
                stream: name,
                eventCount: UInt64(events.count),
                lastPosition: last.position,
                firstTime: first.recordedTime,
                lastTime: last.recordedTime
            )
            #expect(try log.stream(name) == summary)
            expected.append(summary)
        }
        #expect(expected.count == 26)
        expected.sort { $0.stream < $1.stream }
        #expect(try log.streams(StreamsRequest()) == expected)
        #expect(try log.streams(StreamsRequest(skip: 9, limit: 4)) == Array(expected[9..<13]))
        expected.sort { $0.lastPosition > $1.lastPosition }
        #expect(try log.streams(StreamsRequest(order: .recent)) == expected)
        let page = try log.streams(StreamsRequest(order: .recent, skip: 2, limit: 5))
        #expect(page == Array(expected[2..<7]))
    }

    @Test func `a damaged event hides no stream`() throws {
        let right = try DamagedStore(records: 4).open().streams(StreamsRequest())
        for place in 0..<3 {
            let store = try DamagedStore(records: 4)
            let slots = try store.events(ofRecord: 1)
            let log = try store.open()
            try store.flip(store.files[0], slots[place].lowerBound + 20)
            #expect(throws: StorageError.self) { try log.events(EventSelection()) }
            let streams = try log.streams(StreamsRequest())
            #expect(streams.map(\.stream) == right.map(\.stream))
            #expect(streams.map(\.eventCount) == right.map(\.eventCount))
        }
    }
}
