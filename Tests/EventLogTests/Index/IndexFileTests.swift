import Disk
import EventModel
import EventStorage
import Testing

@testable import EventLog

/// What index files are made of: which bytes, when they are merged, how large they are.
@Suite struct IndexFileTests {
    @Test(arguments: Population.allCases)
    func `a merged file has the bytes of one built at once, but for its units`(
        population: Population
    ) throws {
        let events = population.events(800, seed: 11)
        var generator = RandomSequence(seed: 12)
        for count in 0...4 {
            let boundaries = IndexFixture.boundaries(events)
            let cuts = boundaries.shuffled(using: &generator).prefix(count).sorted()
            var index = try IndexFixture.index(events, cuts: cuts)
            let rest = try IndexFixture.bytes(
                events[(cuts.last ?? 0)...],
                behind: cuts.last.map { events[$0 - 1] }
            )
            let first = index.recent.firstPosition
            index.append(try IndexFixture.file(rest, firstPosition: first))
            let merged = try IndexFixture.merged(index.files)
            let whole = try IndexFixture.bytes(events[...])
            #expect(merged[4096...] == whole[4096...])
            let parsed = IndexHeader(merged.span.bytes)
            var header = try #require(parsed)
            #expect(header.units == UInt32(index.files.count))
            header.units = 1
            #expect(header.encoded == Array(whole[..<4096]))
        }
    }

    @Test func `the same events give the same bytes`() throws {
        let events = Population.ordinary.events(600, seed: 13)
        #expect(try IndexFixture.bytes(events[...]) == IndexFixture.bytes(events[...]))
    }

    @Test func `another seed gives other bytes`() throws {
        let events = Population.ordinary.events(20, seed: 14)
        let hashes = IndexHashes(seed: 1)
        let others = IndexHashes(seed: 2)
        let name = events[0].stream.text.utf8.span.bytes
        #expect(hashes.stream(name) != others.stream(name))
        #expect(hashes.identity(events[0].event.id) != others.identity(events[0].event.id))
        #expect(hashes.type(name) != others.type(name))
        #expect(Set([hashes.stream(name), hashes.category(name), hashes.type(name)]).count == 3)
    }

    @Test func `places are in proportion to hashes`() {
        #expect(IndexFormat.place(0, in: 1000) == 0)
        #expect(IndexFormat.place(1 << 31, in: 1000) == 500)
        #expect(IndexFormat.place(.max, in: 1000) == 999)
        #expect(IndexFormat.place(.max, in: 1 << 26) == (1 << 26) - 1)
    }

    @Test func `the bits of the filter are spread`() {
        var counts = [Int](repeating: 0, count: 512)
        for hash in 0..<UInt32(51_200) {
            FilterBits(hash).forEach { word, mask in
                counts[word * 64 + mask.trailingZeroBitCount] += 1
            }
        }
        #expect(counts.allSatisfy { (450...750).contains($0) })
    }

    @Test func `four files of equal units that follow each other are merged, the smallest first`() {
        func next(
            _ units: [UInt32],
            size: UInt64 = 8 << 20,
            below limit: UInt32 = .max
        ) -> Range<Int>? {
            var start: UInt64 = 0
            let headers = units.map { units in
                let end = start + size * UInt64(units)
                defer { start = end }
                return header(units: units, addresses: start...end)
            }
            return IndexMerge.next(in: headers, below: limit)
        }
        #expect(next([]) == nil)
        #expect(next([1, 1, 1]) == nil)
        #expect(next([4, 4, 4, 4], below: 16) == nil)
        #expect(next([4, 4, 4, 4, 1, 1, 1, 1], below: 16) == 4..<8)
        #expect(next([4, 4, 4, 4], below: 64) == 0..<4)
        #expect(next([1, 1, 1, 1]) == 0..<4)
        #expect(next([4, 1, 1, 1]) == nil)
        #expect(next([4, 4, 4, 1, 1, 1, 1]) == 3..<7)
        #expect(next([4, 4, 4, 4]) == 0..<4)
        #expect(next([4, 4, 4, 4, 1, 1, 1, 1]) == 4..<8)
        #expect(next([1, 1, 1, 4]) == nil)
        #expect(next([4, 1, 1, 1, 1, 1, 1, 1, 1]) == 1..<5)
        #expect(next([4, 4, 1, 1, 1, 1, 4]) == 2..<6)
        #expect(next([64, 64, 64, 64]) == 0..<4)
        #expect(next([1024, 1024, 1024, 1024], size: 1 << 10) == nil)
        #expect(next([64, 64, 64, 64], size: 16 << 20) == nil)
        #expect(next([64, 64, 64, 64], size: (16 << 20) - 1) == 0..<4)
    }

