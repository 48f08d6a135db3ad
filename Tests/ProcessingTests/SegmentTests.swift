import Disk
import EventModel
@testable import Processing
import RecountTesting
import Testing

@Suite struct SegmentTests {
    @Test func `splitting and merging are each other's opposite`() throws {
        var segments = [Segment.whole]
        while let segment = segments.popLast() {
            guard let (lower, upper) = segment.halves else {
                #expect(segment.mask == UInt32(Segment.countMax - 1))
                continue
            }
            #expect(lower.sibling == upper && upper.sibling == lower)
            #expect(lower.parent == segment && upper.parent == segment)
            for hash in UInt32(0)..<256 {
                #expect(segment.takes(hash) == (lower.takes(hash) != upper.takes(hash)))
            }
            segments += [lower, upper]
        }
        #expect(Segment.whole.sibling == nil && Segment.whole.parent == nil)
    }

    @Test(arguments: 0..<50)
    func `segments from any splits take every hash exactly once`(_ seed: UInt64) throws {
        var random = RandomSequence(seed: seed)
        var segments = [Segment.whole]
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            let index = Int.random(in: 0..<segments.count, using: &random)
            guard let (lower, upper) = segments[index].halves else { continue }
            segments[index] = lower
            segments.append(upper)
        }
        for hash in UInt32(0)..<128 {
            #expect(segments.filter { $0.takes(hash) }.count == 1)
        }
        #expect(Segment.covering(ids: segments.map(\.id)) == segments.sorted())
        if segments.count > 1 {
            segments.remove(at: Int.random(in: 0..<segments.count, using: &random))
            let ids = segments.map(\.id)
            let covering = Segment.covering(ids: ids)
            // Ids alone may also be those of larger segments, which then cover the gap.
            #expect(covering?.map(\.id) ?? ids.sorted() == ids.sorted())
        }
    }

    @Test func `what a partial replay puts aside in a half is counted once when it is merged`() {
        let whole = SegmentProgress(
            .whole,
            token: TrackingToken(position: Position(1)),
            accounting: Accounting(handled: 1)
        )
        guard let (lower, upper) = whole.halves(letterCount: 0) else { return }
        var replayed = upper
        replayed.putAsideAgain()
        #expect(lower.accountedCount == 1 && replayed.accountedCount == 1)
        let merged = lower.merged(with: replayed)
        #expect(merged?.accounting == Accounting(deadLettered: 1))
        #expect(merged?.elsewhereCount == 0)
    }

    @Test func `numbers that are no segment's are refused`() {
        #expect(Segment(number: 0, mask: 0) == .whole)
        #expect(Segment(number: 5, mask: 7) != nil)
        #expect(Segment(number: 8, mask: 7) == nil)
        #expect(Segment(number: 0, mask: 5) == nil)
        #expect(Segment(number: 0, mask: 127) == nil)
    }

    /// What Axon Framework answers, where its answers are at hand.
    @Test func `segments and hashes are those of Axon Framework`() throws {
        guard let lines = try TestVectors.lines(of: "axon-4.13.x-token-vectors.txt") else { return }
        var checkedCount = 0
        for line in lines {
            if line.hasPrefix("SEGMENTS ") {
                let parts = line.dropFirst("SEGMENTS ".count).split(separator: "->")
                let covering = Segment.covering(ids: numbers(in: parts[0]))
                let named = covering?.flatMap { [$0.id, $0.mask] }
                #expect(named == numbers(in: parts[1]), "\(line)")
                checkedCount += 1
            } else if line.hasPrefix("HASH '"), let end = line.lastIndex(of: "'") {
                let key = line[line.index(line.startIndex, offsetBy: 6)..<end]
                let rest = line[end...].split(separator: " ")
                let value = rest.first { $0.hasPrefix("hashCode=") }?.dropFirst(9)
                let hash = SequenceHash(of: String(key))
                #expect(Int32(bitPattern: hash.bits) == value.flatMap { Int32($0) }, "\(line)")
                let segment = Segment.shares(4).first { $0.takes(hash.bits) }
                #expect(line.hasSuffix("Segment[\(segment?.id ?? 9)/3]"), "\(line)")
                var bytes = Array(key.utf8)
                bytes.append(0)
                let span = bytes.span.bytes.extracting(first: bytes.count - 1)
                #expect(SequenceHash(utf8: span) == hash)
                checkedCount += 1
            }
        }
        #expect(checkedCount == 13)
    }

    private func numbers(in text: Substring) -> [UInt32] {
        text.split { !$0.isNumber }.compactMap { UInt32($0) }
    }
}

@Test func `a rewind of segments leaves each position in the accounting of one of them at least`() {
    let half = Segment.whole.halves
    func progress(_ segment: Segment, handled: UInt64, position: UInt64) -> SegmentProgress {
        SegmentProgress(
            segment,
            token: TrackingToken(position: Position(position)),
            accounting: Accounting(handled: handled),
            elsewhereCount: position - handled
        )
    }
    guard let half else {
        Issue.record("the whole can be split")
        return
    }
    var group = GroupProgress(segments: [
        progress(half.0, handled: 30, position: 100), progress(half.1, handled: 70, position: 100),
    ])
    for ancestor in [UInt64(100), 81, 33, 7, 0] {
        group.goBack(to: Position(ancestor))
        #expect(group.isAccountedFor && group.furthestPosition == Position(ancestor))
        #expect(group.accounting.total < ancestor + 3, "\(group.accounting)")
    }
}
