import Disk
import EventModel
import EventStorage
import Glibc
import RecountTesting
import Testing

@testable import EventLog

/// What an examination says of log files and what lies around them.
@Suite struct FileExaminationTests {
    /// A store with several small log files.
    private func makeStore() throws -> DamagedStore {
        try DamagedStore(records: 60, fileSize: 8 << 10)
    }

    @Test func `several files that are whole are found whole`() throws {
        let store = try makeStore()
        #expect(try store.files.count > 3)
        #expect(try store.examine().filter { $0.severity > .notice } == [])
        #expect(try store.examine(.quick) == [])
    }

    @Test(arguments: [0, 9, 30, 100])
    func `a damaged header of a file is named, and its records are found all the same`(
        offset: Int
    ) throws {
        let store = try makeStore()
        let path = try store.files[1]
        try store.flip(path, offset)
        for depth in [LogExaminationDepth.quick, .full] {
            let findings = try store.examine(depth).filter { $0.severity == .critical }
            #expect(findings.map(\.kind) == [.fileHeaderDamaged])
            #expect(findings.first?.file == path)
            #expect(findings.first?.bytes == 0..<4096)
        }
    }

    @Test func `a store whose first file has a damaged header is looked at`() throws {
        let store = try makeStore()
        try store.flip(store.files[0], 200)
        #expect(throws: StorageError.self) { try EventLog.open(store.places) }
        let report = try EventLog.examine(store.places)
        #expect(report.findings.first?.kind == .fileHeaderDamaged)
        #expect(report.lastPosition == Position(180))
    }

    @Test func `a file that is not there is named with its positions`() throws {
        let store = try makeStore()
        let records = try store.records(of: 1)
        let path = try store.files[1]
        try store.disk.remove(path)
        let findings = try store.examine().filter { $0.severity == .critical }
        #expect(findings.map(\.kind) == [.fileMissing])
        #expect(findings.first?.file == path)
        let first = try #require(records.first?.header.firstPosition)
        let last = try #require(records.last?.header.lastPosition)
        #expect(findings.first?.positions == first...last)
        #expect(try store.examine(.quick).map(\.kind) == [.fileMissing])
    }

    @Test func `a log without its first file, or without any, is named`() throws {
        let store = try makeStore()
        let files = try store.files
        let last = try #require(try store.records().last?.header.lastPosition)
        try store.disk.remove(files[0])
        let findings = try store.examine().filter { $0.severity == .critical }
        #expect(findings.first?.kind == .fileMissing)
        #expect(findings.first?.positions == Position(1)...last)
        for path in files.dropFirst() { try store.disk.remove(path) }
        let none = try store.examine().filter { $0.severity == .critical }
        #expect(none.map(\.kind) == [.fileMissing])
        #expect(none.first?.positions == ClosedRange(1...180))
    }

    @Test func `a file that was cut short is named with the positions that it lost`() throws {
        let store = try makeStore()
        let path = try store.files[1]
        let records = try store.records(of: 1)
        let third = records[2]
        chmod(path, 0o600)
        truncate(path, third.bytes.lowerBound + 30)
        chmod(path, 0o400)
        let findings = try store.examine().filter { $0.severity == .critical }
        #expect(findings.map(\.kind) == [.fileSizeWrong, .recordDamaged])
        let last = try #require(records.last?.header.lastPosition)
        #expect(findings.last?.positions == third.header.firstPosition...last)
        let bytes = try #require(findings.last?.bytes)
        #expect(bytes.lowerBound == third.bytes.lowerBound)
        #expect(bytes.upperBound <= third.bytes.lowerBound + 30)
    }

    @Test func `a file of another store, and one under another name, are named`() throws {
        let store = try makeStore()
        let other = try makeStore()
        let path = try store.files[1]
        let bytes = try store.disk.open(other.files[0], writable: false).read(0..<8 << 10)
        try store.overwrite(path, 0, bytes)
        let findings = try store.examine(.quick)
        #expect(findings.map(\.kind) == [.fileForeign])
        #expect(findings.first?.file == path)
        #expect(findings.first?.bytes == 0..<4096)
    }

