import EventModel
import EventStorage

/// What all events up to the end of a record add up to, whatever their order.
///
/// The differences between two marks are what an index file between them has to add up to.
struct LogMark: Hashable, Sendable {
    /// The header checksum of the record.
    var checksum: UInt64 = 0
    /// The position of its last event.
    var lastPosition = Position.start
    /// The identities and their positions.
    var identities: UInt64 = 0
    /// The streams with sequences and addresses.
    var streams: UInt64 = 0
    /// How often events could not be read before.
    var gapCount = 0

    /// Adds an identity's hash and position.
    mutating func add(identity hash: UInt32, position: UInt64) {
        identities &+= LogMark.mixed(UInt64(hash) &* 0x9E37_79B9_7F4A_7C15 ^ position)
    }

    /// Adds an event of the stream with a hash.
    mutating func add(stream hash: UInt64, sequence: UInt64, address: UInt64) {
        streams &+= LogMark.mixed(hash ^ LogMark.mixed(sequence ^ LogMark.mixed(address)))
    }

    /// Spreads every bit over all bits (the finaliser of SplitMix64).
    private static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}
