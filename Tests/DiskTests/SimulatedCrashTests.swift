import Disk
import Testing

/// A simulated machine loses, keeps, tears and reorders what it says.
@Suite struct SimulatedCrashTests {
    private let machine = SimulatedMachine(seed: 7)

    private func crashed(
        _ changes: CrashPolicy.Changes,
        page: CrashPolicy.Page = .current,
        seed: UInt64 = 0
    ) -> SimulatedDisk {
        machine.crashed(CrashPolicy(changes, page: page, seed: seed)).startProcess()
    }

    /// A file whose name and `count` ones are on disk.
    private func makeFile(_ path: String, _ count: Int) throws -> any DiskFile {
        let disk = machine.startProcess()
        let file = try disk.create(path, size: count)
        try file.write([UInt8](repeating: 1, count: count), at: 0)
        try file.sync()
        try disk.syncDirectory("")
        return file
    }

    private func bytes(_ path: String, _ disk: SimulatedDisk) throws -> [UInt8] {
        let file = try disk.open(path, writable: false)
        return try file.read(0..<file.size())
    }

    @Test func `what was synced stays, what was not goes`() throws {
        let file = try makeFile("/file", 4)
        try file.write([2, 2], at: 1)
        #expect(try bytes("/file", crashed(.none)) == [1, 1, 1, 1])
        #expect(try bytes("/file", crashed(.all)) == [1, 2, 2, 1])
        try file.sync()
        #expect(try bytes("/file", crashed(.none)) == [1, 2, 2, 1])
    }

    @Test func `the zeros of a new file are writes like others`() throws {
        let disk = machine.startProcess()
        _ = try disk.create("/file", size: 8)
        try disk.syncDirectory("")
        #expect(try bytes("/file", crashed(.none)) == [])
        #expect(try bytes("/file", crashed(.namesOnly)) == [])
        #expect(try bytes("/file", crashed(.all)) == [UInt8](repeating: 0, count: 8))
    }

    @Test func `a name stays only when its directory was synced, and those above`() throws {
        let disk = machine.startProcess()
        try disk.createDirectory("/a")
        try disk.createDirectory("/a/b")
        let file = try disk.create("/a/b/file", size: 4)
        try file.sync()
        #expect(!crashed(.none).exists("/a/b/file"))
        #expect(!crashed(.contentsOnly).exists("/a/b/file"))
        try disk.syncDirectory("/a/b")
        try disk.syncDirectory("/a")
        #expect(!crashed(.none).exists("/a/b/file"))
        try disk.syncDirectory("")
        #expect(crashed(.none).exists("/a/b/file"))
    }

    @Test func `a rename is undone as a whole, or kept without contents`() throws {
        _ = try makeFile("/old", 1)
        let disk = machine.startProcess()
        let file = try disk.create("/new", size: 2)
        try disk.rename("/new", to: "/old")
        #expect(try bytes("/old", crashed(.none)) == [1])
        #expect(try bytes("/old", crashed(.namesOnly)) == [])
        #expect(try bytes("/old", crashed(.all)) == [0, 0])
        try file.sync()
        #expect(try bytes("/old", crashed(.none)) == [1])
        #expect(try bytes("/old", crashed(.namesOnly)) == [0, 0])
        #expect(try crashed(.namesOnly).names(in: "") == ["old"])
    }

    @Test func `a removed file comes back until its directory was synced`() throws {
        _ = try makeFile("/file", 1)
        let disk = machine.startProcess()
        try disk.remove("/file")
        #expect(crashed(.none).exists("/file"))
        #expect(!crashed(.all).exists("/file"))
        try disk.syncDirectory("")
        #expect(!crashed(.none).exists("/file"))
    }

    @Test func `a file that grew may have zeros or garbage in place of what was written`() throws {
        let file = try makeFile("/file", 2)
        try file.write([UInt8](repeating: 2, count: 100), at: 2)
        let zeros = [1, 1] + [UInt8](repeating: 0, count: 100)
        #expect(try bytes("/file", crashed(.sizesWithZeros)) == zeros)
        let garbage = try bytes("/file", crashed(.sizesWithGarbage, seed: 3))
        #expect(garbage.count == 102)
        #expect(garbage[..<2] == [1, 1])
        #expect(Set(garbage[2...]).count > 20)
    }

    @Test(arguments: [(CrashPolicy.Changes.tornSectors, 512), (.tornPages, 4096)])
    func `a write is torn between its units and never within`(
        _ policy: CrashPolicy.Changes,
        _ unit: Int
    ) throws {
        let file = try makeFile("/file", 32 << 10)
        try file.write([UInt8](repeating: 2, count: 20_000), at: 5000)
        var seen: Set<[UInt8]> = []
        for seed in 0..<20 {
            let bytes = try bytes("/file", crashed(policy, seed: UInt64(seed)))
            for start in stride(from: 0, to: bytes.count, by: unit) {
                let written = max(start, 5000)..<max(start, 5000, min(start + unit, 25_000))
                #expect(Set(bytes[written]).count <= 1)
            }
            #expect(bytes[..<5000].allSatisfy { $0 == 1 })
            #expect(bytes[25_000...].allSatisfy { $0 == 1 })
            seen.insert(bytes)
        }
        #expect(seen.count > 10)
    }

