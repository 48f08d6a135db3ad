import Disk
import EventModel
import EventStorage
import Testing

@testable import EventLog

/// Holds the tables of the page on the log's format against the bytes that the code writes.
@Suite struct LogFormatPageTests {
    @Test func `the header of a log file is as the page says`() throws {
        let header = LogFileHeader(
            fileSize: 0x0102_0304_0506_0708,
            store: EventID(high: 0x1112_1314_1516_1718, low: 0x191A_1B1C_1D1E_1F20),
            incarnation: 0x2122_2324,
            number: 0x2526_2728,
            firstPosition: Position(0x3132_3334_3536_3738),
            salt: 0x4142_4344_4546_4748,
            predecessor: 0x5152_5354_5556_5758,
            durableUpTo: Position(0x6162_6364_6566_6768),
            createdTime: Timestamp(microseconds: 0x7172_7374_7576_7778)
        )
        let bytes = header.encoded
        let checksum = LogFormat.checksum(bytes.span.bytes.extracting(8..<4096), seed: 0)
        let values: [(String, [UInt8])] = [
            ("checksum", little(checksum)),
            ("magic", Array("RECOUNT\n".utf8)),
            ("version", little(LogFormat.version)),
            ("header size", little(UInt32(4096))),
            ("file size", little(header.fileSize)),
            ("store", Array(0x11...0x20)),
            ("incarnation", little(header.incarnation)),
            ("number of the file", little(header.number)),
            ("first position", little(header.firstPosition.number)),
            ("salt", little(header.salt)),
            ("predecessor", little(header.predecessor)),
            ("durable up to", little(header.durableUpTo.number)),
            ("created time", little(header.createdTime.microseconds)),
            ("zeros", [UInt8](repeating: 0, count: 4000)),
        ]
        let rows = try fields(after: "The header of a log file")
        #expect(mistakes(in: rows, values, bytes) == [])
        #expect(bytes.count == LogFormat.fileHeaderSize)
    }

    @Test func `the header of a record is as the page says`() throws {
        let header = RecordHeader(
            bodySize: 0x0102_0304,
            eventCount: 0x1112_1314,
            firstPosition: Position(0x2122_2324_2526_2728),
            recordedTime: Timestamp(microseconds: 0x3132_3334_3536_3738),
            durableUpTo: Position(0x4142_4344_4546_4748),
            predecessor: 0x5152_5354_5556_5758,
            bodyChecksum: 0x6162_6364_6566_6768,
            salt: RecordSalt(low: 0x7172_7374_7576_7778, high: 0x8182_8384_8586_8788)
        )
        var bytes = [UInt8](repeating: 0xFF, count: LogFormat.recordHeaderSize)
        header.write(to: &bytes, seed: LogFormat.seed(file: 9, offset: 4096))
        let checksum = LogFormat.checksum(bytes.span.bytes.extracting(8..<80), seed: 4105)
        let rows = try fields(after: "Records")
        let values: [(String, [UInt8])] = [
            ("checksum", little(checksum)),
            ("magic", Array("RCRD".utf8)),
            ("body size", little(UInt32(header.bodySize))),
            ("event count", little(UInt32(header.eventCount))),
            ("zero", little(UInt32(0))),
            ("first position", little(header.firstPosition.number)),
            ("recorded time", little(header.recordedTime.microseconds)),
            ("durable up to", little(header.durableUpTo.number)),
            ("predecessor", little(header.predecessor)),
            ("body checksum", little(header.bodyChecksum)),
            ("salt", little(header.salt.low) + little(header.salt.high)),
        ]
        #expect(mistakes(in: rows, values, bytes) == [])
    }

    @Test func `an event is as the page says`() throws {
        let bytes = try encodedSlot(file: 9, offset: 4096)
        let start = LogFormat.recordHeaderSize
        let checksum = LogFormat.checksum(
            bytes.span.bytes.extracting(4..<bytes.count),
            seed: 9 + 4096 + UInt64(start)
        )
        let values: [(String, [UInt8])] = [
            ("checksum", little(UInt32(truncatingIfNeeded: checksum))),
            ("place", [0]),
            ("distance", [UInt8(start)]),
            ("size", [UInt8(bytes.count - 7)]),
            ("flags", [15]),
            ("id", Array(0x11...0x20)),
            ("sequence", [0]),
            ("revision", [3]),
            ("event time", little(Int64(0x3132_3334_3536_3738))),
            ("stream", [8] + Array("stream-1".utf8)),
            ("type", [4] + Array("Type".utf8)),
            ("content type", [10] + Array("text/plain".utf8)),
            ("tags", [8, 3] + Array("key".utf8) + [3] + Array("val".utf8)),
            ("metadata", [2] + Array("{}".utf8)),
            ("payload", Array("the fact".utf8)),
        ]
        #expect(mistakes(in: try fields(after: "Events"), values, bytes) == [])
    }

    @Test func `the salt of an event is as the page says`() {
        // Computed by another program: SHA-256 over the bytes 0 to 15 and 01 00 00 00.
        let expected: [UInt8] = [
            0x20, 0xD6, 0xAC, 0xDF, 0xBA, 0x6F, 0x67, 0x20, 0x29, 0x5C, 0x7E, 0xE8, 0x5D, 0xB1,
            0xB7, 0xA9,
        ]
        let salt = RecordSalt(Array(0...15))
        #expect(salt.eventSalt(place: 1) == expected)
        #expect(salt.eventSalt(place: 0) != expected)
    }

