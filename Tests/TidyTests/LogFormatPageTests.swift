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
            firstPosition: Position(0x3132_3334_3536_3738),
            salt: 0x4142_4344_4546_4748,
            predecessor: 0x5152_5354_5556_5758,
            createdTime: Timestamp(microseconds: 0x6162_6364_6566_6768)
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
            ("zero", little(UInt32(0))),
            ("first position", little(header.firstPosition.number)),
            ("salt", little(header.salt)),
            ("predecessor", little(header.predecessor)),
            ("created time", little(header.createdTime.microseconds)),
            ("zeros", [UInt8](repeating: 0, count: 4008)),
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
            bodyChecksum: 0x6162_6364_6566_6768
        )
        var bytes = [UInt8](repeating: 0xFF, count: LogFormat.recordHeaderSize)
        header.write(to: &bytes, seed: RecordHeader.seed(file: 9, offset: 4096))
        let checksum = LogFormat.checksum(bytes.span.bytes.extracting(8..<64), seed: 4105)
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
        ]
        #expect(mistakes(in: rows, values, bytes) == [])
    }

    @Test func `an event is as the page says`() throws {
        let bytes = encodedEvent()
        let values: [(String, [UInt8])] = [
            ("length", little(UInt32(bytes.count))),
            ("flags", [7]),
            ("id", Array(0x11...0x20)),
            ("salt", Array(0xA0...0xAF)),
            ("sequence", [0xAC, 0x02]),
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

    @Test func `the shared page is as the page says`() throws {
        let rows = try fields(after: "The shared page").filter { $0.name != "unused" }
        let words: [(String, SharedPageWord)] = [
            ("head", .head), ("is writing", .isWriting), ("boot", .boot),
            ("is stopped", .isStopped), ("synced", .synced),
        ]
        #expect(rows.map(\.name) == words.map(\.0) + ["counter"])
        #expect(rows.map(\.offset) == words.map { $0.1.index * 8 } + [SharedPageWord.count * 8])
        #expect(rows.map(\.size) == words.map { _ in 8 } + [4])
    }

    @Test func `the rules for names and sizes of files are as the page says`() throws {
        let page = try #require(try Page.named("LogFormat"))
        let text = page.lines.joined(separator: " ")
        #expect(text.contains(LogFile.name(firstPosition: Position(52101))))
        #expect(LogOptions().fileSize == 64 << 20 && text.contains("64 MiB"))
        #expect(LogOptions.fileSizes == 64 << 10...1 << 30 && text.contains("64 KiB and 1 GiB"))
        #expect(LogFormat.alignment == 8 && text.contains("each at a multiple of 8"))
        let limits = page.table(after: "Limits").map { $0[1] }
        #expect(limits.count == 7)
        #expect(limits.starts(with: ["512 bytes", "256 bytes"]))
        #expect(StoreLimits.streamSizeMax == 512 && StoreLimits.typeSizeMax == 256)
        #expect(StoreLimits.tagCountMax == 64 && StoreLimits.tagSizeMax == 512)
        #expect(StoreLimits.metadataSizeMax == 64 << 10 && limits[3] == "64 KiB")
        #expect(StoreLimits.payloadSizeMax == 1 << 20 && limits[4] == "1 MiB")
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
private struct Field {
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

private func fields(after heading: String) throws -> [Field] {
    let page = try #require(try Page.named("LogFormat"))
    return page.table(after: heading).map(Field.init)
}

/// The names of the fields that are not at their offsets, or not of their sizes, in some bytes.
private func mistakes(
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

private func encodedEvent() -> [UInt8] {
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
    var bytes: [UInt8] = []
    EventEncoding.append(event, stream: StreamName("stream-1"), sequence: Sequence(300), to: &bytes)
    EventEncoding.setSalt(Array(0xA0...0xAF), number: 0, ofEventAt: 0, in: &bytes)
    return bytes
}

private func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
