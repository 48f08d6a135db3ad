import EventModel
import EventStorage
import RecountTesting
import Testing

@Test func `pages hold every stream once, in order`() throws {
    let store = InMemoryEventStore(now: TestClock().now)
    var number: UInt64 = 0
    for count in [9000, 100] {
        let category = count == 100 ? "small" : "large"
        for index in 0..<count {
            _ = try store.append(TestEvents.request(1, to: "\(category)-\(index)", from: number))
            number += 1
        }
    }
    for (category, counts) in [(nil, [4096, 4096, 908]), (Category("small"), [100])]
        as [(Category?, [Int])]
    {
        var pages = StreamPages(of: store, category: category)
        var found: [StreamName] = []
        for count in counts {
            let page = try pages.next()
            #expect(page.count == count)
            found += page.map(\.stream)
        }
        #expect(try pages.next().isEmpty)
        #expect(found == found.sorted() && Set(found).count == counts.reduce(0, +))
    }
}

@Test func `pages hold every stream with snapshots once, in order`() throws {
    let snapshots = InMemorySnapshotStore()
    for index in 0..<5000 {
        snapshots.save(
            Snapshot(
                stream: StreamName("cart-\(index)"),
                sequence: .first,
                position: Position(1),
                eventID: EventID(high: 0, low: 0),
                latestTime: .epoch,
                fingerprint: "1",
                takenTime: .epoch,
                state: []
            )
        )
    }
    var pages = StreamPages(of: Category("cart"), fingerprint: "1", in: snapshots)
    let found = try [pages.next(), pages.next(), pages.next()].map { $0.map(\.stream) }
    #expect(found.map(\.count) == [4096, 904, 0])
    let all = found.flatMap { $0 }
    #expect(all == all.sorted() && Set(all).count == 5000)
}
