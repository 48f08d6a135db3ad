import CSimdJSON

/// What RFC 8259 allows in a text and many readers silently make something else of.
package enum JSONPitfall: Hashable, Sendable {
    /// A number beyond the finite doubles.
    case infiniteNumber
    /// U+0000 in a string or key, where readers written in C end it.
    case nullCharacter
}

extension JSONPitfall: CustomStringConvertible {
    /// The pitfall as a clause.
    package var description: String {
        switch self {
        case .infiniteNumber: "a number is beyond the range of doubles"
        case .nullCharacter: "a string holds U+0000"
        }
    }
}

extension JSONView {
    /// The first pitfall in the value and everything inside it, and its place in the parsed text.
    ///
    /// - Complexity: O(n) for n values and keys, and for the bytes of those that have a fraction,
    ///   an exponent or an escape.
    package var firstPitfall: (pitfall: JSONPitfall, byteOffset: Int)? {
        for index in index..<Int(token.next) where tokens[index].isSuspicious {
            let part = JSONView(
                text: text,
                tokens: tokens,
                index: index,
                hasUniqueKeys: hasUniqueKeys
            )
            guard let pitfall = part.ownPitfall else { continue }
            return (pitfall, part.byteOffset)
        }
        return nil
    }

    private var ownPitfall: JSONPitfall? {
        switch kind {
        case .number: return double == nil ? .infiniteNumber : nil
        case .string: return isComplex && hasNullCharacter ? .nullCharacter : nil
        default: return nil
        }
    }

    /// Whether a string, which is known to be well formed, has the escape `\u0000`.
    private var hasNullCharacter: Bool {
        let bytes = rawBytes
        let end = bytes.count - 1
        var index = 1
        while index < end {
            guard bytes[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            let isNull =
                bytes[index + 1] == UInt8(ascii: "u")
                && (index + 2..<index + 6).allSatisfy { bytes[$0] == UInt8(ascii: "0") }
            if isNull { return true }
            index += 2
        }
        return false
    }
}

extension recount_json_token {
    /// Integers with as many digits are doubles.
    private static var digitsMax: UInt32 { 308 }

    /// Whether it takes a look at the text to know that there is no pitfall.
    fileprivate var isSuspicious: Bool {
        flags & UInt8(RECOUNT_JSON_FLAG_COMPLEX) != 0 || length > recount_json_token.digitsMax
    }
}
