import EventModel
import Testing

@testable import EventLog

/// Holds the tables of the page on the format of index files against what the code writes.
@Suite struct IndexFormatPageTests {
    @Test func `the header is as the page says`() throws {
        let header = IndexHeader(
            units: 0x0102_0304,
            origin: IndexOrigin(
                store: EventID(high: 0x1112_1314_1516_1718, low: 0x191A_1B1C_1D1E_1F20),
                hashes: IndexHashes(seed: 0x2122_2324_2526_2728)
            ),
            coverage: IndexCoverage(
                firstPosition: 0x3132_3334_3536_3738,
                lastPosition: 0x4142_4344_4546_4748,
                startAddress: 0x5152_5354_5556_5758,
                endAddress: 0x6162_6364_6566_6768,
                recordChecksum: 0x7172_7374_7576_7778,
                lastTime: Timestamp(microseconds: 0x0182_8384_8586_8788)
            ),
            newStreamCount: 0x9192_9394_9596_9798,
            checksumsChecksum: 0xA1A2_A3A4_A5A6_A7A8,
            sections: IndexSection.allCases.map {
                4096 + $0.rawValue * 64..<4100 + $0.rawValue * 64
            }
        )
        let bytes = header.encoded
        let checksum = LogFormat.checksum(bytes.span.bytes.extracting(8..<4096), seed: 0)
        let table = header.sections.flatMap { little($0.lowerBound) + little($0.count) }
        let values: [(String, [UInt8])] = [
            ("checksum of bytes 8", little(checksum)),
            ("magic", Array("RECINDX\n".utf8)),
            ("version", little(IndexFormat.version)),
            ("units", little(header.units)),
            ("file size", little(header.fileSize)),
            ("store", Array(0x11...0x20)),
            ("first position", little(header.coverage.firstPosition)),
            ("last position", little(header.coverage.lastPosition)),
            ("start address", little(header.coverage.startAddress)),
            ("end address", little(header.coverage.endAddress)),
            ("record checksum", little(header.coverage.recordChecksum)),
            ("last recorded time", little(header.coverage.lastTime.microseconds)),
            ("seed", little(header.origin.hashes.seed)),
            ("new streams", little(header.newStreamCount)),
            ("checksum of the section", little(header.checksumsChecksum)),
            ("section table", table),
            ("zeros", [UInt8](repeating: 0, count: 4096 - 120 - table.count)),
        ]
        let rows = try fields(after: "The header", on: "IndexFormat")
        #expect(mistakes(in: rows, values, bytes) == [])
    }

    @Test func `the sections are as the page says`() throws {
        let page = try #require(try Page.named("IndexFormat"))
        let rows = page.table(after: "Sections")
        let names = IndexSection.allCases.map { section in
            "\(section)".replacing(/[A-Z]/) { " " + $0.output.lowercased() }
        }
        #expect(rows.map { $0[1] } == names)
        #expect(rows.map { $0[0] } == names.indices.map(String.init))
        #expect(rows[IndexSection.streams.rawValue][2] == "\(StreamRow.size)")
        #expect(rows[IndexSection.identities.rawValue][2] == "\(IdentityLayout.size)")
        #expect(rows[IndexSection.blocks.rawValue][2] == "\(BlockRow.size)")
        #expect(rows[IndexSection.filter.rawValue][2] == "\(IndexFormat.filterBlockSize)")
        #expect(rows[IndexSection.slots.rawValue][3] == "streams × 3 / 2 + 1")
        #expect(IndexFormat.slotCount(streams: 7) == 11)
        #expect(rows[IndexSection.directory.rawValue][3] == "events / 16 + 2")
        #expect(IndexFormat.bucketCount(events: 33) + 1 == 4)
        #expect(rows[IndexSection.filter.rawValue][3] == "events / 48 + 1")
        #expect(IndexFormat.filterBlockCount(events: 97) == 3)
        #expect(rows[IndexSection.termDirectory.rawValue][3] == "terms / 8 + 2")
        #expect(IndexFormat.bucketCount(terms: 17) + 1 == 4)
        let text = page.lines.joined(separator: " ")
        #expect(text.contains(IndexFormat.fileName(firstPosition: 102_401)))
        #expect(IndexFormat.positionsPerBlock == 64 && text.contains("*block* is 64 positions"))
        #expect(IndexFormat.alignment == 64 && text.contains("at a multiple of 64"))
        #expect(IndexFormat.unitsMax == 1024 && text.contains("more than 1,024 units"))
        #expect(IndexFormat.mergeCount == 4 && text.contains("Four files of equal units"))
    }

