import CXXHash
import EventModel
import EventStorage

/// The last sequences of streams that were asked for lately.
///
/// The more streams a log has, the more index files know nothing of any one of them; here it takes
/// one look. Streams are told apart by 128 bits of a seeded hash of their names, which no two names
/// share as long as nobody knows the seed. Takes at most 12 MiB, and none before anything is asked.
struct StreamTails: Sendable {
    /// A stream and its last sequence; a hash of zeros stands for none.
    private struct Entry {
        var hash = StreamHash(low: 0, high: 0)
        var last = Sequence.first
    }

    /// Each stream has a set of places; who comes pushes out who came first of those in it.
    private var entries: [Entry] = []
    private var insertCount = 0

    /// The last sequences of streams, in their order; nothing for those that are not known.
    ///
    /// One look does not wait for the one before, so that many take little more time than one.
    func last(of streams: [StreamHash]) -> [Sequence?] {
        guard !entries.isEmpty else { return Array(repeating: nil, count: streams.count) }
        return streams.map { stream in place(of: stream).map { entries[$0].last } }
    }

    /// Remembers the last sequence of a stream that has events.
    mutating func insert(_ stream: StreamHash, last: Sequence) {
        if let place = place(of: stream) {
            entries[place].last = last
            return
        }
        insertCount += 1
        if insertCount > entries.count / 2, entries.count < StreamTails.countMax { grow() }
        push(Entry(hash: stream, last: last))
    }

    /// Takes in the next event of a stream, where the stream is known here.
    mutating func update(_ stream: StreamHash, last: Sequence) {
        if let place = place(of: stream) { entries[place].last = last }
    }

    /// Where a stream is, if it is known.
    private func place(of stream: StreamHash) -> Int? {
        guard !entries.isEmpty else { return nil }
        return places(for: stream).first { entries[$0].hash == stream }
    }

    /// Where a stream may be.
    private func places(for stream: StreamHash) -> Range<Int> {
        let mask = entries.count - StreamTails.setSize
        let start = Int(truncatingIfNeeded: stream.low) & mask
        return start..<start + StreamTails.setSize
    }

    /// Puts a stream that is not known in the first of its places.
    private mutating func push(_ entry: Entry) {
        let places = places(for: entry.hash)
        for place in places.dropFirst().reversed() { entries[place] = entries[place - 1] }
        entries[places.lowerBound] = entry
    }

    private mutating func grow() {
        let old = entries
        entries = Array(repeating: Entry(), count: max(1024, old.count * 4))
        for entry in old where entry.hash != StreamHash(low: 0, high: 0) { push(entry) }
    }

    /// How many places a stream has; a power of two.
    private static let setSize = 4
    /// How many streams are known here at most.
    private static let countMax = 1 << 19
}

/// The name of a stream in 128 bits, other ones in every process.
struct StreamHash: Hashable, Sendable {
    var low: UInt64
    var high: UInt64

    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// Hashes a name.
    init(_ name: RawSpan) {
        let hash = name.withUnsafeBytes {
            XXH3_128bits_withSeed($0.baseAddress, $0.count, HashSeed.value)
        }
        self.init(low: hash.low64, high: hash.high64)
    }
}
