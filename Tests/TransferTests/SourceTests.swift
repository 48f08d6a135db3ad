import CZstd
import EventLog
import EventModel
import EventStorage
import Operations
import RecountTesting
import Synchronization
import Testing

private let twoLines = line(id: "1") + line(id: "2")

@Test func `the bytes tell the compression, not the name`() throws {
    let fixture = try Fixture()
    let gzip = fixture.directory.path + "/plain.ndjson"
    try compressed(gzip: Array(twoLines.utf8), at: gzip)
    #expect(try fixture.importing(gzip).addedCount == 2)
    let zstd = try fixture.file("zstd.gz", compressed(zstd: Array(twoLines.utf8)))
    #expect(try fixture.importing(zstd).knownCount == 2)
}

@Test func `files of several members or frames are read to their end`() throws {
    let fixture = try Fixture()
    let path = fixture.directory.path + "/member.gz"
    try compressed(gzip: Array(line(id: "1").utf8), at: path)
    let first = try fixture.content(path)
    try compressed(gzip: Array(line(id: "2").utf8), at: path)
    let both = first + (try fixture.content(path)) + [0, 0, 0]
    #expect(try fixture.importing(try fixture.file("both.gz", both)).addedCount == 2)
    let frames =
        compressed(zstd: Array(line(id: "1").utf8)) + compressed(zstd: Array(line(id: "3").utf8))
    #expect(try fixture.importing(try fixture.file("frames", frames)).addedCount == 1)
}

@Test func `every truncation of a compressed file is a failure, not a trap`() throws {
    let fixture = try Fixture()
    let path = fixture.directory.path + "/whole.gz"
    try compressed(gzip: Array(twoLines.utf8), at: path)
    for (kind, whole) in [
        ("gz", try fixture.content(path)), ("zst", compressed(zstd: Array(twoLines.utf8))),
    ] {
        for count in 4..<whole.count {
            let cut = try fixture.file("\(kind)\(count)", Array(whole[..<count]))
            let error = #expect(throws: ImportError.self) { try fixture.importing(cut) }
            guard case .line(let failure) = error else {
                Issue.record("\(kind) cut to \(count) bytes gave \(String(describing: error))")
                return
            }
            #expect(failure.reason == .endsTooEarly)
        }
    }
}

@Test func `damaged and foreign bytes are failures`() throws {
    let fixture = try Fixture()
    let path = fixture.directory.path + "/whole.gz"
    try compressed(gzip: Array(twoLines.utf8), at: path)
    var bytes = try fixture.content(path)
    bytes[bytes.count - 6] ^= 1
    let damaged = try fixture.file("damaged.gz", bytes)
    let failure = ImportFailure(source: damaged, line: 1, byteOffset: 0, reason: .damaged)
    #expect(throws: ImportError.line(failure)) { try fixture.importing(damaged) }
    #expect(throws: ImportError.self) { try fixture.importing(fixture.directory.path + "/none") }
    #expect(throws: ImportError.self) { try fixture.importing(fixture.directory.path) }
    #expect(try fixture.importing(try fixture.file("empty", "")).addedCount == 0)
}

@Test func `lines that are too long are rejected and the next ones taken`() throws {
    let fixture = try Fixture()
    let long = [UInt8](repeating: 0x20, count: 60 << 20)
    let path = try fixture.file(
        "long",
        Array(line(id: "1").utf8) + long + Array(("\n" + line(id: "2")).utf8)
    )
    let result = try fixture.importing(path, onError: .skip)
    #expect(result.addedCount == 2)
    #expect(result.rejectedCount == 1)
    let reason =
        #"{"line":2,"byteOffset":0,"reason":"the line of 62914560 bytes is longer than 25165824"}"#
    #expect(try fixture.text(path + ".rejected.reasons.ndjson") == reason + "\n")
    #expect(try fixture.text(path + ".rejected.ndjson") == "")
}

@Test func `skipping takes what is good and keeps what is not`() throws {
    let fixture = try Fixture()
    let tooLarge = line(id: "big", data: #""data":"\#(String(repeating: "x", count: 1 << 20))""#)
    let elsewhere = line(id: "1", subject: "cart-2")
    let system = line(id: "s", subject: "$operations")
    let bad = [tooLarge, "nonsense\r\n", elsewhere, system, "\u{FEFF}{}\n"]
    let text =
        line(id: "1") + bad[0] + bad[1] + bad[2] + line(id: "2") + bad[3] + bad[4] + line(id: "3")
    let path = try fixture.file("mixed.ndjson", text)
    let result = try fixture.importing(path, onError: .skip)
    #expect(result.addedCount == 3 && result.rejectedCount == 5)
    #expect(
        result.rejectionFiles == [path + ".rejected.ndjson", path + ".rejected.reasons.ndjson"]
    )
    #expect(try fixture.text(path + ".rejected.ndjson") == bad.joined())
    let reasons = try fixture.text(path + ".rejected.reasons.ndjson").split(separator: "\n")
    #expect(reasons.map { $0.prefix(9) } == [2, 3, 4, 6, 7].map { #"{"line":\#($0)"# })
    let again = try fixture.importing(path, onError: .skip)
    #expect(again.addedCount == 0 && again.knownCount == 3 && again.rejectedCount == 5)
}

@Test func `events that break a limit of the store stop at their line`() throws {
    let fixture = try Fixture()
    let long = String(repeating: "s", count: 600)
    let path = try fixture.file(
        "limit",
        line(id: "1") + line(id: "2", subject: long) + line(id: "3")
    )
    let failure = ImportFailure(
        source: path,
        line: 2,
        byteOffset: 0,
        reason: .limit(.streamName)
    )
    #expect(throws: ImportError.line(failure)) { try fixture.importing(path) }
    #expect(try fixture.store.head() == Position(1))
}

@Test func `several sources count together, and progress tells of all`() throws {
    let fixture = try Fixture()
    let one = try fixture.file("one", line(id: "1"))
    let two = try fixture.file("two", line(id: "2"))
    let last = Mutex<ImportProgress?>(nil)
    let importer = EventImporter(into: fixture.store) { progress in
        last.withLock { $0 = progress }
    }
    #expect(try importer.run([.file(one), .file(two)]).addedCount == 2)
    let progress = try #require(last.withLock { $0 })
    #expect(progress.eventCount == 2)
    #expect(progress.readSize == line().utf8.count * 2)
    #expect(progress.totalSize == progress.readSize)
}

/// The bytes as one frame of a zstd file.
private func compressed(zstd bytes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { buffer, count in
        count = ZSTD_compress(buffer.baseAddress, buffer.count, bytes, bytes.count, 3)
    }
}
