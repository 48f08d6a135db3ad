import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import ProgramFixture
import RecountTesting
import Testing

/// Disks with no space left, and files that may not grow.
@Suite struct FullDiskTests {
    private static let fileSize = 64 << 10

    /// The largest batch about.
    private static let batchSize = 8 << 9

    @Test(.enabled(if: Mount.isPossible, "mounting needs the rights of an administrator"))
    func `appends to a full disk fail, readers go on, and appends resume with the space`() throws {
        let disk = try Mount("-t tmpfs -o size=1m none")
        let store = StoreDirectory(disk.path + "/test.store")
        let writer = try LogProcess()
        var ledger = Ledger()
        #expect(try writer.ask("create \(store.path) \(FullDiskTests.fileSize)").line == "done")
        let reader = try EventLog.open(store)
        for _ in 0..<3 {
            let ballast = disk.fill()
            try expectFull(writer, &ledger)
            try ledger.check(reader)
            try ledger.checkAll(EventLog.open(store))
            #expect(try freeBytes(behind: reader) < FullDiskTests.batchSize)
            try RealDisk().remove(ballast)
            for _ in 0..<20 {
                let answer = try writer.ask("append synced")
                #expect(answer.isAcknowledged, "\(answer.line)")
                try ledger.note(answer)
            }
            try ledger.check(reader)
        }
        #expect(writer.end() == 0)
        try ledger.checkAll(EventLog.open(store))
    }

    /// Appends until there is no space, not even for the smallest batch.
    private func expectFull(_ writer: LogProcess, _ ledger: inout Ledger) throws {
        var fullCount = 0
        while fullCount < 20 {
            let answer = try writer.ask("append synced")
            fullCount = answer.isAcknowledged ? 0 : fullCount + 1
            #expect(answer.isAcknowledged || answer.fault == "full", "\(answer.line)")
            try ledger.note(answer)
        }
    }

    /// The bytes of the last file behind the last record.
    ///
    /// The file to come meets the full disk, so there are few.
    private func freeBytes(behind log: EventLog) throws -> Int {
        let names = try RealDisk().names(in: log.directory.log).filter { $0.hasSuffix(".log") }
        let name = try #require(names.last)
        let file = try RealDisk().open(log.directory.log + "/" + name, writable: false)
        let bytes = try file.read(0..<file.size())
        return bytes.reversed().prefix { $0 == 0 }.count
    }

    @Test(.enabled(if: Mount.isPossible, "mounting needs the rights of an administrator"))
    func `a log with a torn tail on a full disk is read, and put in order with the space`() throws {
        let disk = try Mount("-t tmpfs -o size=1m none")
        let store = StoreDirectory(disk.path + "/test.store")
        var ledger = Ledger()
        let dying = try LogProcess(seed: 1)
        #expect(try dying.ask("create \(store.path) \(FullDiskTests.fileSize)").line == "done")
        for _ in 0..<3 { try ledger.note(dying.ask("append synced")) }
        _ = dying.killed()
        try tear(store)
        let ballast = disk.fill()

        let writer = try LogProcess(seed: 2)
        #expect(try writer.ask("open \(store.path)").line == "open \(ledger.count) writable")
        for _ in 0..<3 {
            #expect(try writer.ask("append synced").fault == "full")
            #expect(try writer.ask("count").line == "count \(ledger.count)")
        }
        try RealDisk().remove(ballast)
        try ledger.note(writer.ask("append synced"))
        #expect(writer.end() == 0)
        try ledger.checkAll(EventLog.open(store))
        let torn = try RealDisk().names(in: store.log).filter { $0.contains(".torn-") }
        #expect(torn.count == 1, "\(torn)")
        #expect(try RealDisk().status(store.log + "/" + torn[0]).size == FullDiskTests.tornSize)
    }

    private static let tornSize = 9000

    /// Writes what a process leaves behind that dies in the middle of a record.
    private func tear(_ store: StoreDirectory) throws {
        let file = try RealDisk().open(store.log + "/00000000000000000001.log", writable: true)
        let end = try file.read(0..<file.size()).lastIndex { $0 != 0 } ?? 0
        let torn = [UInt8](repeating: 7, count: FullDiskTests.tornSize)
        try file.write(torn.span.bytes, at: end / 8 * 8 + 8)
        try RealDisk().share(store.log + "/shared", writable: true).store(SharedPageWord(1), 1)
    }

    @Test(.enabled(if: Mount.isPossible, "mounting needs the rights of an administrator"))
    func `a log whose shared page has no space is refused and harms nobody`() throws {
        let disk = try Mount("-t tmpfs -o size=1m none")
        let store = StoreDirectory(disk.path + "/test.store")
        var ledger = Ledger()
        let writer = try LogProcess()
        #expect(try writer.ask("create \(store.path) \(FullDiskTests.fileSize)").line == "done")
        try ledger.note(writer.ask("append synced"))
        #expect(writer.end() == 0)
        try RealDisk().remove(store.log + "/shared")
        let ballast = disk.fill()
        let other = try LogProcess(seed: 2)
        #expect(try other.ask("open \(store.path)").fault == "full")
        try RealDisk().remove(ballast)
        #expect(try other.ask("open \(store.path)").line == "open \(ledger.count) writable")
        try ledger.note(other.ask("append synced"))
        try ledger.checkAll(EventLog.open(store))
    }

    @Test func `a limit of the size of files is an error like a full disk`() throws {
        let directory = TemporaryDirectory()
        let store = StoreDirectory(directory.path + "/test.store")
        var ledger = Ledger()
        let writer = try LogProcess()
        #expect(try writer.ask("create \(store.path) \(FullDiskTests.fileSize)").line == "done")
        // Too little for what is left of a file, and then for the next file.
        for limit in [20 << 10, FullDiskTests.fileSize / 2] {
            #expect(try writer.ask("limit size \(limit)").line == "done")
            try expectFull(writer, &ledger)
            #expect(try writer.ask("count").line == "count \(ledger.count)")
            try ledger.checkAll(EventLog.open(store))
            #expect(try writer.ask("limit size \(1 << 30)").line == "done")
            for _ in 0..<40 { try ledger.note(writer.ask("append flushed")) }
        }
        #expect(writer.end() == 0)
        try ledger.checkAll(EventLog.open(store))
    }

    @Test func `the program says that a file may not grow, and is not ended by a signal`() throws {
        let directory = TemporaryDirectory()
        let store = StoreDirectory(directory.path + "/test.store")
        try EventLog.make(store, fileSize: FullDiskTests.fileSize)
        let data = String(repeating: "x", count: 30_000)
        // In units of 512 bytes.
        let path = try #require(Program.path)
        let words = [
            "-c", "ulimit -f 40; exec \(path) append \(store.path) cart-1 Added --data -",
        ]
        let execution = try Program(words, named: "/bin/sh", input: #""\#(data)""#).end()
        #expect(execution.status == 4, "\(execution)")
        #expect(execution.messages.contains("no space is left for the log"))
        #expect(try EventLog.open(store).head() == .start)
    }
}
