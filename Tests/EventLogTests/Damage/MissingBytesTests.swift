import EventModel
import Testing

@testable import EventLog

/// Files that are short, have holes, are missing or stand in another's place.
@Suite struct MissingBytesTests {
    /// Every length near an edge, and some of the others.
    private func lengths(_ store: DamageStore, ofFile file: Int) -> [Int] {
        let edges =
            [0, 4096, DamageStore.fileSize]
            + store.records.filter { $0.file == file }.flatMap {
                [$0.offset, $0.headerRange.upperBound, $0.all.upperBound]
            }
        return (0..<DamageStore.fileSize).filter { length in
            length.isMultiple(of: 64) || edges.contains { abs($0 - length) < 3 }
        }
    }

    @Test(arguments: PageCondition.allCases)
    func `a log file cut short at any length is found`(condition: PageCondition) throws {
        let store = try DamageStore(hasIndex: condition == .kept)
        for (number, path) in store.logPaths.enumerated() {
            // A last file without a whole header was never finished, and its records never synced
            // as far as anybody knows.
            let isLast = number == store.files.count - 1
            for length in lengths(store, ofFile: number) {
                var image = store.image
                image[path] = Array(store.image[path]?.prefix(length) ?? [])
                do {
                    let verdict = try store.verdict(on: image, condition, errorsName: [".log"])
                    let mayBeTorn = isLast && length < 4096 && condition == .lost
                    #expect(
                        verdict == .found || mayBeTorn && verdict == .torn,
                        "\(number) \(length)"
                    )
                } catch {
                    Issue.record("file \(number), \(length) bytes: \(error)")
                }
            }
        }
    }

    @Test(arguments: PageCondition.allCases, [512, 4096])
    func `a hole of zeros is found wherever something was`(
        condition: PageCondition,
        size: Int
    ) throws {
        let store = try DamageStore(hasIndex: condition == .restarted)
        for (number, path) in store.logPaths.enumerated() {
            for start in stride(from: 0, to: DamageStore.fileSize, by: size) {
                var image = store.image
                image[path]?.replaceSubrange(
                    start..<start + size,
                    with: repeatElement(0, count: size)
                )
                if image == store.image { continue }
                let isTorn = isVouchedFor(store, number, start..<start + size, condition) == false
                do {
                    let verdict = try store.verdict(on: image, condition, errorsName: [".log"])
                    #expect(verdict == (isTorn ? .torn : .found), "\(number) \(start)")
                } catch {
                    Issue.record("file \(number), \(size) zeros at \(start): \(error)")
                }
            }
        }
    }

    /// Whether anything outside a hole tells that what was there had been synced.
    private func isVouchedFor(
        _ store: DamageStore,
        _ file: Int,
        _ hole: Range<Int>,
        _ condition: PageCondition
    ) -> Bool {
        let isHeaderGone = hole.contains(0)
        let lost = store.records.filter { record in
            record.file == file && (isHeaderGone || record.all.overlaps(hole))
        }
        guard let first = lost.first else { return true }
        let headers = store.records.filter { record in
            record.file != file || !(isHeaderGone || record.headerRange.overlaps(hole))
        }
        let files = store.files.enumerated().filter { $0.offset != file || !isHeaderGone }
        let vouched =
            headers.map(\.header.durableUpTo) + files.map(\.element.header.durableUpTo)
            + [store.witnessed(condition)]
        return file == 0 && isHeaderGone || vouched.contains { $0 >= first.header.firstPosition }
    }

    @Test(arguments: PageCondition.allCases)
    func `a missing, swapped or foreign log file is found`(condition: PageCondition) throws {
        let store = try DamageStore(hasIndex: true)
        let paths = store.logPaths
        for (number, path) in paths.enumerated() {
            var image = store.image
            image[path] = nil
            let isForgotten = number == paths.count - 1 && condition == .lost
            if isForgotten { continue }
            #expect(try store.verdict(on: image, condition, errorsName: [".log"]) == .found)
        }
        var swapped = store.image
        swapped[paths[0]] = store.image[paths[1]]
        swapped[paths[1]] = store.image[paths[0]]
        #expect(try store.verdict(on: swapped, condition, errorsName: [".log"]) == .found)
        let other = try DamageStore(hasIndex: true, id: EventID(high: 8, low: 9))
        for path in paths {
            var image = store.image
            image[path] = other.image[path]
            #expect(try store.verdict(on: image, condition, errorsName: [".log"]) == .found)
        }
    }

    @Test func `index files that are short, foreign or in another's place change no answer`() throws
    {
        let store = try DamageStore(hasIndex: true)
        let other = try DamageStore(hasIndex: true, id: EventID(high: 8, low: 9))
        for (number, path) in store.indexPaths.enumerated() {
            let bytes = try #require(store.image[path])
            let strangers =
                stride(from: 0, to: bytes.count, by: 311).map { Array(bytes[..<$0]) }
                + [[], other.image[path], store.image[store.indexPaths[number == 0 ? 1 : 0]]]
            for stranger in strangers {
                var image = store.image
                image[path] = stranger
                let verdict = try store.verdict(on: image, .kept, errorsName: [])
                #expect(verdict == .harmless)
            }
        }
    }
}
