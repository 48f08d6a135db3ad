import Disk
import EventLog
import EventModel
import EventStorage
import RecountTesting
import Testing

/// Machines that lose their power while processes append.
@Suite struct PowerCutTests {
    private static let cutCount = 10

    /// The disk is an image; a copy of its file while it is mounted lacks what was never synced.
    @Test(
        .enabled(if: Mount.isPossibleForImages, "mounting images needs the rights for it")
    )
    func `what was synced is there after the power was cut`() throws {
        let directory = TemporaryDirectory()
        let image = try DiskImage(directory.path + "/image")
        let disk = try image.mount()
        let store = StoreDirectory(disk.path + "/test.store")
        try EventLog.make(store, fileSize: 64 << 10)
        var ledger = Ledger()
        var lostCount = 0
        for cut in 0..<PowerCutTests.cutCount {
            let writers = try (0..<2).map { try LogProcess(seed: UInt64(cut * 2 + $0 + 1)) }
            for writer in writers {
                writer.tell("open \(store.path)")
                writer.tell("load")
            }
            for _ in 0..<20 {
                for writer in writers { try ledger.note(#require(writer.answer())) }
            }
            for writer in writers { writer.kill() }
            for writer in writers {
                for answer in writer.killed() { try ledger.note(answer) }
            }
            let last = try LogProcess(seed: UInt64(1000 + cut))
            _ = try last.ask("open \(store.path)")
            try ledger.note(last.ask("append flushed"))
            lostCount += try check(image.copy(), ledger, cut)
        }
        #expect(lostCount > 0, "what was only written was lost now and then")
        try ledger.checkAll(EventLog.open(store))
    }

    /// Starts a machine with a disk, and sees that what was synced is there and the log goes on.
    ///
    /// - Returns: how many events were acknowledged and lost.
    private func check(_ image: DiskImage, _ ledger: Ledger, _ number: Int) throws -> Int {
        let disk = try image.mount()
        let store = StoreDirectory(disk.path + "/test.store")
        // Another start of the machine than the one that the page tells of.
        try RealDisk().share(store.log + "/shared", writable: true).store(SharedPageWord(2), 1)
        let log = try EventLog.open(store)
        #expect(log.readOnlyReason == nil)
        var ledger = ledger
        let lostCount = try ledger.checkSynced(log)
        _ = try log.append(TestEvents.request(1, to: "cart-1", from: UInt64(number) << 16 | 1))
        #expect(try ledger.checkSynced(EventLog.open(store)) == lostCount)
        return lostCount
    }
}
