/// A name that is compared, ordered and hashed by its UTF-8 bytes.
///
/// Swift's strings compare canonically, so that "é" equals "e" with an accent after it; a store
/// keeps such names apart, and so does every dictionary keyed by one of these types.
public protocol ByteText: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name as text.
    var text: String { get }

    /// Makes a name without checking it; the store checks at append.
    init(_ text: String)
}

extension ByteText {
    /// The name as text.
    public var description: String { text }

    /// Whether both names hold the same bytes.
    public static func == (left: Self, right: Self) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    /// Whether the bytes of the left name come first.
    public static func < (left: Self, right: Self) -> Bool {
        left.text.precedesInBytes(right.text)
    }

    /// Feeds the bytes of the name to a hasher.
    public func hash(into hasher: inout Hasher) {
        text.hashBytes(into: &hasher)
    }
}
