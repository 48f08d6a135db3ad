/// The identity of an event: 16 bytes, written as a UUID.
///
/// A store holds every identity at most once, whatever the stream.
public struct EventID: Hashable, Sendable, CustomStringConvertible {
    /// The first eight bytes, big-endian.
    public let high: UInt64
    /// The last eight bytes, big-endian.
    public let low: UInt64

    /// Makes an identity from its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a time-ordered identity (UUID version 7, RFC 9562 §5.7).
    ///
    /// - Parameters:
    ///   - time: what the first 48 bits tell, in milliseconds.
    ///   - generator: where the other 74 bits come from.
    public init(time: Timestamp, using generator: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(max(0, time.microseconds / 1000))
        let random: UInt64 = generator.next()
        high = (milliseconds << 16) | 0x7000 | (random & 0x0FFF)
        low = (generator.next() >> 2) | 0x8000_0000_0000_0000
    }

    /// Reads the form `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, in either case.
    public init?(_ text: String) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var digits = 0
        for (index, byte) in text.utf8.enumerated() {
            if [8, 13, 18, 23].contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = hexadecimalValue(of: byte), digits < 32 else { return nil }
            if digits < 16 {
                high = (high << 4) | digit
            } else {
                low = (low << 4) | digit
            }
            digits += 1
        }
        guard digits == 32, text.utf8.count == 36 else { return nil }
        self.init(high: high, low: low)
    }

    /// The identity as a lower-case UUID.
    public var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var index = 0
            for digit in 0..<32 {
                if [8, 12, 16, 20].contains(digit) {
                    buffer[index] = UInt8(ascii: "-")
                    index += 1
                }
                let half = digit < 16 ? high : low
                let value = UInt8(truncatingIfNeeded: half >> UInt64(60 - (digit % 16) * 4)) & 0xF
                buffer[index] = value < 10 ? 0x30 + value : 0x57 + value
                index += 1
            }
            return index
        }
    }
}

/// The value of a hexadecimal digit, or nothing for any other byte.
private func hexadecimalValue(of byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
