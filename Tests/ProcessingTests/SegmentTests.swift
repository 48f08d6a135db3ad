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

    @Test func `halves have the events that are theirs, and what became of them adds up`() {
        var random = RandomSequence(seed: 11)
        func number() -> UInt64 { UInt64(random.next(below: 4) * random.next(below: 9)) }
        for _ in 0..<2000 {
            let accounting = Accounting(
                handled: number(),
                filtered: number(),
                deadLettered: number(),
                skipped: number()
            )
            let letterCount = UInt64(random.next(below: Int(accounting.deadLettered) + 1))
            let otherCount = accounting.total - accounting.deadLettered
            let count = letterCount + UInt64(random.next(below: Int(otherCount) + 1))
            let whole = SegmentProgress(
                .whole,
                token: TrackingToken(position: Position(accounting.total)),
                accounting: accounting
            )
            guard let (lower, upper) = whole.halves(count: count, letterCount: letterCount) else {
                Issue.record("the whole has halves")
                return
            }
            #expect(upper.accounting.total == count)
            #expect(upper.accounting.deadLettered == letterCount)
            #expect(lower.accounting + upper.accounting == accounting)
            #expect(lower.accountedCount == accounting.total)
            #expect(upper.accountedCount == accounting.total)
            #expect(lower.merged(with: upper) == whole)
        }
    }

    @Test func `what a partial replay puts aside is counted once`() {
        let whole = SegmentProgress(
            .whole,
            token: TrackingToken(position: Position(2)),
            accounting: Accounting(handled: 1, filtered: 1)
        )
        guard var (lower, upper) = whole.halves(count: 1, letterCount: 0) else {
            Issue.record("the whole can be split")
            return
        }
        lower.putAsideAgain()
        upper.putAsideAgain()
        #expect(lower.accountedCount == 2 && upper.accountedCount == 2)
        #expect((lower.accounting + upper.accounting) == Accounting(deadLettered: 2))
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
