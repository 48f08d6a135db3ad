import Disk
import EventModel
import EventStorage
import Glibc
import RecountTesting
import Testing

@testable import EventLog

/// What an examination says of index files.
@Suite struct IndexExaminationTests {
    /// A store with several index files that upkeep has finished.
    private func makeStore() throws -> DamagedStore {
        let store = try DamagedStore(records: 0, fileSize: 64 << 10)
        let log = try store.open()
        for number in UInt64(0)..<200 {
            _ = try log.append(TestEvents.request(10, to: "cart-\(number % 7)", from: number * 10))
        }
        return store
    }

    @Test func `index files that tell of the log are found whole`() throws {
        let store = try makeStore()
        #expect(try !store.indexes.isEmpty)
        #expect(try store.examine() == [])
    }

    @Test func `every block of an index file is looked at`() throws {
        let store = try makeStore()
        let path = try store.indexes[0]
        let size = try store.disk.status(path).size
        for offset in stride(from: 4096, to: size - 8, by: 4096) {
            try store.flip(path, offset + 1)
            let findings = try store.examine()
            #expect(findings.map(\.kind) == [.indexDamaged], "byte \(offset)")
            #expect(findings.first?.bytes?.contains(offset + 1) == true)
            #expect(findings.first?.severity == .warning)
            try store.flip(path, offset + 1)
        }
        try store.flip(path, 100)
        #expect(try store.examine().map(\.bytes) == [0..<4096])
        try store.flip(path, 100)
        #expect(try store.examine() == [])
    }

    @Test func `an index file of another log is named`() throws {
        let store = try makeStore()
        let other = try makeStore()
        let path = try store.indexes[0]
        let foreign = try other.bytes(of: other.indexes[0])
        try store.disk.remove(path)
        let file = try store.disk.create(path, size: 0)
        try file.write(foreign.span.bytes, at: 0)
        let findings = try store.examine().filter { $0.severity == .warning }
        #expect(findings.map(\.kind) == [.indexForeign])
        #expect(findings.map(\.file) == [path])
    }

    @Test func `an index file that tells of other events is named although it is whole`() throws {
        let store = try makeStore()
        let path = try store.indexes[0]
        let bytes = try store.bytes(of: path)
        guard let header = IndexHeader(bytes.span.bytes) else { throw EventDecodingError() }
        for section in [IndexSection.identities, .addresses, .directory] {
            var forged = bytes
            forged[header.sections[section.rawValue].lowerBound] ^= 1
            forged.renewChecksums(header)
            try store.overwrite(path, 0, forged)
            let findings = try store.examine()
            #expect(findings.map(\.kind) == [.indexDamaged], "\(section)")
            #expect(findings.first?.summary.contains("other events") == true)
        }
    }

    @Test func `log files that no index file covers are told`() throws {
        let store = try makeStore()
        for path in try store.indexes { try store.disk.remove(path) }
        #expect(try store.files.count > 2)
        let findings = try store.examine()
        #expect(findings.map(\.kind) == [.indexMissing])
        #expect(findings.first?.severity == .notice)
    }
}

extension [UInt8] {
    /// Gives the blocks, the table of their checksums and the header the checksums that fit.
    fileprivate mutating func renewChecksums(_ header: IndexHeader) {
        let table = header.sections[IndexSection.checksums.rawValue]
        for number in 0..<table.count / 8 {
            let start = 4096 + number * 4096
            let end = Swift.min(start + 4096, table.lowerBound)
            let checksum = LogFormat.checksum(span.bytes.extracting(start..<end), seed: 0)
            replace(littleEndian: checksum, at: table.lowerBound + number * 8)
        }
        var renewed = header
        renewed.checksumsChecksum = LogFormat.checksum(span.bytes.extracting(table), seed: 0)
        replaceSubrange(0..<4096, with: renewed.encoded)
    }
}
