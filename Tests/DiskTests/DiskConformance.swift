import Disk
import Glibc
import RecountTesting
import Testing

/// The disks there are.
enum DiskKind: CaseIterable {
    case real
    case simulated

    func makeGround() -> DiskGround {
        switch self {
        case .real: .real()
        case .simulated: .simulated()
        }
    }
}

/// A disk and a directory on it to do anything in.
struct DiskGround {
    let disk: any Disk
    let path: String
    /// Another process on the same disk.
    let otherDisk: any Disk
    /// Keeps the directory while it is used.
    private let temporary: TemporaryDirectory?

    fileprivate static func real() -> DiskGround {
        let temporary = TemporaryDirectory()
        return DiskGround(
            disk: RealDisk(),
            path: temporary.path,
            otherDisk: RealDisk(),
            temporary: temporary
        )
    }

    fileprivate static func simulated() -> DiskGround {
        let machine = SimulatedMachine(seed: 1)
        let disk = machine.startProcess()
        try? disk.createDirectory("/ground")
        return DiskGround(
            disk: disk,
            path: "/ground",
            otherDisk: machine.startProcess(),
            temporary: nil
        )
    }

    /// Makes a file with bytes.
    func makeFile(_ name: String, _ bytes: [UInt8]) throws -> any DiskFile {
        let file = try disk.create(path + "/" + name, size: bytes.count)
        try file.write(bytes, at: 0)
        return file
    }

    /// The error number that a call fails with; nothing where it does not fail.
    func errorNumber(_ body: (DiskGround) throws -> Void) -> Int32? {
        do {
            try body(self)
            return nil
        } catch {
            return (error as? DiskError)?.number
        }
    }
}

/// What every disk does.
@Suite struct DiskConformance {
    @Test(arguments: DiskKind.allCases)
    func `a new file is all zeros and only its owner's`(_ kind: DiskKind) throws {
        let ground = kind.makeGround()
        let file = try ground.disk.create(ground.path + "/new", size: 5000)
        #expect(try file.size() == 5000)
        #expect(try file.read(0..<6000) == [UInt8](repeating: 0, count: 5000))
        let status = try ground.disk.status(ground.path + "/new")
        let expected = FileStatus(kind: .file, size: 5000, permissions: 0o600, isOwn: true)
        #expect(status == expected)
        #expect(!status.isWritableByOthers)
    }

    @Test(arguments: DiskKind.allCases)
    func `what is written is read by whoever opened the file`(_ kind: DiskKind) throws {
        let ground = kind.makeGround()
        let file = try ground.makeFile("file", [1, 2, 3, 4])
        let other = try ground.otherDisk.open(ground.path + "/file", writable: true)
        try other.write([8, 9], at: 1)
        try other.sync()
        #expect(try file.read(0..<4) == [1, 8, 9, 4])
        #expect(try file.read(2..<100) == [9, 4])
        #expect(try file.read(7..<9) == [])
        #expect(file.path == ground.path + "/file")
    }

    @Test(arguments: DiskKind.allCases)
    func `a write beyond the end grows the file over zeros`(_ kind: DiskKind) throws {
        let ground = kind.makeGround()
        let file = try ground.makeFile("file", [1])
        try file.write([2], at: 3)
        #expect(try file.read(0..<9) == [1, 0, 0, 2])
        try file.write([UInt8](repeating: 7, count: 9000), at: 4)
        #expect(try file.size() == 9004)
    }

    @Test(arguments: DiskKind.allCases)
    func `a mapping shows what is written later`(_ kind: DiskKind) throws {
        let ground = kind.makeGround()
        let file = try ground.makeFile("file", [UInt8](repeating: 1, count: 8192))
        let reader = try ground.otherDisk.open(ground.path + "/file", writable: false)
        let mapping = try reader.map(size: 8192)
        try file.write([5, 6], at: 4095)
        #expect(Array(mapping.buffer[4094...4097]) == [1, 5, 6, 1])
        #expect(mapping.buffer.count == 8192)
    }

