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

    /// Each stream has one place, and pushes out whoever has it.
    private var entries: [Entry] = []
    private var insertCount = 0

    /// The last sequences of streams, in their order; nothing for those that are not known.
    ///
    /// One look does not wait for the one before, so that many take little more time than one.
    func last(of streams: [StreamHash]) -> [Sequence?] {
        guard !entries.isEmpty else { return Array(repeating: nil, count: streams.count) }
        return streams.map { stream in
            let entry = entries[place(stream)]
            return entry.hash == stream ? entry.last : nil
        }
    }

    /// Remembers the last sequence of a stream that has events.
    mutating func insert(_ stream: StreamHash, last: Sequence) {
        insertCount += 1
        if insertCount > entries.count / 2, entries.count < StreamTails.countMax { grow() }
        entries[place(stream)] = Entry(hash: stream, last: last)
    }

    /// Takes in the next event of a stream, where the stream is known here.
    mutating func update(_ stream: StreamHash, last: Sequence) {
        guard !entries.isEmpty else { return }
        let place = place(stream)
        if entries[place].hash == stream { entries[place].last = last }
    }

    private func place(_ stream: StreamHash) -> Int {
        Int(truncatingIfNeeded: stream.low) & (entries.count - 1)
    }

    private mutating func grow() {
        let old = entries
        entries = Array(repeating: Entry(), count: max(1024, old.count * 4))
        for entry in old where entry.hash != StreamHash(low: 0, high: 0) {
            entries[place(entry.hash)] = entry
        }
    }

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
