import Disk
import EventModel
import EventStorage
import Testing

@testable import EventLog

/// Holds the answers of indexes against a model that looks at every event.
@Suite struct IndexAnswerTests {
    @Test(arguments: Population.allCases)
    func `an index in memory answers as the events say`(population: Population) throws {
        let events = population.events(500, seed: 1)
        try IndexModel(events).expectSame(IndexFixture.index(events, cuts: []))
    }

    @Test func `an index of nothing knows nothing`() throws {
        try IndexModel([]).expectSame(LogIndex(origin: IndexFixture.origin, startAddress: 4096))
    }

    @Test(arguments: Population.allCases)
    func `index files cut anywhere answer as the events say`(population: Population) throws {
        let events = population.events(700, seed: 2)
        var generator = RandomSequence(seed: 3)
        for count in [1, 2, 5] {
            let cuts = IndexFixture.boundaries(events).shuffled(using: &generator).prefix(count)
            let index = try IndexFixture.index(events, cuts: cuts.sorted())
            try IndexModel(events).expectSame(index)
        }
    }

    @Test(arguments: Population.allCases)
    func `merged index files answer as the events say, at every level`(
        population: Population
    ) throws {
        let events = population.events(900, seed: 4)
        let boundaries = IndexFixture.boundaries(events)
        let cuts = stride(from: 5, to: boundaries.count - 2, by: max(1, boundaries.count / 18))
            .map { boundaries[$0] }
        var index = LogIndex(origin: IndexFixture.origin, startAddress: 4096)
        var start = 0
        for cut in cuts {
            let bytes = try IndexFixture.bytes(
                events[start..<cut],
                behind: start > 0 ? events[start - 1] : nil
            )
            for event in events[start..<cut] {
                try event.withView {
                    index.add($0, address: event.address, recordAddress: event.recordAddress)
                }
            }
            index.append(try IndexFixture.file(bytes, firstPosition: UInt64(start + 1)))
            while let range = IndexMerge.next(in: index.files.map(\.header)) {
                let merged = try IndexFixture.merged(Array(index.files[range]))
                let first = index.files[range.lowerBound].header.coverage.firstPosition
                index.replace(range, with: try IndexFixture.file(merged, firstPosition: first))
            }
            start = cut
        }
        if population != .oneEvent {
            #expect(index.files.map(\.header.units).max() == 16)
        }
        for event in events[start...] {
            try event.withView {
                index.add($0, address: event.address, recordAddress: event.recordAddress)
            }
        }
        try IndexModel(events).expectSame(index)
    }

    @Test func `a copy of an index stays as it is`() throws {
        let events = Population.ordinary.events(200, seed: 5)
        var index = LogIndex(origin: IndexFixture.origin, startAddress: 4096)
        for event in events[..<150] {
            try event.withView {
                index.add($0, address: event.address, recordAddress: event.recordAddress)
            }
        }
        let copy = index
        for event in events[150...] {
            try event.withView {
                index.add($0, address: event.address, recordAddress: event.recordAddress)
            }
        }
        try IndexModel(Array(events[..<150])).expectSame(copy)
        try IndexModel(events).expectSame(index)
    }

    @Test func `an answer stays as it is, whatever is added to the index`() throws {
        let events = Population.oneGiantStream.events(400, seed: 7)
        let model = IndexModel(Array(events[..<200]))
        let boundary = try #require(IndexFixture.boundaries(events).first { $0 > 150 })
        var index = try IndexFixture.index(Array(events[..<200]), cuts: [boundary])
        let parts = index.files.map(\.header.coverage) + [index.recent.coverage]
        let giant = "giant-1".utf8.span.bytes
        let found = try index.addresses(of: giant)
        var blocks = try index.blocks(for: EventSelection(), in: 1...UInt64.max)
        for event in events[200...] {
            try event.withView {
                index.add($0, address: event.address, recordAddress: event.recordAddress)
            }
        }
        var addresses: [UInt64] = []
        try found.append(0..<UInt64.max, to: &addresses)
        let stored = events[..<200].filter { $0.stream.text == "giant-1" }
        #expect(addresses == stored.map(\.address))
        for expected in model.blocks(parts) { #expect(try blocks.next() == expected) }
        #expect(try blocks.next() == nil)
    }

    @Test func `identities with the same hash are all candidates`() throws {
        let events = Population.ordinary.events(300, seed: 6)
        let recent = try IndexFixture.recent(events[...])
        var rows = recent.identities
        let hash = IndexFixture.origin.hashes.identity(events[10].event.id)
        rows.insert(hash, 300)
        rows.insert(hash, 301)
        #expect(
            rows.sorted.filter { $0 >> 32 == UInt64(hash) }.map { $0 & 0xFFFF } == [10, 300, 301]
        )
        #expect(rows.sorted == rows.sorted.sorted())
    }
}
