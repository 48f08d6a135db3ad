/// The colours of a base16 or base24 scheme.
///
/// Slots 00 to 07 go from the background to the brightest foreground, 08 to 0F are red, orange,
/// yellow, green, cyan, blue, magenta and brown, 10 and 11 are darker backgrounds, 12 to 17 bright
/// red, yellow, green, cyan, blue and magenta (github.com/tinted-theming/base24, styling.md).
public struct Palette: Hashable, Sendable {
    /// All 24 colours by slot.
    public let colors: [Color]

    /// The names of the slots: `base00` to `base17`.
    public static let slotNames: [String] = (0..<24).map { slot in
        "base" + (slot < 16 ? "0" : "") + String(slot, radix: 16, uppercase: true)
    }

    /// Makes a palette from 16 or 24 colours.
    ///
    /// The slots that base16 lacks are filled as base24 demands: from 00, 00, 08, 0A, 0B, 0C, 0D
    /// and 0E.
    ///
    /// - Precondition: There are 16 or 24 colours.
    public init(_ colors: [Color]) {
        precondition(colors.count == 16 || colors.count == 24, "A palette has 16 or 24 colours.")
        self.colors =
            colors.count == 24
            ? colors : colors + [0, 0, 8, 0xA, 0xB, 0xC, 0xD, 0xE].map { colors[$0] }
    }

    /// The colour of a slot.
    ///
    /// - Precondition: The slot is between 0 and 23.
    public subscript(slot: Int) -> Color { colors[slot] }

    /// The slot of a name in any letter case, with or without `base`.
    static func slot(named name: String) -> Int? {
        let wanted = name.lowercased()
        return slotNames.firstIndex {
            $0.lowercased() == wanted || $0.lowercased() == "base" + wanted
        }
    }
}
