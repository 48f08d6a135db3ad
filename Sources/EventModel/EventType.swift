/// The name of a kind of event, such as `SubscriptionActivated`.
public struct EventType: ByteText {
    /// The name as text.
    public let text: String

    /// Makes a type without checking it; the store checks at append.
    public init(_ text: String) {
        self.text = text
    }
}

extension EventType: ExpressibleByStringLiteral {
    /// Makes a type from its name in the code.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
