/// The kind of a stream: what its name starts with, up to the first `-`.
public struct Category: ByteText {
    /// The category as text.
    public let text: String

    /// Makes a category without checking it.
    public init(_ text: String) {
        self.text = text
    }
}
