/// How a cell looks, without a colour: its meaning, what it lies on, and how it is set.
///
/// A style is two bytes, so that cells are compared without looking anything up and equal styles
/// are equal in every frame.
public struct Style: Hashable, Sendable {
    /// What lies below the text, where it is not what the role itself brings.
    public enum Backdrop: UInt8, CaseIterable, Hashable, Sendable {
        /// Nothing: the role's own background, or the surface.
        case none
        /// A bar or a dialog.
        case raised
        /// The row under the cursor.
        case selection
        /// Text that the search found.
        case searchHit

        /// The role whose background this is.
        public var role: StyleRole? {
            switch self {
            case .none: nil
            case .raised: .raised
            case .selection: .selection
            case .searchHit: .searchHit
            }
        }
    }

    /// Role in the low 6 bits, then 2 for the backdrop, then 5 for the attributes.
    let bits: UInt16

    /// One more than the largest value of ``index``.
    public static let indexLimit = 1 << 13

    /// A small number that is the same for equal styles, for tables of things per style.
    public var index: Int { Int(bits) }

    init(bits: UInt16) {
        self.bits = bits
    }

    /// Makes a style.
    public init(
        _ role: StyleRole,
        _ attributes: StyleAttributes = [],
        on backdrop: Backdrop = .none
    ) {
        bits =
            UInt16(role.rawValue) | UInt16(backdrop.rawValue) << 6
            | UInt16(attributes.rawValue) << 8
    }

    /// What the text means.
    public var role: StyleRole { StyleRole(rawValue: UInt8(bits & 0b11_1111)) ?? .text }
    /// What lies below it.
    public var backdrop: Backdrop { Backdrop(rawValue: UInt8(bits >> 6 & 0b11)) ?? .none }
    /// How it is set, besides what the theme does for the role.
    public var attributes: StyleAttributes { StyleAttributes(rawValue: UInt8(bits >> 8)) }

    /// The same style on another backdrop.
    public func on(_ backdrop: Backdrop) -> Style {
        Style(bits: bits & ~0b1100_0000 | UInt16(backdrop.rawValue) << 6)
    }

    /// The same style with more attributes.
    public func with(_ attributes: StyleAttributes) -> Style {
        Style(bits: bits | UInt16(attributes.rawValue) << 8)
    }

    /// Ordinary text.
    public static let text = Style(.text)
    /// Text that should be seen first.
    public static let strong = Style(.textStrong)
    /// Text that may be overlooked.
    public static let muted = Style(.textMuted)
    /// Rules and frames.
    public static let border = Style(.border)
    /// Column titles.
    public static let header = Style(.header)
}
