/// Decodes UTF-8 strictly, as the Unicode Standard's table 3-7 has it.
enum UTF8Scalar {
    /// The scalar that starts at an index, and its length in bytes.
    ///
    /// Overlong forms, surrogates, values above U+10FFFF and cut sequences give no scalar and the
    /// length 1, so that every byte of them is reported.
    static func decode(_ bytes: Span<UInt8>, at index: Int) -> (scalar: UInt32?, length: Int) {
        let first = bytes[index]
        if first < 0x80 { return (UInt32(first), 1) }
        let length: Int
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return (nil, 1)
        }
        guard index + length <= bytes.count else { return (nil, 1) }
        var scalar = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = bytes[index + offset]
            guard byte & 0xC0 == 0x80 else { return (nil, 1) }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        let lowest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard scalar >= lowest, scalar <= 0x10FFFF, !(0xD800...0xDFFF).contains(scalar) else {
            return (nil, 1)
        }
        return (scalar, length)
    }
}
