/// One of the sixteen colours that every colour terminal names itself.
public enum BasicColor: UInt8, CaseIterable, Hashable, Sendable {
    /// Colour 0.
    case black
    /// Colour 1.
    case red
    /// Colour 2.
    case green
    /// Colour 3.
    case yellow
    /// Colour 4.
    case blue
    /// Colour 5.
    case magenta
    /// Colour 6.
    case cyan
    /// Colour 7.
    case white
    /// Colour 8, a dark grey.
    case brightBlack
    /// Colour 9.
    case brightRed
    /// Colour 10.
    case brightGreen
    /// Colour 11.
    case brightYellow
    /// Colour 12.
    case brightBlue
    /// Colour 13.
    case brightMagenta
    /// Colour 14.
    case brightCyan
    /// Colour 15.
    case brightWhite

    /// The name in theme files: `red`, `bright-red`.
    public var name: String {
        let plain = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
        return (rawValue < 8 ? "" : "bright-") + plain[Int(rawValue % 8)]
    }
}

/// A colour as a terminal is told it.
public enum TerminalColor: Hashable, Sendable {
    /// Whatever the terminal uses by itself.
    case standard
    /// One of the sixteen.
    case basic(BasicColor)
    /// One of 256 by number.
    case indexed(UInt8)
    /// Any colour.
    case direct(Color)
}

/// How many colours a terminal can show.
public enum ColorDepth: String, CaseIterable, Hashable, Sendable {
    /// None: bold, underline and reverse only.
    case none
    /// The sixteen basic ones.
    case basic = "16"
    /// 256 fixed ones.
    case indexed = "256"
    /// All of them.
    case direct = "truecolor"
}

/// How a style looks in a theme on a terminal with a certain number of colours.
public struct Appearance: Hashable, Sendable {
    /// The colour of the text.
    public var foreground: TerminalColor
    /// The colour below it.
    public var background: TerminalColor
    /// How the text is set.
    public var attributes: StyleAttributes

    /// Makes an appearance; without arguments, that of plain text.
    public init(
        _ foreground: TerminalColor = .standard,
        on background: TerminalColor = .standard,
        _ attributes: StyleAttributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}
