/// A number that is the same for the same text in every process and on every machine.
///
/// FNV-1a over the UTF-8 bytes, 64 bits. Tells versions of one definition apart; no defence
/// against somebody who looks for two texts with the same number.
public struct StableHash: Hashable, Sendable, CustomStringConvertible {
    /// The number.
    public let value: UInt64

    /// Hashes a text.
    public init(of text: String) {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 {
            value ^= UInt64(byte)
            value &*= 0x0000_0100_0000_01B3
        }
        self.value = value
    }

    /// The number as 16 hexadecimal digits.
    public var description: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
