/// One line of text in which styles change.
///
/// ```swift
/// frame.draw(StyledText("● live", .init(.stateOK)) + " since 6 h", at: point)
/// ```
public struct StyledText: Hashable, Sendable, ExpressibleByStringLiteral {
    /// A piece of one style.
    public struct Run: Hashable, Sendable {
        /// The text, not yet sanitized.
        public var text: String
        /// How it looks.
        public var style: Style

        /// Makes a run.
        public init(_ text: String, _ style: Style = .text) {
            self.text = text
            self.style = style
        }
    }

    /// The pieces from left to right.
    public var runs: [Run]

    /// Makes a line of one piece.
    public init(_ text: String, _ style: Style = .text) {
        runs = [Run(text, style)]
    }

    /// Makes a line from pieces.
    public init(_ runs: [Run] = []) {
        self.runs = runs
    }

    /// Makes a line of ordinary text.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// The number of cells that the whole line takes.
    public var width: Int { runs.reduce(0) { $0 + TerminalText.width($1.text) } }

    /// Adds a piece at the end.
    public mutating func append(_ text: String, _ style: Style = .text) {
        runs.append(Run(text, style))
    }

    /// Joins two lines.
    public static func + (left: Self, right: Self) -> Self {
        StyledText(left.runs + right.runs)
    }

    /// Adds a line at the end.
    public static func += (left: inout Self, right: Self) {
        left.runs += right.runs
    }
}
