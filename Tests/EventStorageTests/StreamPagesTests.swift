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
