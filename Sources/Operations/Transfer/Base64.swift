/// Bytes as text in the alphabet of RFC 4648 §4, with padding.
package enum Base64 {
    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
    private static let padding = UInt8(ascii: "=")
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    /// The text for some bytes.
    package static func encoded(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var buffer: UInt32 = 0
        var count = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            count += 1
            guard count == 3 else { continue }
            for shift in [18, 12, 6, 0] as [UInt32] {
                text.append(digits[Int(buffer >> shift & 63)])
            }
            buffer = 0
            count = 0
        }
        guard count > 0 else { return text }
        buffer <<= UInt32(8 * (3 - count))
        for index in 0..<4 {
            let shift = UInt32(18 - index * 6)
            text.append(index <= count ? digits[Int(buffer >> shift & 63)] : padding)
        }
        return text
    }

    /// The bytes of a text; nothing where ``encoded(_:)`` writes no such text.
    package static func decoded(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var paddingCount = 0
        var buffer: UInt32 = 0
        for index in 0..<text.count {
            let digit = text[index]
            var value = values[Int(digit)]
            if digit == padding, index >= text.count - 2 {
                paddingCount += 1
                value = 0
            } else if value == 0xFF || paddingCount > 0 {
                return nil
            }
            buffer = buffer << 6 | UInt32(value)
            guard index % 4 == 3 else { continue }
            bytes.append(UInt8(truncatingIfNeeded: buffer >> 16))
            if paddingCount < 2 { bytes.append(UInt8(truncatingIfNeeded: buffer >> 8)) }
            if paddingCount < 1 { bytes.append(UInt8(truncatingIfNeeded: buffer)) }
            let rest = paddingCount == 2 ? buffer & 0xFFFF : paddingCount == 1 ? buffer & 0xFF : 0
            guard rest == 0 else { return nil }
            buffer = 0
        }
        return bytes
    }
}