    @Test func `the shared page is as the page says`() throws {
        let rows = try fields(after: "The shared page").filter { $0.name != "unused" }
        let words: [(String, SharedPageWord)] = [
            ("head", .head), ("is writing", .isWriting), ("boot", .boot),
            ("is stopped", .isStopped), ("synced", .synced), ("last file", .lastFile),
        ]
        #expect(rows.map(\.name) == words.map(\.0) + ["counter"])
        #expect(rows.map(\.offset) == words.map { $0.1.index * 8 } + [SharedPageWord.count * 8])
        #expect(rows.map(\.size) == words.map { _ in 8 } + [4])
    }

    @Test func `the rules for names and sizes of files are as the page says`() throws {
        let page = try #require(try Page.named("LogFormat"))
        let text = page.lines.joined(separator: " ")
        #expect(text.contains(LogFile.name(firstPosition: Position(197_101))))
        #expect(LogOptions().fileSize == 64 << 20 && text.contains("64 MiB"))
        #expect(LogOptions.fileSizes == 32 << 20...1 << 30 && text.contains("32 MiB and 1 GiB"))
        #expect(LogFormat.alignment == 8 && text.contains("each at a multiple of 8"))
        let limits = page.table(after: "Limits").map { $0[1] }
        #expect(limits.count == 7)
        #expect(limits.starts(with: ["512 bytes", "256 bytes"]))
        #expect(StoreLimits.streamSizeMax == 512 && StoreLimits.typeSizeMax == 256)
        #expect(StoreLimits.tagCountMax == 64 && StoreLimits.tagSizeMax == 512)
        #expect(StoreLimits.metadataSizeMax == 64 << 10 && limits[3] == "64 KiB")
        #expect(StoreLimits.payloadSizeMax == 1 << 20 && limits[4].hasPrefix("1 MiB"))
        #expect(StoreLimits.payloadSizeLimit == 16 << 20 && limits[4].contains("16 MiB"))
        #expect(StoreLimits.batchCountMax == 4096 && limits[5] == "4,096")
        #expect(StoreLimits.batchSizeMax == 16 << 20 && limits[6].hasPrefix("16 MiB"))
    }

    @Test func `mistakes in a table are found`() {
        let rows = [
            Field(["0", "4", "length of all", ""]), Field(["4", "2", "flags", ""]),
            Field(["5", "1", "id", ""]),
        ]
        let values: [(String, [UInt8])] = [
            ("length", [6, 0, 0, 0]), ("flags", [7]), ("name", [9]),
        ]
        #expect(mistakes(in: rows, values, [6, 0, 0, 0, 7, 8]) == ["flags", "id"])
        #expect(mistakes(in: Array(rows.prefix(1)), values, [6, 0, 0, 0, 7, 8]) == ["rows"])
    }
}

/// A row of a table of fields.
struct Field {
    /// Nothing where fields of variable size come before it.
    var offset: Int?
    /// Nothing where the size is variable.
    var size: Int?
    var name: String

    init(_ cells: [String]) {
        offset = Int(cells[0])
        size = Int(cells[1])
        name = cells[2]
    }
}

func fields(after heading: String, on page: String = "LogFormat") throws -> [Field] {
    let page = try #require(try Page.named(page))
    return page.table(after: heading).map(Field.init)
}

/// The names of the fields that are not at their offsets, or not of their sizes, in some bytes.
func mistakes(
    in rows: [Field],
    _ values: [(name: String, bytes: [UInt8])],
    _ bytes: [UInt8]
) -> [String] {
    guard rows.count == values.count else { return ["rows"] }
    var offset = 0
    var mistakes: [String] = []
    for (row, value) in zip(rows, values) {
        let isRight =
            row.name.hasPrefix(value.name) && (row.offset ?? offset) == offset
            && (row.size ?? value.bytes.count) == value.bytes.count
            && bytes[min(offset, bytes.count)...].starts(with: value.bytes)
        if !isRight { mistakes.append(row.name) }
        offset += value.bytes.count
    }
    if offset != bytes.count, mistakes.isEmpty { mistakes.append("end") }
    return mistakes
}

/// An event as it stands in a record of its own.
private func encodedSlot(file: UInt64, offset: Int) throws -> [UInt8] {
    let event = PendingEvent(
        id: EventID(high: 0x1112_1314_1516_1718, low: 0x191A_1B1C_1D1E_1F20),
        type: EventType("Type"),
        revision: 3,
        eventTime: Timestamp(microseconds: 0x3132_3334_3536_3738),
        tags: [EventTag(key: "key", value: "val")],
        contentType: "text/plain",
        metadata: Array("{}".utf8),
        payload: Array("the fact".utf8)
    )
    let request = AppendRequest([event], to: StreamName("stream-1"))
    let plan = try AppendPlan(request, head: .start, in: NothingStored())
    var draft = RecordDraft()
    draft.begin()
    draft.add(plan, of: request)
    let header = RecordHeader(
        bodySize: draft.bodySize,
        eventCount: 1,
        firstPosition: Position(1),
        recordedTime: .epoch,
        durableUpTo: .start,
        predecessor: 0,
        bodyChecksum: 0,
        salt: RecordSalt(low: 1, high: 2)
    )
    let end = draft.bytes.count
    draft.finish(header, file: file, offset: offset)
    return Array(draft.bytes[LogFormat.recordHeaderSize..<end])
}

/// A store without events.
private struct NothingStored: AppendContext {
    func lastSequences(of streams: [StreamName]) -> [Sequence?] {
        Array(repeating: nil, count: streams.count)
    }
    func places(of ids: [EventID]) -> [KnownEvent?] { ids.map { _ in nil } }
    func read(_ selection: EventSelection, _ visit: (borrowing EventView) -> ReadControl) {}
}

func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