    @Test func `a row of a stream is as the page says`() throws {
        let row = StreamRow(
            nameEnd: 0x0102_0304,
            addressEnd: 0x1112_1314,
            lastPosition: 0x2122_2324,
            firstSequence: 0x3132_3334_3536_3738,
            firstTime: Timestamp(microseconds: 0x4142_4344_4546_4748),
            lastTime: Timestamp(microseconds: 0x5152_5354_5556_5758)
        )
        var bytes: [UInt8] = []
        row.append(to: &bytes)
        let values: [(String, [UInt8])] = [
            ("name end", little(row.nameEnd)),
            ("address end", little(row.addressEnd)),
            ("last position", little(row.lastPosition)),
            ("first sequence", little(row.firstSequence)),
            ("first recorded time", little(row.firstTime.microseconds)),
            ("last recorded time", little(row.lastTime.microseconds)),
        ]
        let rows = try fields(after: "Streams", on: "IndexFormat")
        #expect(mistakes(in: rows, values, bytes) == [])
    }

    @Test func `a row of an identity is as the page says`() throws {
        let page = try #require(try Page.named("IndexFormat"))
        let text = page.lines.joined(separator: " ")
        #expect(text.contains("b × 2³² / (directory rows - 1), rounded up"))
        #expect(text.contains("as many bits as the number of events less 1 needs"))
        // Of 128 events there are 9 buckets; positions take 7 bits.
        let layout = IdentityLayout(events: 128)
        #expect(layout.firstHash(of: 3) == 1_431_655_766)
        let row = layout.row(hash: 1_431_655_766 + 5, position: 127)
        var bytes: [UInt8] = []
        bytes.append(identityRow: row)
        #expect(bytes == Array(little(UInt64(5 << 7 | 127)).prefix(5)))
    }

    @Test func `a row of a block is as the page says`() throws {
        let row = BlockRow(
            address: 0x0102_0304,
            recordDistance: 0x1112_1314,
            earliest: Timestamp(microseconds: 0x2122_2324_2526_2728),
            latest: Timestamp(microseconds: 0x3132_3334_3536_3738),
            recordedTime: Timestamp(microseconds: 0x4142_4344_4546_4748)
        )
        var bytes: [UInt8] = []
        row.append(to: &bytes)
        let values: [(String, [UInt8])] = [
            ("address", little(row.address)),
            ("distance", little(row.recordDistance)),
            ("the earliest", little(row.earliest.microseconds)),
            ("the latest", little(row.latest.microseconds)),
            ("recorded time", little(row.recordedTime.microseconds)),
        ]
        let rows = try fields(after: "Blocks", on: "IndexFormat")
        #expect(mistakes(in: rows, values, bytes) == [])
    }

    @Test func `a row of the census is as the page says`() throws {
        let row = TypeCensus(
            type: EventType("Type"),
            revision: 0x0102_0304,
            count: 0x1112_1314,
            firstPosition: Position(0x2122_2324 + 5),
            lastPosition: Position(0x3132_3334 + 5),
            firstTime: Timestamp(microseconds: 0x4142_4344_4546_4748),
            lastTime: Timestamp(microseconds: 0x5152_5354_5556_5758)
        )
        var bytes: [UInt8] = []
        row.append(to: &bytes, firstPosition: 5)
        let values: [(String, [UInt8])] = [
            ("revision", little(row.revision)),
            ("count", little(UInt32(row.count))),
            ("first position", little(UInt32(0x2122_2324))),
            ("last position", little(UInt32(0x3132_3334))),
            ("first recorded time", little(row.firstTime.microseconds)),
            ("last recorded time", little(row.lastTime.microseconds)),
            ("bytes of the type's name", little(UInt32(4))),
        ]
        let rows = try fields(after: "Census", on: "IndexFormat")
        #expect(mistakes(in: rows, values, Array(bytes.dropLast(4))) == [])
        #expect(bytes.suffix(4) == Array("Type".utf8)[...])
    }
}