    private func header(units: UInt32, addresses: ClosedRange<UInt64>) -> IndexHeader {
        IndexHeader(
            units: units,
            origin: IndexFixture.origin,
            coverage: IndexCoverage(
                firstPosition: 1,
                lastPosition: 1,
                startAddress: addresses.lowerBound,
                endAddress: addresses.upperBound,
                recordChecksum: 0,
                lastTime: .epoch
            ),
            newStreamCount: 0,
            checksumsChecksum: 0,
            sections: []
        )
    }

    @Test func `parts are connected as far as each goes on where the one before ends`() throws {
        let events = Population.ordinary.events(300, seed: 15)
        let boundaries = IndexFixture.boundaries(events)
        let cuts = [boundaries[10], boundaries[20], boundaries[30]]
        let parts = try IndexFixture.index(events, cuts: cuts).files.map(\.header.coverage)
        #expect(LogIndex.connectedCount(parts) == 3)
        #expect(LogIndex.connectedCount([]) == 0)
        #expect(LogIndex.connectedCount(Array(parts.dropFirst())) == 0)
        #expect(LogIndex.connectedCount([parts[0], parts[2]]) == 1)
        var moved = parts
        moved[1].startAddress += 1
        #expect(LogIndex.connectedCount(moved) == 1)
    }

    @Test func `a file takes few bytes for each event`() throws {
        let events = Population.oneGiantStream.events(20_000, seed: 16)
        let size = try IndexFixture.bytes(events[...]).count
        #expect(size < events.count * 16)
    }

    @Test func `an identity that is not there is nearly always ruled out by the filter`() throws {
        let events = Population.oneGiantStream.events(20_000, seed: 17)
        let file = try IndexFixture.file(try IndexFixture.bytes(events[...]), firstPosition: 1)
        let size = IndexFormat.filterBlockSize
        let blockCount = IndexFormat.filterBlockCount(events: events.count)
        var generator = RandomSequence(seed: 18)
        var passed = 0
        for _ in 0..<20_000 {
            let hash = UInt32.random(in: 0...UInt32.max, using: &generator)
            let start = IndexFormat.place(hash, in: blockCount) * size
            let isPassed = FilterBits(hash).areSet(
                in: try file.bytes(.filter, start..<start + size)
            )
            if isPassed { passed += 1 }
        }
        #expect(passed < 400)
    }

    @Test func `buckets without identities are merged and asked like others`() throws {
        var events = Population.ordinary.events(300, seed: 32)
        var generator = RandomSequence(seed: 33)
        let hashes = IndexFixture.origin.hashes
        for number in events.indices {
            while ![1, 6].contains(
                IndexFormat.place(hashes.identity(events[number].event.id), in: 8)
            ) {
                let low = events[number].position
                events[number].event.id = EventID(high: generator.next(), low: low)
            }
        }
        var index = try IndexFixture.index(events, cuts: [IndexFixture.boundaries(events)[20]])
        let cut = Int(index.recent.firstPosition) - 1
        let rest = try IndexFixture.bytes(events[cut...], behind: events[cut - 1])
        index.append(try IndexFixture.file(rest, firstPosition: UInt64(cut + 1)))
        let merged = try IndexFixture.merged(index.files)
        #expect(merged[4096...] == (try IndexFixture.bytes(events[...]))[4096...])
        index.replace(0..<2, with: try IndexFixture.file(merged, firstPosition: 1))
        try IndexModel(events).expectSame(index)
    }

    @Test func `what cannot be written is told`() throws {
        final class FullOutput: IndexOutput {
            var callCount = 0

            func write(_ bytes: RawSpan, at offset: Int) throws(StorageError) {
                callCount += 1
                throw StorageError(.full, "no space")
            }
        }
        let events = Population.ordinary.events(300, seed: 19)
        let file = try IndexFixture.file(try IndexFixture.bytes(events[...]), firstPosition: 1)
        let full = StorageError(.full, "no space")
        let output = FullOutput()
        #expect(throws: full) {
            try IndexFixture.recent(events[...])
                .encode(to: output, endAddress: 1 << 30, recordChecksum: 0)
        }
        #expect(throws: IndexMergeError.failed(full)) { try IndexMerge.merge([file], to: output) }
        #expect(output.callCount == 2)
    }

    @Test func `the name of a file tells its first position`() {
        #expect(IndexFormat.fileName(firstPosition: 102_401) == "00000000000000102401.index")
        #expect(IndexFormat.fileName(firstPosition: .max) == "18446744073709551615.index")
    }
}
