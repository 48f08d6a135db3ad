import CCrypto
import EventStorage

/// What the salts of a record's events are made of: 16 random bytes.
struct RecordSalt: Hashable, Sendable {
    var low: UInt64
    var high: UInt64

    /// The bytes of a record's salt, and those of an event's.
    static let size = 16

    /// Makes a salt of 16 random bytes.
    init(_ bytes: [UInt8]) {
        precondition(bytes.count == RecordSalt.size, "A salt has 16 bytes.")
        (low, high) = bytes.withUnsafeBytes {
            (
                $0.loadUnaligned(as: UInt64.self),
                $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            )
        }
    }

    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// The salt of the event at a place of the record.
    ///
    /// It is derived by SHA-256, so that one event's salt tells nothing about another's.
    func eventSalt(place: Int) -> [UInt8] {
        var input: [UInt8] = []
        input.append(littleEndian: low)
        input.append(littleEndian: high)
        input.append(littleEndian: UInt32(place))
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        let status = EVP_Digest(input, input.count, &digest, nil, EVP_sha256(), nil)
        precondition(status == 1, "The library of cryptography knows SHA-256.")
        return Array(digest.prefix(RecordSalt.size))
    }
}
