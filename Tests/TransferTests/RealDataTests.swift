import EventLog
import EventModel
import EventStorage
import JSON
import Operations
import RecountTesting
import Testing

@Suite("real data", .enabled(if: RealData.isPresent))
struct RealDataTests {
    @Test("goes in as the truth says, and comes out byte for byte", arguments: RealData.all)
    func roundTrip(_ data: RealData) throws {
        let fixture = try Fixture()
        let truth = try data.truth()
        let eventCount = try #require(truth["totals"]?["events"]?.integer)
        let result = try fixture.importing(data.path)
        #expect(result.addedCount == Int(eventCount))
        #expect(result.knownCount == 0 && result.rejectedCount == 0)
        #expect(
            try fixture.store.streamCount() == truth["totals"]?["streams"]?.integer.map(Int.init)
        )
        for member in truth["count_by_type"]?.object?.members ?? [] {
            let census = try fixture.store.census().first { $0.type.text == member.key }
            #expect(census?.count == member.value.integer.map(UInt64.init))
        }
        let original = try decompressed(gzip: data.path)
        let isSame = try fixture.exported() == original
        #expect(isSame, "an export has the bytes of the file")
        #expect(result.byteCount == original.count)
    }

    @Test func `a second import adds nothing and says so`() throws {
        let fixture = try Fixture()
        let first = try fixture.importing(RealData.retail.path)
        let head = try fixture.store.head()
        let again = try fixture.importing(RealData.retail.path)
        #expect(again.addedCount == 0)
        #expect(again.knownCount == first.addedCount)
        #expect(try fixture.store.head() == head)
    }

    @Test func `the export of a copy has the same bytes`() throws {
        let fixture = try Fixture()
        _ = try fixture.importing(RealData.retail.path)
        let exported = try fixture.exported()
        let copy = try Fixture()
        _ = try copy.importing(try copy.file("copy.ndjson", exported))
        let isSame = try copy.exported() == exported
        #expect(isSame)
        #expect(try copy.store.census().map(\.count) == fixture.store.census().map(\.count))
    }

    @Test func `a truncated file gives everything before its end`() throws {
        let fixture = try Fixture()
        let whole = try fixture.content(RealData.retail.path)
        let path = try fixture.file("cut.gz", Array(whole[..<(whole.count / 2)]))
        let error = #expect(throws: ImportError.self) { try fixture.importing(path) }
        guard case .line(let failure) = error else {
            Issue.record("expected a failure with a line, not \(String(describing: error))")
            return
        }
        #expect(failure.reason == .endsTooEarly)
        #expect(try fixture.store.head().number == UInt64(failure.line - 1))
        let original = try decompressed(gzip: RealData.retail.path)
        let isBeginning = try original.starts(with: fixture.exported())
        #expect(isBeginning && failure.line > 1000)
    }

    @Test func `a broken line stops the import behind line 1,233`() throws {
        let fixture = try Fixture()
        var lines = try decompressed(gzip: RealData.retail.path).split(separator: 0x0A).prefix(3000)
        lines[1233] = lines[1233].dropLast(9)
        let path = try fixture.file("broken.ndjson", Array(lines.joined(separator: [0x0A])))
        let error = #expect(throws: ImportError.self) { try fixture.importing(path) }
        guard case .line(let failure) = error, case .invalidJSON = failure.reason else {
            Issue.record("expected invalid JSON, not \(String(describing: error))")
            return
        }
        #expect(failure.line == 1234)
        #expect(failure.description.contains("broken.ndjson, line 1234, byte "))
        #expect(try fixture.store.head() == Position(1233))
        let result = try fixture.importing(path, onError: .skip)
        #expect(result.addedCount == 3000 - 1234)
        #expect(result.knownCount == 1233)
        #expect(result.rejectedCount == 1)
        let rejected = try fixture.content(path + ".rejected.ndjson")
        #expect(rejected == Array(lines[1233]) + [0x0A])
    }
}
