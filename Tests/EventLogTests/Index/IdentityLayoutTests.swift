import Disk
import Testing

@testable import EventLog

/// How the rows of identities tell hashes and positions.
@Suite struct IdentityLayoutTests {
    /// Few events, and about as many as need one bit more.
    private static let counts: [Int] = {
        let powers = (4...32).map { 1 << $0 }
        return Array(1...200) + powers.dropLast().flatMap { [$0, $0 + 1, $0 * 3 / 2 + 7] }
            + powers.map { $0 - 2 }
    }()

    @Test func `bucket and row tell hash and position, whatever the number of events`() {
        var generator = RandomSequence(seed: 31)
        for count in Self.counts {
            let layout = IdentityLayout(events: count)
            var hashes: [UInt32] = [0, 1, .max]
            for _ in 0..<40 { hashes.append(.random(in: 0...(.max), using: &generator)) }
            for hash in hashes {
                let last = UInt32(count - 1)
                for position in [0, last, UInt32.random(in: 0...last, using: &generator)] {
                    let row = layout.row(hash: hash, position: position)
                    #expect(row < 1 << 38)
                    let first = layout.firstHash(of: layout.bucket(of: hash))
                    #expect(first + layout.distance(of: row) == UInt64(hash))
                    #expect(layout.position(of: row) == UInt64(position))
                    var bytes: [UInt8] = [9]
                    bytes.append(identityRow: row)
                    #expect(bytes.count == 1 + IdentityLayout.size)
                    #expect(bytes.span.bytes.identityRow(at: 1) == row)
                }
            }
        }
    }

    @Test func `a bucket begins with its first hash`() throws {
        for count in Self.counts {
            let layout = IdentityLayout(events: count)
            #expect(layout.firstHash(of: 0) == 0)
            #expect(layout.firstHash(of: layout.bucketCount) == 1 << 32)
            let last = layout.bucketCount - 1
            for bucket in Set([0, 1, 2, last / 3, last / 2, last - 1, last])
            where (0...last).contains(bucket) {
                let first = layout.firstHash(of: bucket)
                #expect(layout.bucket(of: try #require(UInt32(exactly: first))) == bucket)
                if first > 0 { #expect(layout.bucket(of: UInt32(first - 1)) == bucket - 1) }
            }
        }
    }

    @Test func `the rows of a bucket ascend with hash and position`() {
        let layout = IdentityLayout(events: 1000)
        let first = UInt32(layout.firstHash(of: 7))
        let rows = (0..<5).flatMap { distance in
            [0, 500, 999].map { layout.row(hash: first + distance, position: $0) }
        }
        #expect(rows == rows.sorted() && Set(rows).count == rows.count)
    }
}
