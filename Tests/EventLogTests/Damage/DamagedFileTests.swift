import Disk
import EventModel
import EventStorage
import RecountTesting
import Testing

@testable import EventLog

/// Damage to the files around the log files.
@Suite struct DamagedFileTests {
    private static let directory = DamageStore.directory

    /// Changes every byte of a file, opens the store and counts what becomes of it.
    private func tally(
        _ store: DamageStore,
        _ path: String,
        stride step: Int = 1,
        _ condition: PageCondition = .kept,
        errorsName names: [String] = []
    ) throws -> [DamageVerdict: Int] {
        var counts: [DamageVerdict: Int] = [:]
        let bytes = try #require(store.image[path])
        for offset in stride(from: 0, to: bytes.count, by: step) {
            var image = store.image
            image[path]?[offset] ^= 1 << UInt8(offset / step % 8)
            do {
                let verdict = try store.verdict(
                    on: image,
                    condition,
                    errorsName: names,
                    isBrief: !offset.isMultiple(of: 4)
                )
                counts[verdict, default: 0] += 1
            } catch {
                Issue.record("\(path), byte \(offset), \(condition): \(error)")
            }
        }
        return counts
    }

    @Test(arguments: PageCondition.allCases)
    func `a damaged index file changes no answer`(condition: PageCondition) throws {
        let store = try DamageStore(hasIndex: true)
        for path in store.indexPaths {
            let counts = try tally(store, path, stride: 7, condition)
            #expect(counts.keys.elementsEqual([.harmless]), "\(path)")
        }
    }

    @Test func `a damaged page hides no event and makes none up`() throws {
        let store = try DamageStore(hasIndex: false)
        let path = Self.directory.sharedPage
        for condition in [PageCondition.kept, .restarted] {
            let counts = try tally(store, path, condition, errorsName: ["cannot be read"])
            #expect(counts[.torn] == nil)
            #expect((1..<16).contains(counts[.found] ?? 0), "\(counts)")
            #expect(counts.values.reduce(0, +) == 512)
        }
    }

    @Test func `damage to files that hold nothing changes no answer`() throws {
        let store = try DamageStore(hasIndex: true)
        for path in [Self.directory.upkeepPage, Self.directory.preparedFile] {
            guard store.image[path] != nil else { continue }
            let counts = try tally(store, path, stride: 13)
            #expect(counts.keys.elementsEqual([.harmless]), "\(path)")
        }
    }

    @Test func `a damaged manifest is refused, or tells nothing else of the log`() throws {
        let store = try DamageStore(hasIndex: false)
        let names = [Self.directory.manifest, ".log"]
        let counts = try tally(store, Self.directory.manifest, errorsName: names)
        #expect(counts[.torn] == nil)
        #expect((counts[.found] ?? 0) > (counts[.harmless] ?? 0), "\(counts)")
    }

    @Test func `a manifest of another size of log files is refused`() throws {
        let store = try DamageStore(hasIndex: false)
        var image = store.image
        let manifest = try StoreManifest(
            try #require(image[Self.directory.manifest]),
            path: Self.directory.manifest
        )
        var other = manifest
        other.logFileSize += 4096
        image[Self.directory.manifest] = other.encoded
        #expect(try store.verdict(on: image, .kept, errorsName: [".log"]) == .found)
    }

    @Test func `a page that tells of more synced events than there are spares no sync`() throws {
        let store = try DamageStore(hasIndex: false)
        let disk = MemoryDisk(files: store.image, bootIdentity: DamageStore.bootIdentity)
        let page = try disk.share(Self.directory.sharedPage, writable: true)
        page.store(.synced, store.head.number + 1000)
        let log = try EventLog.open(
            Self.directory,
            disk: disk,
            upkeep: .never,
            now: TestClock().now
        )
        _ = try log.append(TestEvents.request(1, to: "cart-9", from: 900))
        #expect(page.load(.synced) == store.head.number + 1)
        let again = try EventLog.open(
            Self.directory,
            disk: MemoryDisk(files: disk.files, bootIdentity: 7),
            upkeep: .never,
            now: TestClock().now
        )
        #expect(again.readOnlyReason == nil)
        #expect(try again.head() == store.head.next)
    }
}
