/// The name of a stream: the ordered events of one aggregate.
public struct StreamName: ByteText {
    /// The name as text.
    public let text: String

    /// Makes a name without checking it; the store checks at append.
    public init(_ text: String) {
        self.text = text
    }

    /// The text before the first `-`, or the whole name where there is none.
    public var category: Category {
        Category(String(text[..<(dash ?? text.endIndex)]))
    }

    /// The text after the first `-`, or nothing where there is none.
    public var identifier: String {
        dash.map { String(text[text.utf8.index(after: $0)...]) } ?? ""
    }

    /// Whether the name belongs to Recount itself: it starts with `$`.
    public var isSystem: Bool {
        text.utf8.first == UInt8(ascii: "$")
    }

    private var dash: String.Index? {
        text.utf8.firstIndex(of: UInt8(ascii: "-"))
    }
}
