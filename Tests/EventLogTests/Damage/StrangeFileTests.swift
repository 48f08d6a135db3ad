import Disk
import EventModel
import EventStorage
import Glibc
import RecountTesting
import Testing

@testable import EventLog

/// What somebody puts in the place of a log file, or behind the last one, on the machine's disk.
@Suite struct StrangeFileTests {
    /// Something that is no log file.
    enum Stranger: CaseIterable {
        case directory
        case pipe
        case link
        case empty

        func put(at path: String) throws {
            switch self {
            case .directory: try RealDisk().createDirectory(path)
            case .pipe: #expect(mkfifo(path, 0o600) == 0)
            case .link: #expect(symlink("/dev/zero", path) == 0)
            case .empty: _ = try RealDisk().create(path, size: 0)
            }
        }
    }

    /// A store on the machine's disk with the files of one in memory.
    private func copy(_ store: DamageStore, to root: TemporaryDirectory) throws -> StoreDirectory {
        let directory = StoreDirectory(root.path + "/test.store")
        let disk = RealDisk()
        try disk.createDirectory(directory.path)
        try disk.createDirectory(directory.log)
        for (path, bytes) in store.image where path != DamageStore.directory.sharedPage {
            let name = path.dropFirst(DamageStore.directory.path.count)
            try disk.create(directory.path + name, size: 0).write(bytes.span.bytes, at: 0)
        }
        return directory
    }

    @Test(arguments: Stranger.allCases, [0, 1, 2])
    func `what stands in the place of a log file is found`(stranger: Stranger, file: Int) throws {
        let store = try DamageStore(hasIndex: false)
        let root = TemporaryDirectory()
        let directory = try copy(store, to: root)
        let name = LogFile.name(firstPosition: store.files[file].header.firstPosition)
        try RealDisk().remove(directory.logFile(name))
        try stranger.put(at: directory.logFile(name))
        do throws(StorageError) {
            let log = try EventLog.open(directory, now: TestClock().now)
            let isForgotten = file == 2 && log.readOnlyReason == nil
            let events = try log.events(EventSelection())
            #expect(isForgotten || log.readOnlyReason?.contains(".log") == true)
            #expect(events.last?.position.next == store.files[file].header.firstPosition)
        } catch {
            #expect(error.location?.contains(name) == true, "\(error)")
        }
    }

    @Test(arguments: Stranger.allCases)
    func `what stands behind the last log file hides nothing`(stranger: Stranger) throws {
        let store = try DamageStore(hasIndex: false)
        let root = TemporaryDirectory()
        let directory = try copy(store, to: root)
        let future = LogFile.name(firstPosition: Position(store.head.number + 100))
        try stranger.put(at: directory.logFile(future))
        do throws(StorageError) {
            let log = try EventLog.open(directory, now: TestClock().now)
            #expect(try log.head() == store.head)
        } catch {
            #expect(error.location?.contains(future) == true, "\(error)")
        }
    }

    @Test(arguments: Stranger.allCases)
    func `what stands in the place of an index file changes no answer`(
        stranger: Stranger
    ) throws {
        let store = try DamageStore(hasIndex: true)
        let root = TemporaryDirectory()
        let directory = try copy(store, to: root)
        let index = directory.indexFile(Position(1))
        try RealDisk().remove(index)
        try stranger.put(at: index)
        let log = try EventLog.open(directory, now: TestClock().now)
        let found = StoreAnswers(of: log, repeating: store.requests(through: store.head))
        let right = try #require(store.answers[store.head])
        #expect(found.errors.isEmpty)
        #expect(found.areNeverWrong(right))
    }
}
