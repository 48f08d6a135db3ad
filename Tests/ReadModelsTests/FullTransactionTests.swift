import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import Testing

/// How much a transaction changes at most.
@Suite struct FullTransactionTests {
    @Test func `a transaction is full by the rows that it has changed, and the next one is not`()
        throws
    {
        let fixture = GroupFixture(JournalProjection())
        _ = try fixture.store.append(TestEvents.request(3000, to: "cart-1"))
        let storage = try fixture.group("journal").open()
        try storage.begin()
        try storage.reset()
        #expect(!storage.isFull)
        let handler = try storage.handler()
        var handledCount = 0
        try fixture.store.read(EventSelection()) { event in
            handledCount += (try? handler.handle(event, isReplay: false)) == true ? 1 : 0
            return storage.isFull ? .stop : .more
        }
        #expect((1900...2000).contains(handledCount))
        try storage.commit(GroupProgress())
        try storage.begin()
        #expect(!storage.isFull)
        storage.rollback()
    }
}
