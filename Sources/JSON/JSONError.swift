/// Why a text is not accepted as JSON, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the text.
    public enum Reason: UInt32, Hashable, Sendable {
        /// The text is empty or holds only whitespace.
        case empty = 1
        /// The text is longer than 4 GB.
        case tooLong = 2
        /// There is no memory left to parse the text.
        case outOfMemory = 3
        /// The bytes are not well-formed UTF-8.
        case invalidUTF8 = 4
        /// A string has no closing quote.
        case unclosedString = 5
        /// A string holds an unescaped control character.
        case controlCharacter = 6
        /// A backslash is not followed by a known escape.
        case invalidEscape = 7
        /// An escape names half of a surrogate pair.
        case loneSurrogate = 8
        /// A number does not have the form of RFC 8259 §6.
        case invalidNumber = 9
        /// A word is none of `true`, `false` and `null`.
        case invalidLiteral = 10
        /// Something else was expected at this place.
        case unexpectedByte = 11
        /// The text ends before the value does.
        case unexpectedEnd = 12
        /// Something other than whitespace follows the value.
        case trailingContent = 13
        /// Arrays and objects are nested more deeply than allowed.
        case tooDeep = 14
        /// An object has the same key twice.
        case duplicateKey = 15
        /// The text starts with a byte order mark.
        case byteOrderMark = 16
    }

    /// The 0-based place in the text, in bytes.
    public let byteOffset: Int
    /// What is wrong there.
    public let reason: Reason

    /// Makes an error from its parts.
    public init(byteOffset: Int, reason: Reason) {
        self.byteOffset = byteOffset
        self.reason = reason
    }

    /// The reason and the place.
    public var description: String {
        "\(reason) (at byte \(byteOffset))"
    }
}

extension JSONError.Reason: CustomStringConvertible {
    /// The reason as a clause.
    public var description: String {
        switch self {
        case .empty: "there is no JSON value"
        case .tooLong: "the text is longer than 4 GB"
        case .outOfMemory: "there is not enough memory to parse the text"
        case .invalidUTF8: "the text is not valid UTF-8"
        case .unclosedString: "a string is not closed"
        case .controlCharacter: "a string holds an unescaped control character"
        case .invalidEscape: "a string holds an unknown escape"
        case .loneSurrogate: "a string escapes half of a surrogate pair"
        case .invalidNumber: "a number is malformed"
        case .invalidLiteral: "a word is none of true, false and null"
        case .unexpectedByte: "something else was expected"
        case .unexpectedEnd: "the text ends too early"
        case .trailingContent: "something follows the value"
        case .tooDeep: "arrays and objects are nested too deeply"
        case .duplicateKey: "an object has a key twice"
        case .byteOrderMark: "the text starts with a byte order mark, which JSON does not allow"
        }
    }
}
