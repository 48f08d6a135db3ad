extension Frame {
    /// The frame as text with escape sequences for styles, one line per row.
    ///
    /// Every row ends in a plain state, so the text can be cut between rows. Spaces at the end of
    /// a row are dropped where they look like nothing.
    public func ansiText(theme: Theme, depth: ColorDepth) -> String {
        var result = ""
        for index in 0..<size.height {
            let cells = row(index)
            var current = Appearance()
            var pendingSpaces = ""
            for cell in cells where cell.width > 0 {
                let look = theme.appearance(of: cell.style, depth: depth)
                let isInvisible =
                    cell.scalar == 0x20 && look.background == .standard
                    && look.attributes.isDisjoint(with: [.reverse, .underline])
                if isInvisible {
                    if current.background != .standard || !current.attributes.isEmpty {
                        result += ANSI.reset
                        current = Appearance()
                    }
                    pendingSpaces += " "
                    continue
                }
                result += pendingSpaces
                pendingSpaces = ""
                if look != current { result += ANSI.select(look) }
                current = look
                for scalar in scalars(of: cell) { result.unicodeScalars.append(scalar) }
            }
            if current != Appearance() { result += ANSI.reset }
            result += "\n"
        }
        return result
    }
}

/// The escape sequences of ECMA-48 that choose how text looks.
public enum ANSI {
    /// Back to plain text.
    public static let reset = "\u{1B}[0m"

    /// From any state to an appearance.
    public static func select(_ look: Appearance) -> String {
        var codes = ["0"]
        let numbers: [(StyleAttributes, String)] = [
            (.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"),
        ]
        codes += numbers.filter { look.attributes.contains($0.0) }.map(\.1)
        codes += color(look.foreground, plain: 30, bright: 90, extended: 38)
        codes += color(look.background, plain: 40, bright: 100, extended: 48)
        return "\u{1B}[" + codes.joined(separator: ";") + "m"
    }

    private static func color(
        _ color: TerminalColor,
        plain: Int,
        bright: Int,
        extended: Int
    ) -> [String] {
        switch color {
        case .standard: []
        case .basic(let basic):
            [
                "\(basic.rawValue < 8 ? plain + Int(basic.rawValue) : bright + Int(basic.rawValue) - 8)"
            ]
        case .indexed(let index): ["\(extended)", "5", "\(index)"]
        case .direct(let rgb): ["\(extended)", "2", "\(rgb.red)", "\(rgb.green)", "\(rgb.blue)"]
        }
    }
}
