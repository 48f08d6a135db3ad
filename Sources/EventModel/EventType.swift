/// The name of a kind of event, such as `SubscriptionActivated`.
public struct EventType: ByteText {
    /// The name as text.
    public let text: String

    /// Makes a type without checking it; the store checks at append.
    public init(_ text: String) {
        self.text = text
    }
}
