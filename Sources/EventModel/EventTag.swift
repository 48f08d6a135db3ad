/// A key and a value that an event carries so that it can be found by them.
public struct EventTag: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// What the value names, such as `customer`.
    public let key: String
    /// The value, such as `17850`.
    public let value: String

    /// Makes a tag from key and value.
    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    /// Reads the form `key:value`; the key ends at the first colon.
    public init?(_ text: String) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), colon != text.startIndex
        else { return nil }
        key = String(text[..<colon])
        value = String(text[text.utf8.index(after: colon)...])
    }

    /// The tag as `key:value`.
    public var description: String { "\(key):\(value)" }

    /// Whether both tags hold the same bytes.
    public static func == (left: Self, right: Self) -> Bool {
        left.key.hasSameBytes(as: right.key) && left.value.hasSameBytes(as: right.value)
    }

    /// Whether the left tag comes first, by the bytes of key, then value.
    public static func < (left: Self, right: Self) -> Bool {
        left.key.hasSameBytes(as: right.key)
            ? left.value.precedesInBytes(right.value) : left.key.precedesInBytes(right.key)
    }

    /// Feeds the bytes of key and value to a hasher.
    public func hash(into hasher: inout Hasher) {
        key.hashBytes(into: &hasher)
        value.hashBytes(into: &hasher)
    }
}
