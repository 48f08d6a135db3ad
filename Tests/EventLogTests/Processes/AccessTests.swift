import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import ProgramFixture
import RecountTesting
import Testing

/// Stores that may only be read, and stores that are not safe to use.
@Suite struct AccessTests {
    private static let isAdministrator = geteuid() == 0

    /// Somebody who may do little.
    private static let nobody: uid_t = 65534

    @Test(.enabled(if: Mount.isPossible, "mounting needs the rights of an administrator"))
    func `a store on read-only media is read and followed, and appends are refused`() throws {
        let directory = TemporaryDirectory()
        let store = StoreDirectory(directory.path + "/test.store")
        let writer = try LogProcess()
        #expect(try writer.ask("create \(store.path) 65536").line == "done")
        let media = try Mount("--bind \(directory.path)")
        try #require(shell("mount -o remount,bind,ro \(media.path)"))
        let path = media.path + "/test.store"
        try expectReadOnly(path, followingWhat: writer, by: LogProcess(seed: 2))

        let execution = try Program.run("append", path, "cart-1", "Added", "--data", "{}")
        #expect(execution.status == 3, "\(execution)")
        #expect(execution.messages.contains("read-only"))
        #expect(try Program.run("events", path, "--json").status == 0)
    }

    @Test(.enabled(if: isAdministrator, "to become another user takes an administrator"))
    func `a store without the right to write is read and followed, and appends are refused`()
        throws
    {
        let directory = TemporaryDirectory()
        chown(directory.path, AccessTests.nobody, AccessTests.nobody)
        let store = StoreDirectory(directory.path + "/test.store")
        let writer = try LogProcess()
        #expect(try writer.ask("user \(AccessTests.nobody)").line == "done")
        #expect(try writer.ask("create \(store.path) 65536").line == "done")
        #expect(try writer.ask("append synced").isAcknowledged)
        try #require(shell("chmod -R a-w \(store.path)"))
        let reader = try LogProcess(seed: 2)
        #expect(try reader.ask("user \(AccessTests.nobody)").line == "done")
        try expectReadOnly(store.path, followingWhat: writer, by: reader)
    }

    /// Sees that one process can read and follow what another one appends, and append nothing.
    private func expectReadOnly(
        _ path: String,
        followingWhat writer: LogProcess,
        by reader: LogProcess
    ) throws {
        let opened = try reader.ask("open \(path)")
        #expect(opened.words[0] == "open" && opened.words[2] == "read-only", "\(opened.line)")
        for _ in 0..<5 {
            let head = try reader.head()
            reader.tell("wait \(head)")
            let answer = try writer.ask("append synced")
            #expect(answer.isAcknowledged, "\(answer.line)")
            #expect(try #require(reader.answer()).number > head)
        }
        let head = try reader.head()
        #expect(try reader.ask("count").line == "count \(head)")
        #expect(try reader.ask("append synced").fault == "readOnly")
        #expect(try reader.ask("wake").line == "done")
        #expect(reader.end() == 0)
    }

    @Test(arguments: ["group", "others", "log", "owner", "link"])
    func `a store that is not safe is never opened, and the message says what to do`(
        fault: String
    ) throws {
        if fault == "owner" && !AccessTests.isAdministrator { return }
        let directory = TemporaryDirectory()
        let store = StoreDirectory(directory.path + "/test.store")
        try EventLog.make(store, fileSize: 64 << 10)
        var path = store.path
        let remedy: String
        switch fault {
        case "group":
            chmod(path, 0o770)
            remedy = "chmod go-w"
        case "others":
            chmod(path, 0o702)
            remedy = "chmod go-w"
        case "log":
            chmod(store.log, 0o722)
            remedy = "chmod go-w"
        case "owner":
            chown(path, AccessTests.nobody, AccessTests.nobody)
            remedy = "run the program as that user"
        default:
            path = directory.path + "/link.store"
            symlink(store.path, path)
            remedy = "give the path of the directory itself"
        }
        let before = try RealDisk().names(in: store.log)
        let answer = try LogProcess().ask("open \(path)")
        #expect(answer.fault == "unsafePermissions")
        #expect(answer.line.contains(remedy), "\(answer.line)")
        for verb in [["append", path, "cart-1", "Added", "--data", "{}"], ["events", path]] {
            let execution = try Program(verb).end()
            #expect(execution.status == 4 && execution.messages.contains(remedy), "\(execution)")
        }
        #expect(try RealDisk().names(in: store.log) == before)
    }

    @Test func `a store of many files is used with few descriptors`() throws {
        let directory = TemporaryDirectory()
        let store = StoreDirectory(directory.path + "/test.store")
        var ledger = Ledger()
        let writer = try LogProcess(seed: 1)
        #expect(try writer.ask("create \(store.path) 8192").line == "done")
        while try fileCount(of: store) < 60 { try ledger.note(writer.ask("append flushed")) }
        #expect(writer.end() == 0)

        let other = try LogProcess(seed: 2)
        #expect(try other.ask("limit files 32").line == "done")
        #expect(try other.ask("open \(store.path)").line == "open \(ledger.count) writable")
        #expect(try other.ask("count").line == "count \(ledger.count)")
        while try fileCount(of: store) < 100 {
            let answer = try other.ask("append synced")
            try #require(answer.isAcknowledged, "\(answer.line)")
            try ledger.note(answer)
        }
        #expect(try other.ask("count").line == "count \(ledger.count)")
        try ledger.checkAll(EventLog.open(store))
    }

    private func fileCount(of store: StoreDirectory) throws -> Int {
        try RealDisk().names(in: store.log).count { $0.hasSuffix(".log") }
    }

    @Test func `who waits sleeps until another process appends`() throws {
        let directory = TemporaryDirectory()
        let store = StoreDirectory(directory.path + "/test.store")
        try EventLog.make(store, fileSize: 64 << 10)
        let reader = try LogProcess(seed: 1)
        #expect(try reader.ask("open \(store.path)").line == "open 0 writable")
        reader.tell("wait 0")
        #expect(wait { reader.isAsleep })
        // To start a process takes long enough for one that polls to wake up a few times.
        let writer = try LogProcess(seed: 2)
        #expect(try writer.ask("open \(store.path)").line == "open 0 writable")
        #expect(try writer.ask("append synced").isAcknowledged)
        let answer = try #require(reader.answer())
        #expect(answer.words[0] == "head" && answer.number > 0)
        #expect(try #require(Int(answer.words[2])) <= 3, "\(answer.line)")
    }
}

extension LogProcess {
    /// The head of the log that the process has open.
    fileprivate func head() throws -> Int { try ask("head").number }

    /// Whether the process waits for a change of memory.
    fileprivate var isAsleep: Bool {
        let path = "/proc/\(number)/syscall"
        let text = try? RealDisk().open(path, writable: false).read(0..<64)
        return String(decoding: text ?? [], as: UTF8.self).hasPrefix(LogProcess.futexCall)
    }
}

extension LogProcess {
    /// How the operating system tells of a call of `futex`.
    private static var futexCall: String {
        #if arch(x86_64)
            "202 "
        #else
            "98 "
        #endif
    }
}

extension LogAnswer {
    /// The number that the line tells, where there is one.
    fileprivate var number: Int { words.count > 1 ? Int(words[1]) ?? 0 : 0 }
}
