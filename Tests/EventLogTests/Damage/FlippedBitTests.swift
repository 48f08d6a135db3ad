import EventModel
import Testing

@testable import EventLog

/// Bits of a store that are not what was written.
@Suite struct FlippedBitTests {
    /// A store whose log files are flipped bit by bit.
    enum Population: CaseIterable {
        case indexed
        case notIndexed
        case flushed

        func makeStore() throws -> DamageStore {
            try DamageStore(hasIndex: self == .indexed, flushedCount: self == .flushed ? 6 : 0)
        }
    }

    /// How often what became of flipped bits.
    struct Tally {
        var counts: [DamageVerdict: Int] = [:]
        var failures: [String] = []
    }

    @Test func `the store has several files, records and index files`() throws {
        let store = try Population.indexed.makeStore()
        #expect(store.files.count == 3)
        #expect(store.records.count == store.appended.count)
        #expect(store.indexPaths.count >= 2)
        for condition in PageCondition.allCases {
            let verdict = try store.verdict(on: store.image, condition, errorsName: [])
            #expect(verdict == .harmless)
        }
    }

    @Test(arguments: Population.allCases, PageCondition.allCases)
    func `every flipped bit of a log file is found`(
        population: Population,
        condition: PageCondition
    ) throws {
        let store = try population.makeStore()
        let turn = Population.allCases.firstIndex(of: population) ?? 0
        let part = PageCondition.allCases.firstIndex(of: condition) ?? 0
        // Each bit in one population under one condition, in turns.
        func isTurn(_ number: Int) -> Bool { (number + turn * 3 + part).isMultiple(of: 9) }
        var tally = Tally()
        var expected: [DamageVerdict: Int] = [:]
        for (number, path) in store.logPaths.enumerated() {
            for (offset, bit) in store.bits(ofFile: number) where isTurn(offset + Int(bit)) {
                let verdict = store.expectedVerdict(byte: offset, ofFile: number, condition)
                expected[verdict, default: 0] += 1
                do {
                    var image = store.image
                    image[path]?[offset] ^= 1 << bit
                    let found = try store.verdict(
                        on: image,
                        condition,
                        errorsName: [path],
                        isBrief: !offset.isMultiple(of: 8)
                    )
                    tally.counts[found, default: 0] += 1
                    if found != verdict {
                        tally.failures.append("\(path) \(offset).\(bit): \(found), not \(verdict)")
                    }
                } catch {
                    tally.failures.append("\(path) \(offset).\(bit): \(error)")
                }
            }
        }
        for failure in tally.failures.prefix(5) { Issue.record("\(failure)") }
        #expect(tally.counts == expected)
    }
}

extension DamageStore {
    /// The bits to flip in a log file: all of headers, and one of every other byte.
    fileprivate func bits(ofFile file: Int) -> [(offset: Int, bit: UInt8)] {
        let headers = records.filter { $0.file == file }.map(\.headerRange) + [0..<96]
        return (0..<DamageStore.fileSize).flatMap { offset -> [(Int, UInt8)] in
            let isHeader = headers.contains { $0.contains(offset) }
            let bits = isHeader ? 0...7 : offset % 8...offset % 8
            return bits.map { (offset, UInt8($0)) }
        }
    }
}