    @Test(arguments: DiskKind.allCases)
    func `names are sorted, and change with what is done`(_ kind: DiskKind) throws {
        let ground = kind.makeGround()
        for name in ["b", "a", "B"] { _ = try ground.makeFile(name, [1]) }
        try ground.disk.createDirectory(ground.path + "/directory")
        _ = try ground.disk.create(ground.path + "/directory/inner", size: 1)
        #expect(try ground.disk.names(in: ground.path) == ["B", "a", "b", "directory"])
        try ground.disk.rename(ground.path + "/a", to: ground.path + "/c")
        try ground.disk.remove(ground.path + "/B")
        try ground.disk.syncDirectory(ground.path)
        #expect(try ground.otherDisk.names(in: ground.path) == ["b", "c", "directory"])
        #expect(ground.disk.exists(ground.path + "/c"))
        #expect(!ground.disk.exists(ground.path + "/a"))
    }

    @Test(arguments: DiskKind.allCases)
    func `a rename replaces, and open files stay what they were`(
        _ kind: DiskKind
    ) throws {
        let ground = kind.makeGround()
        let old = try ground.makeFile("old", [1])
        let new = try ground.makeFile("new", [2])
        try ground.disk.rename(ground.path + "/new", to: ground.path + "/old")
        #expect(try ground.disk.names(in: ground.path) == ["old"])
        #expect(try old.read(0..<1) == [1])
        #expect(try new.read(0..<1) == [2])
        let opened = try ground.disk.open(ground.path + "/old", writable: false)
        #expect(try opened.read(0..<1) == [2])
    }

    @Test(arguments: DiskKind.allCases)
    func `a directory is only its owner's, and made once`(_ kind: DiskKind) throws {
        let ground = kind.makeGround()
        try ground.disk.createDirectory(ground.path + "/directory")
        try ground.disk.createDirectory(ground.path + "/directory")
        let status = try ground.disk.status(ground.path + "/directory")
        #expect(status.kind == .directory)
        #expect(status.permissions == 0o700)
        #expect(status.isOwn)
    }

    @Test(arguments: DiskKind.allCases)
    func `a tree is removed with everything in it`(_ kind: DiskKind) throws {
        let ground = kind.makeGround()
        try ground.disk.createDirectory(ground.path + "/tree")
        try ground.disk.createDirectory(ground.path + "/tree/inner")
        _ = try ground.disk.create(ground.path + "/tree/inner/file", size: 1)
        try ground.disk.removeTree(ground.path + "/tree")
        #expect(try ground.disk.names(in: ground.path) == [])
    }

    @Test(arguments: DiskKind.allCases)
    func `what is read-only says so`(_ kind: DiskKind) throws {
        let ground = kind.makeGround()
        _ = try ground.makeFile("file", [1])
        try ground.disk.makeReadOnly(ground.path + "/file")
        #expect(try ground.disk.status(ground.path + "/file").permissions == 0o400)
    }

    @Test(arguments: DiskKind.allCases)
    func `what cannot be done fails with the system's number`(_ kind: DiskKind) throws {
        let ground = kind.makeGround()
        _ = try ground.makeFile("file", [1])
        try ground.disk.createDirectory(ground.path + "/directory")
        let numbers = [
            ground.errorNumber { _ = try $0.disk.create($0.path + "/file", size: 1) },
            ground.errorNumber { _ = try $0.disk.create($0.path + "/no/file", size: 1) },
            ground.errorNumber { _ = try $0.disk.open($0.path + "/none", writable: false) },
            ground.errorNumber { _ = try $0.disk.open($0.path + "/directory", writable: true) },
            ground.errorNumber { _ = try $0.disk.status($0.path + "/none") },
            ground.errorNumber { _ = try $0.disk.names(in: $0.path + "/none") },
            ground.errorNumber { _ = try $0.disk.names(in: $0.path + "/file") },
            ground.errorNumber { try $0.disk.rename($0.path + "/none", to: $0.path + "/a") },
            ground.errorNumber { try $0.disk.remove($0.path + "/none") },
            ground.errorNumber { try $0.disk.remove($0.path + "/directory") },
            ground.errorNumber { try $0.disk.createDirectory($0.path + "/no/directory") },
            ground.errorNumber { try $0.disk.syncDirectory($0.path + "/file") },
            ground.errorNumber { try $0.disk.makeReadOnly($0.path + "/none") },
            ground.errorNumber { _ = try $0.disk.share($0.path + "/none", writable: false) },
            ground.errorNumber { _ = try $0.disk.share($0.path + "/directory", writable: true) },
        ]
        #expect(
            numbers == [
                EEXIST, ENOENT, ENOENT, EISDIR, ENOENT, ENOENT, ENOTDIR, ENOENT, ENOENT, EISDIR,
                ENOENT, ENOTDIR, ENOENT, ENOENT, EISDIR,
            ]
        )
    }

    @Test(arguments: DiskKind.allCases)
    func `a file opened for reading is not written`(_ kind: DiskKind) throws {
        let ground = kind.makeGround()
        _ = try ground.makeFile("file", [1])
        let file = try ground.disk.open(ground.path + "/file", writable: false)
        #expect(throws: DiskError.self) { try file.write([2], at: 0) }
        #expect(try file.read(0..<1) == [1])
    }
}

