/// The content of a well-formed string's text, quotes removed and escapes decoded.
func decodedString(_ raw: Span<UInt8>, isComplex: Bool) -> String {
    let inside = raw.extracting(1..<raw.count - 1)
    if !isComplex {
        return inside.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
    return String(unsafeUninitializedCapacity: inside.count) { buffer in
        decodeEscapes(inside, into: buffer)
    }
}

/// Decodes into a buffer, which needs no more room than the escaped text has.
private func decodeEscapes(_ inside: Span<UInt8>, into buffer: UnsafeMutableBufferPointer<UInt8>)
    -> Int
{
    var count = 0
    func put(_ byte: UInt8) {
        buffer[count] = byte
        count += 1
    }
    var index = 0
    while index < inside.count {
        let byte = inside[index]
        index += 1
        guard byte == UInt8(ascii: "\\") else {
            put(byte)
            continue
        }
        let escaped = inside[index]
        index += 1
        switch escaped {
        case UInt8(ascii: "b"): put(0x08)
        case UInt8(ascii: "f"): put(0x0C)
        case UInt8(ascii: "n"): put(0x0A)
        case UInt8(ascii: "r"): put(0x0D)
        case UInt8(ascii: "t"): put(0x09)
        case UInt8(ascii: "u"):
            var scalar = codeUnit(inside, at: index)
            index += 4
            if (0xD800..<0xDC00).contains(scalar) {
                scalar =
                    0x10000 + (scalar - 0xD800) << 10 + codeUnit(inside, at: index + 2) - 0xDC00
                index += 6
            }
            // The parser has refused lone surrogates.
            UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}")?.forEach(put)
        default: put(escaped)
        }
    }
    return count
}

/// The value of the four hexadecimal digits at `index`.
private func codeUnit(_ text: Span<UInt8>, at index: Int) -> UInt32 {
    var value: UInt32 = 0
    for offset in 0..<4 {
        let byte = text[index + offset]
        value = value << 4 | UInt32(byte < 0x3A ? byte & 0x0F : (byte & 0x0F) + 9)
    }
    return value
}
