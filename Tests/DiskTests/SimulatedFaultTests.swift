import Disk
import Glibc
import Testing

/// Faults and deaths on a simulated machine do what they say.
@Suite struct SimulatedFaultTests {
    private let machine = SimulatedMachine(seed: 11)

    private func makeFile(_ count: Int = 4096) throws -> any DiskFile {
        let disk = machine.startProcess()
        let file = try disk.create("/file", size: count)
        try file.sync()
        try disk.syncDirectory("")
        return file
    }

    private func error(_ body: () throws -> Void) -> Int32? {
        do {
            try body()
            return nil
        } catch {
            return (error as? DiskError)?.number
        }
    }

    private func inject(_ kind: DiskFault.Kind, after count: Int = 0, isLasting: Bool = false) {
        machine.faults = [
            DiskFault(kind, at: machine.operationCount + count, isLasting: isLasting)
        ]
    }

    @Test func `the operation of a number fails, once or for ever`() throws {
        let file = try makeFile()
        inject(.error(EIO), after: 1)
        let once = (0..<4).map { _ in error { try file.sync() } }
        #expect(once == [nil, EIO, nil, nil])
        inject(.error(EIO), after: 1, isLasting: true)
        let lasting = (0..<4).map { _ in error { try file.sync() } }
        #expect(lasting == [nil, EIO, EIO, EIO])
    }

    @Test func `a call fails only as it can`() throws {
        let file = try makeFile()
        inject(.error(ENOSPC), isLasting: true)
        #expect(error { try file.sync() } == nil)
        #expect(error { try file.write([1], at: 0) } == ENOSPC)
        inject(.error(EMFILE), isLasting: true)
        let disk = machine.startProcess()
        #expect(error { try file.write([1], at: 0) } == nil)
        #expect(error { _ = try disk.open("/file", writable: false) } == EMFILE)
    }

    @Test func `a short write leaves its first half`() throws {
        let file = try makeFile()
        inject(.shortWrite)
        #expect(error { try file.write([1, 2, 3, 4], at: 10) } == ENOSPC)
        #expect(try file.read(10..<14) == [1, 2, 0, 0])
    }

    @Test func `what a failed sync took for clean is gone after the crash unless written again`()
        throws
    {
        let file = try makeFile()
        try file.write([1], at: 0)
        try file.write([1], at: 600)
        inject(.failedSync(EIO))
        #expect(error { try file.sync() } == EIO)
        #expect(error { try file.sync() } == nil)
        #expect(try file.read(0..<1) == [1])
        try file.write([1], at: 600)
        try file.sync()
        let after = try machine.crashed(CrashPolicy(.all)).startProcess()
            .open("/file", writable: false)
        #expect(try after.read(0..<1) == [0])
        #expect(try after.read(600..<601) == [1])
    }

    @Test func `a flipped bit is one in what was read, and none on disk`() throws {
        let file = try makeFile()
        inject(.flippedBit)
        let bits = try file.read(0..<4096).reduce(0) { $0 + $1.nonzeroBitCount }
        #expect(bits == 1)
        inject(.flippedBit)
        let mapping = try file.map(size: 4096)
        let mapped = withExtendedLifetime(mapping) {
            mapping.buffer.reduce(0) { $0 + $1.nonzeroBitCount }
        }
        #expect(mapped == 1)
        #expect(try file.read(0..<4096).allSatisfy { $0 == 0 })
    }

    @Test func `a misdirected write succeeds elsewhere`() throws {
        let file = try makeFile()
        inject(.misdirectedWrite)
        try file.write([1, 2], at: 100)
        let bytes = try file.read(0..<4096)
        let place = try #require(bytes.firstIndex(of: 1))
        #expect(place != 100)
        #expect(bytes[place + 1] == 2)
    }

    @Test func `a full disk takes what fits, and more when there is space again`() throws {
        let file = try makeFile(100)
        machine.capacity = 150
        let disk = machine.startProcess()
        #expect(error { _ = try disk.create("/other", size: 80) } == ENOSPC)
        #expect(try disk.status("/other").size == 50)
        #expect(error { try file.write([1], at: 100) } == ENOSPC)
        #expect(error { try file.write([1], at: 99) } == nil)
        try disk.remove("/other")
        try file.write([1], at: 100)
        #expect(machine.usedBytes == 101)
    }

    @Test func `a process that dies does nothing more and gives its lock back`() throws {
        _ = try makeFile()
        let (one, other) = (machine.startProcess(), machine.startProcess())
        let page = try one.share("/page", writable: true)
        let otherPage = try other.share("/page", writable: true)
        let file = try one.open("/file", writable: true)
        try page.lock()
        page.store(SharedPageWord(0), 1)
        one.kill()
        page.store(SharedPageWord(0), 2)
        page.raise()
        #expect(error { try file.write([1], at: 0) } == EOWNERDEAD)
        #expect(error { try page.lock() } == EOWNERDEAD)
        #expect(one.isDead)
        #expect(try otherPage.tryLock())
        #expect(otherPage.load(SharedPageWord(0)) == 1)
        #expect(otherPage.counter == 0)
        #expect(try other.open("/file", writable: false).read(0..<1) == [0])
        otherPage.unlock()
    }

    @Test(arguments: [false, true])
    func `a process dies at an operation, or halfway through it`(_ isHalfway: Bool) throws {
        let file = try makeFile()
        let disk = machine.startProcess()
        let own = try disk.open("/file", writable: true)
        disk.kill(atOperation: disk.operationCount + 1, halfway: isHalfway)
        try own.write([1, 2], at: 0)
        #expect(error { try own.write([3, 4], at: 0) } == EOWNERDEAD)
        #expect(error { try own.sync() } == EOWNERDEAD)
        #expect(try file.read(0..<2) == (isHalfway ? [3, 2] : [1, 2]))
        #expect(disk.operationCount == 2)
        #expect(error { try file.sync() } == nil)
    }

    @Test func `the same seed and calls leave the same trace, others another one`() throws {
        func trace(seed: UInt64, byte: UInt8) throws -> UInt64 {
            let machine = SimulatedMachine(seed: seed)
            let disk = machine.startProcess()
            let file = try disk.create("/file", size: 100)
            try file.write(disk.randomBytes(16), at: 0)
            try file.write([byte], at: 20)
            try file.sync()
            return machine.traceHash
        }
        #expect(try trace(seed: 1, byte: 1) == trace(seed: 1, byte: 1))
        #expect(try trace(seed: 1, byte: 1) != trace(seed: 2, byte: 1))
        #expect(try trace(seed: 1, byte: 1) != trace(seed: 1, byte: 2))
    }

    @Test func `operations are numbered in order`() throws {
        let file = try makeFile()
        try file.write([1], at: 5)
        #expect(machine.operations.map(\.kind) == [.create, .sync, .syncDirectory, .write])
        #expect(machine.operations.last?.offset == 5)
        #expect(machine.operationCount == 4)
    }
}