/// What every disk does with pages that processes share.
@Suite struct SharedPageConformance {
    @Test(arguments: DiskKind.allCases)
    func `words are shared, also with a reader who may not write`(
        _ kind: DiskKind
    ) throws {
        let ground = kind.makeGround()
        let page = try ground.disk.share(ground.path + "/page", writable: true)
        let reader = try ground.otherDisk.share(ground.path + "/page", writable: false)
        #expect(reader.load(SharedPageWord(61)) == 0)
        page.store(SharedPageWord(61), 7)
        #expect(reader.load(SharedPageWord(61)) == 7)
        #expect(try ground.disk.status(ground.path + "/page").size == 512)
    }

    @Test(arguments: DiskKind.allCases)
    func `a reader who may not write is woken`(_ kind: DiskKind) async throws {
        let ground = kind.makeGround()
        let page = try ground.disk.share(ground.path + "/page", writable: true)
        let reader = try ground.otherDisk.share(ground.path + "/page", writable: false)
        let seen = reader.counter
        let waited = Task { @concurrent in
            // Comes to an end only by the call of the other.
            while reader.counter == seen { reader.wait(since: seen, timeoutMilliseconds: 60_000) }
            return reader.counter
        }
        page.raise()
        #expect(await waited.value == seen + 1)
        reader.wait(since: seen, timeoutMilliseconds: 60_000)
    }

    @Test(arguments: DiskKind.allCases)
    func `at most one holds the lock, and others see it`(_ kind: DiskKind) throws {
        let ground = kind.makeGround()
        let page = try ground.disk.share(ground.path + "/page", writable: true)
        let other = try ground.otherDisk.share(ground.path + "/page", writable: true)
        let reader = try ground.otherDisk.share(ground.path + "/page", writable: false)
        try page.lock()
        #expect(try !other.tryLock())
        #expect(try !page.isLocked())
        #expect(try other.isLocked())
        #expect(try reader.isLocked())
        page.unlock()
        #expect(try !reader.isLocked())
        #expect(try other.tryLock())
        #expect(try !page.tryLock())
        other.unlock()
    }

    @Test(arguments: DiskKind.allCases)
    func `the lock is given back when its page goes`(_ kind: DiskKind) throws {
        let ground = kind.makeGround()
        var page: (any SharedPage)? = try ground.disk.share(ground.path + "/page", writable: true)
        let other = try ground.otherDisk.share(ground.path + "/page", writable: true)
        #expect(try page?.tryLock() == true)
        page = nil
        #expect(try other.tryLock())
        other.unlock()
    }

    @Test(arguments: DiskKind.allCases)
    func `the lock of a page that was removed is refused`(_ kind: DiskKind) throws {
        let ground = kind.makeGround()
        let page = try ground.disk.share(ground.path + "/page", writable: true)
        try ground.otherDisk.remove(ground.path + "/page")
        #expect(ground.errorNumber { _ in try page.lock() } == ESTALE)
        #expect(ground.errorNumber { _ in _ = try page.tryLock() } == ESTALE)
    }
}