    @Test func `the manifest is looked at, and its absence does not end the examination`() throws {
        let store = try makeStore()
        let manifest = store.places.manifest
        let whole = try store.disk.open(manifest, writable: false)
        let text = String(decoding: try whole.read(0..<whole.size()), as: UTF8.self)
        try store.flip(manifest, 0)
        #expect(try store.examine().first?.kind == .manifestDamaged)
        try store.overwrite(
            manifest,
            0,
            Array(text.replacing(#""format":2"#, with: #""format":9"#).utf8)
        )
        let newer = try store.examine()
        #expect(newer.first?.kind == .formatUnknown && newer.first?.file == manifest)
        try store.disk.remove(manifest)
        let report = try EventLog.examine(store.places)
        #expect(report.findings.filter { $0.severity > .notice }.map(\.kind) == [.manifestDamaged])
        #expect(report.lastPosition == Position(180))
    }

    @Test func `a file of a newer format is named`() throws {
        let store = try makeStore()
        let path = try store.files[1]
        var header = try store.disk.open(path, writable: false).read(0..<4096)
        header.replace(littleEndian: UInt32(9), at: 16)
        header.replace(littleEndian: LogFileHeader.checksum(of: header.span.bytes), at: 0)
        try store.overwrite(path, 0, header)
        let findings = try store.examine(.quick).filter { $0.kind == .formatUnknown }
        #expect(findings.map(\.file) == [path])
    }

    @Test func `a directory that others may write to is named`() throws {
        let store = try makeStore()
        chmod(store.places.log, 0o770)
        #expect(throws: StorageError.self) { try EventLog.open(store.places) }
        let findings = try store.examine(.quick)
        #expect(findings.map(\.kind) == [.permissionsUnsafe])
        #expect(findings.first?.file == store.places.log)
    }

    @Test func `a sealed file that can be written to is named`() throws {
        let store = try makeStore()
        let path = try store.files[0]
        chmod(path, 0o600)
        let findings = try store.examine(.quick)
        #expect(findings.map(\.kind) == [.sealedFileWritable])
        #expect(findings.map(\.file) == [path])
    }

    @Test func `a directory without a store is nothing to look at`() throws {
        let directory = TemporaryDirectory()
        #expect(throws: StorageError.self) { try EventLog.examine(StoreDirectory(directory.path)) }
        #expect(throws: StorageError.self) {
            try EventLog.examine(StoreDirectory(directory.path + "/none"))
        }
    }

    @Test func `positions that the page vouches for and nobody finds are named`() throws {
        let store = try DamagedStore()
        let last = try store.records()[3].bytes
        try store.overwrite(
            store.files[0],
            last.lowerBound,
            [UInt8](repeating: 0, count: last.count)
        )
        let findings = try store.examine()
        #expect(findings.map(\.kind) == [.positionsMissing])
        #expect(findings.first?.positions == ClosedRange(10...12))
        #expect(findings.first?.bytes == last.lowerBound..<1 << 20)
    }

    @Test func `a torn tail is told, and is no damage`() throws {
        let store = try DamagedStore()
        let last = try store.records()[3].bytes
        try store.flip(store.files[0], last.upperBound - 30)
        // The machine was started since, and the last record was never synced.
        let page = try store.disk.share(store.places.sharedPage, writable: true)
        page.store(.boot, 1)
        page.store(.synced, 9)
        let findings = try store.examine()
        #expect(findings.map(\.kind) == [.bytesBehindRecords])
        #expect(findings.first?.severity == .notice)
        #expect(findings.first?.bytes?.lowerBound == last.lowerBound)
        #expect(try EventLog.open(store.places).head() == Position(9))
        let after = try store.examine()
        #expect(after.map(\.kind) == [.leftover])
        #expect(after.first?.file.contains(".log.torn-") == true)
    }

    @Test func `the shared page is held against itself`() throws {
        let store = try DamagedStore()
        let page = try store.disk.share(store.places.sharedPage, writable: true)
        page.store(.isStopped, 1)
        #expect(try store.examine(.quick).map(\.kind) == [.writingStopped])
        page.store(.isStopped, 0)
        page.store(.synced, 13)
        #expect(try store.examine(.quick).map(\.kind) == [.pageWrong])
        page.store(.synced, 9)
        let findings = try store.examine(.quick)
        #expect(findings.map(\.kind) == [.eventsUnsynced])
        #expect(findings.first?.summary.contains("positions 10 to 12") == true)
    }

    @Test func `what was left behind is named, and a file that was not made ahead`() throws {
        let store = try DamagedStore(records: 12, fileSize: 8 << 10)
        let zeros = store.places.logFile("00000000000000009999.log.zeros")
        _ = try store.disk.create(zeros, size: 8)
        if store.disk.exists(store.places.preparedFile) {
            try store.disk.remove(store.places.preparedFile)
        }
        let findings = try store.examine()
        #expect(findings.map(\.kind) == [.leftover, .nextFileMissing])
        #expect(findings.map(\.file) == [zeros, store.places.preparedFile])
    }

    @Test func `what somebody is writing at this moment is not found`() throws {
        let store = try DamagedStore()
        let end = try #require(store.records().last?.bytes.upperBound)
        try store.overwrite(store.files[0], end, [1, 2, 3])
        _ = try store.disk.create(store.places.log + "/x.new", size: 1)
        let page = try store.disk.share(store.places.sharedPage, writable: true)
        try page.lock()
        #expect(try store.examine() == [])
        page.unlock()
        let findings = try store.examine()
        #expect(findings.map(\.kind) == [.bytesBehindRecords, .leftover])
        #expect(findings.first?.bytes == end..<end + 3)
    }

    @Test func `an examination changes nothing`() throws {
        let store = try makeStore()
        try store.flip(store.files[1], 5000)
        func contents() throws -> [String: [UInt8]] {
            let names = try store.disk.names(in: store.places.log)
            let paths = names.map(store.places.logFile) + [store.places.manifest]
            return try Dictionary(uniqueKeysWithValues: paths.map { ($0, try store.bytes(of: $0)) })
        }
        let before = try contents()
        _ = try store.examine()
        #expect(try contents() == before)
    }

    @Test func `findings come worst first`() throws {
        let store = try makeStore()
        chmod(try store.files[0], 0o600)
        try store.flip(store.files[2], 5000)
        _ = try store.disk.create(store.places.log + "/x.new", size: 1)
        let severities = try store.examine().map(\.severity)
        #expect(severities == severities.sorted(by: >) && Set(severities).count == 3)
    }

    @Test func `the progress goes up to all bytes`() throws {
        let store = try makeStore()
        var seen: [Int] = []
        let report = try EventLog.examine(store.places) { done, total in
            seen.append(done)
            #expect(done <= total)
        }
        #expect(seen == seen.sorted() && seen.last == report.byteCount)
    }
}