    @Test func `of several writes the oldest, the newest or any are kept`() throws {
        let files = try (0..<6).map { try makeFile("/\($0)", 1) }
        for file in files { try file.write([2], at: 0) }
        func kept(_ policy: CrashPolicy.Changes) throws -> Set<[Bool]> {
            try Set(
                (UInt64(0)..<64).map { seed in
                    let disk = crashed(policy, seed: seed)
                    return try (0..<6).map { try bytes("/\($0)", disk) == [2] }
                }
            )
        }
        #expect(try kept(.prefix).allSatisfy { $0 == $0.sorted { $0 && !$1 } })
        #expect(try kept(.suffix).allSatisfy { $0 == $0.sorted { !$0 && $1 } })
        #expect(try kept(.prefix).count == 7)
        #expect(try kept(.suffix).count == 7)
        #expect(try kept(.subset).count > 30)
    }

    @Test func `a sector that is kept holds the earlier writes to it too`() throws {
        let file = try makeFile("/file", 1024)
        try file.write([2], at: 0)
        try file.write([3], at: 1)
        try file.write([4], at: 600)
        for seed in UInt64(0)..<32 {
            let bytes = try bytes("/file", crashed(.subset, seed: seed))
            if bytes[1] == 3 { #expect(bytes[0] == 2) }
        }
        let suffixes = try (0..<32).map { try bytes("/file", crashed(.suffix, seed: $0)) }
        #expect(suffixes.contains { $0[0] == 1 && $0[600] == 4 })
    }

    @Test func `permissions are kept or not`() throws {
        _ = try makeFile("/file", 1)
        try machine.startProcess().makeReadOnly("/file")
        #expect(try crashed(.none).status("/file").permissions == 0o600)
        #expect(try crashed(.all).status("/file").permissions == 0o400)
        #expect(throws: DiskError.self) { try crashed(.all).open("/file", writable: true) }
    }

    @Test func `a shared page is lost, stale or current`() throws {
        let disk = machine.startProcess()
        let page = try disk.share("/page", writable: true)
        try disk.syncDirectory("")
        for value in UInt64(1)...5 { page.store(SharedPageWord(3), value) }
        func word(_ policy: CrashPolicy.Page, _ seed: UInt64 = 0) throws -> UInt64 {
            try crashed(.none, page: policy, seed: seed)
                .share("/page", writable: false).load(SharedPageWord(3))
        }
        #expect(try word(.lost) == 0)
        #expect(try word(.current) == 5)
        #expect(try Set((0..<64).map { try word(.stale, $0) }) == [0, 1, 2, 3, 4, 5])
    }

    @Test func `the machine that crashed is another after its start, and goes on beside it`() throws
    {
        let file = try makeFile("/file", 1)
        let disk = crashed(.all)
        try file.write([9], at: 0)
        #expect(try bytes("/file", disk) == [1])
        #expect(disk.bootIdentity != machine.startProcess().bootIdentity)
        #expect(disk.bootIdentity != 0)
        #expect(disk.randomBytes(8) != machine.startProcess().randomBytes(8))
    }

    @Test func `an image tells the machine as it was after one operation`() throws {
        let file = try makeFile("/file", 1)
        machine.keepImages()
        for value in UInt8(2)...4 { try file.write([value], at: 0) }
        try file.sync()
        let images = machine.takeImages()
        #expect(images.count == 4)
        #expect(machine.takeImages().isEmpty)
        let values = try images.map { image in
            let plan = CrashPolicy(.all).plan(for: image.tree)
            let tree = image.tree.crashed(plan)
            let disk = SimulatedMachine(restarting: tree, seed: 1).startProcess()
            return try bytes("/file", disk)[0]
        }
        #expect(values == [2, 3, 4, 4])
    }

    @Test func `equal trees have equal hashes, others have not`() throws {
        let file = try makeFile("/file", 1024)
        func hash(_ policy: CrashPolicy.Changes) -> Int {
            let tree = machine.image.tree
            return tree.crashed(CrashPolicy(policy).plan(for: tree)).contentHash
        }
        #expect(hash(.none) == hash(.all))
        try file.write([2], at: 3)
        #expect(hash(.none) != hash(.all))
        try file.sync()
        #expect(hash(.none) == hash(.all))
        try machine.startProcess().rename("/file", to: "/other")
        #expect(hash(.none) != hash(.all))
    }
}
