import EventModel

/// One share of the sequences of a group: those whose hash has certain low bits.
///
/// Splitting a segment takes one more bit into account; so the segments of a group, which come
/// from splitting the whole, never overlap and leave nothing out. The same numbers as those of
/// Axon Framework.
public struct Segment: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The low bits of the hashes it takes.
    public let id: UInt32
    /// Which bits count: ones from the lowest on.
    public let mask: UInt32

    /// The whole, which takes every sequence.
    public static let whole = Segment(id: 0, mask: 0)

    /// The number of segments that a group can have.
    public static let countMax = 64

    /// Makes a segment from its numbers; nothing where they are none.
    public init?(number id: UInt32, mask: UInt32) {
        guard mask < UInt32(Segment.countMax), mask & (mask + 1) == 0, id & mask == id else {
            return nil
        }
        self.init(id: id, mask: mask)
    }

    private init(id: UInt32, mask: UInt32) {
        self.id = id
        self.mask = mask
    }

    /// A whole group in so many equal shares, a power of two.
    public static func shares(_ count: Int) -> [Segment] {
        precondition(
            (1...countMax).contains(count) && count & (count - 1) == 0,
            "A group has 1, 2, 4, … or 64 equal segments."
        )
        return (0..<UInt32(count)).map { Segment(id: $0, mask: UInt32(count - 1)) }
    }

    /// Whether each sequence is taken by exactly one of some segments.
    public static func covers(_ segments: [Segment]) -> Bool {
        (0..<UInt32(countMax)).allSatisfy { hash in segments.count { $0.takes(hash) } == 1 }
    }

    /// Whether it takes the sequences with a hash.
    @inline(__always)
    public func takes(_ hash: UInt32) -> Bool { hash & mask == id }

    /// The halves; nothing where no smaller segments are allowed.
    public var halves: (lower: Segment, upper: Segment)? {
        let halved = mask << 1 | 1
        guard halved < UInt32(Segment.countMax) else { return nil }
        return (Segment(id: id, mask: halved), Segment(id: id | (halved ^ mask), mask: halved))
    }

    /// The other half of the segment it was split from; nothing for the whole.
    public var sibling: Segment? {
        mask == 0 ? nil : Segment(id: id ^ (mask ^ mask >> 1), mask: mask)
    }

    /// The segment it was split from; nothing for the whole.
    public var parent: Segment? {
        mask == 0 ? nil : Segment(id: id & mask >> 1, mask: mask >> 1)
    }

    /// The id, and how many equal segments it is one of.
    public var description: String { "\(id) of \(mask + 1)" }

    /// By the ids, which differ among the segments of a group.
    public static func < (left: Segment, right: Segment) -> Bool {
        (left.id, left.mask) < (right.id, right.mask)
    }
}

extension Segment {
    /// The segments of a group whose ids are known, as Axon Framework derives the masks.
    ///
    /// - Returns: nothing where the ids are not those of segments that cover the whole.
    public static func covering(ids: [UInt32]) -> [Segment]? {
        var found: [Segment] = []
        var open = [Segment.whole]
        let ids = Set(ids)
        while let segment = open.popLast() {
            guard ids.contains(segment.id) else { return nil }
            let others = ids.contains { $0 != segment.id && segment.takes($0) }
            guard others else {
                found.append(segment)
                continue
            }
            guard let halves = segment.halves else { return nil }
            open += [halves.upper, halves.lower]
        }
        return found.count == ids.count ? found.sorted() : nil
    }
}

/// The hash that says which segment takes a sequence: that of a string in Java, over UTF-16.
public struct SequenceHash: Hashable, Sendable {
    /// The 32 bits of the hash.
    public let bits: UInt32

    /// The hash of a sequence's key.
    public init(of key: String) {
        var key = key
        bits = key.withUTF8 { SequenceHash.hash($0.span) }
    }

    /// The hash of a sequence's key from its UTF-8 bytes, which must be valid.
    public init(utf8 key: RawSpan) {
        bits = key.withUnsafeBytes { SequenceHash.hash($0.bindMemory(to: UInt8.self).span) }
    }

    private static func hash(_ text: Span<UInt8>) -> UInt32 {
        var hash: UInt32 = 0
        for index in 0..<text.count {
            let byte = text[unchecked: index]
            guard byte < 0x80 else { return wideHash(text) }
            hash = hash &* 31 &+ UInt32(byte)
        }
        return hash
    }

    private static func wideHash(_ text: Span<UInt8>) -> UInt32 {
        text.withUnsafeBufferPointer { bytes in
            String(decoding: bytes, as: UTF8.self).utf16.reduce(0) { $0 &* 31 &+ UInt32($1) }
        }
    }
}
