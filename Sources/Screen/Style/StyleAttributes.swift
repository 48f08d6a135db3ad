/// How text is set, apart from its colours.
public struct StyleAttributes: OptionSet, Hashable, Sendable {
    /// One bit per attribute, in the order of declaration.
    public let rawValue: UInt8

    /// Makes a set from its bits; bits without a meaning are dropped.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 0b11111
    }

    /// Bolder than usual.
    public static let bold = StyleAttributes(rawValue: 1)
    /// Fainter than usual.
    public static let dim = StyleAttributes(rawValue: 2)
    /// Slanted.
    public static let italic = StyleAttributes(rawValue: 4)
    /// With a line below.
    public static let underline = StyleAttributes(rawValue: 8)
    /// With foreground and background exchanged.
    public static let reverse = StyleAttributes(rawValue: 16)

    /// Every attribute with its name in theme files and golden frames.
    public static let named: [(name: String, attribute: StyleAttributes)] = [
        ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline),
        ("reverse", .reverse),
    ]

    /// The names of the attributes in the set.
    public var names: [String] {
        StyleAttributes.named.filter { contains($0.attribute) }.map(\.name)
    }
}
