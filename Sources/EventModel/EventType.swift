/// The name of a kind of event, such as `SubscriptionActivated`.
///
/// Equality and order are by UTF-8 bytes, as for ``StreamName``.
public struct EventType: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name as text.
    public let text: String

    /// Makes a type without checking it; the store checks at append.
    public init(_ text: String) {
        self.text = text
    }

    public var description: String { text }

    public static func == (left: Self, right: Self) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.text.precedesInBytes(right.text)
    }

    public func hash(into hasher: inout Hasher) {
        text.hashBytes(into: &hasher)
    }
}
