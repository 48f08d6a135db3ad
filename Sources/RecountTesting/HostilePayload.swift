/// A payload by which somebody means harm, and what readers of JSON are to say of it.
package struct HostilePayload: Sendable, CustomStringConvertible {
    /// What it is, in words.
    package let description: String
    /// The payload.
    package let bytes: [UInt8]
    /// What is wrong with it and at which byte.
    package let reason: String
    /// Whether every parser refuses it; else only those that cannot hold the value.
    package let isRefusedByParsers: Bool

    private init(
        _ description: String,
        _ bytes: [UInt8],
        _ reason: String,
        isRefusedByParsers: Bool = true
    ) {
        self.description = description
        self.bytes = bytes
        self.reason = reason
        self.isRefusedByParsers = isRefusedByParsers
    }

    /// The kinds, each about a member `text`; small enough for every store.
    package static let all = [
        HostilePayload(
            "deep arrays",
            Array(#"{"text":"#.utf8) + [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000),
            "arrays and objects are nested too deeply (at byte 519)"
        ),
        HostilePayload(
            "deep objects",
            Array(String(repeating: #"{"text":"#, count: 100_000).utf8),
            "arrays and objects are nested too deeply (at byte 4096)"
        ),
        HostilePayload(
            "a key twice",
            #"{"text":"a","text":"b"}"#,
            "an object has a key twice (at byte 12)"
        ),
        HostilePayload(
            "a key twice, once escaped",
            #"{"text":"a","\u0074ext":"b"}"#,
            "an object has a key twice (at byte 12)"
        ),
        HostilePayload(
            "half of a surrogate pair",
            #"{"text":"\ud800"}"#,
            "a string escapes half of a surrogate pair (at byte 9)"
        ),
        HostilePayload(
            "invalid UTF-8",
            Array(#"{"text":""#.utf8) + [0xED, 0xA0, 0x80] + Array(#""}"#.utf8),
            "the text is not valid UTF-8 (at byte 9)"
        ),
        HostilePayload(
            "a string without an end",
            Array(#"{"text":""#.utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000),
            "a string is not closed (at byte 8)"
        ),
        HostilePayload("no JSON", "no json", "a word is none of true, false and null (at byte 0)"),
        HostilePayload(
            "a number too large",
            #"{"text":1e400}"#,
            "a number is beyond the range of doubles (at byte 8)",
            isRefusedByParsers: false
        ),
        HostilePayload(
            "a number with too many digits",
            Array(#"{"text":"#.utf8) + [UInt8](repeating: UInt8(ascii: "9"), count: 100_000)
                + [UInt8(ascii: "}")],
            "a number is beyond the range of doubles (at byte 8)",
            isRefusedByParsers: false
        ),
        HostilePayload(
            "a null character",
            #"{"text":"a\\\u0000b"}"#,
            "a string holds U+0000 (at byte 8)",
            isRefusedByParsers: false
        ),
    ]

    private init(
        _ description: String,
        _ text: String,
        _ reason: String,
        isRefusedByParsers: Bool = true
    ) {
        self.init(
            description,
            Array(text.utf8),
            reason,
            isRefusedByParsers: isRefusedByParsers
        )
    }
}
