/// The name of a stream: the ordered events of one aggregate.
///
/// Two names are equal when their UTF-8 bytes are: Swift's canonical string equality would
/// merge streams that a store keeps apart. Order is by bytes too.
public struct StreamName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name as text.
    public let text: String

    /// Makes a name without checking it; the store checks at append.
    public init(_ text: String) {
        self.text = text
    }

    /// The text before the first `-`, or the whole name where there is none.
    public var category: Category {
        Category(String(text[..<(text.utf8.firstIndex(of: UInt8(ascii: "-")) ?? text.endIndex)]))
    }

    /// The text after the first `-`, or nothing where there is none.
    public var identifier: String {
        guard let dash = text.utf8.firstIndex(of: UInt8(ascii: "-")) else { return "" }
        return String(text[text.utf8.index(after: dash)...])
    }

    /// Whether the name belongs to Recount itself: it starts with `$`.
    public var isSystem: Bool {
        text.utf8.first == UInt8(ascii: "$")
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

/// The kind of a stream: what its name starts with, up to the first `-`.
public struct Category: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The category as text.
    public let text: String

    /// Makes a category without checking it.
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
