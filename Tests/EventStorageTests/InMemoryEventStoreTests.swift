import EventModel
import EventStorage
import RecountTesting
import Testing

@Test("a store in memory is a store", arguments: EventStoreConformance.all)
func conformance(_ demand: EventStoreConformance) throws {
    let clock = TestClock()
    try demand.check(InMemoryEventStore(now: clock.now))
}

@Test func `recorded times never go back`() throws {
    let clock = TestClock()
    let store = InMemoryEventStore(now: clock.now)
    _ = try store.append(TestEvents.request(1, to: "cart-1"))
    clock.advance(bySeconds: -3600)
    _ = try store.append(TestEvents.request(1, to: "cart-1", from: 1))
    let times = try store.events(EventSelection()).map(\.recordedTime)
    #expect(times[0] == times[1])
}
