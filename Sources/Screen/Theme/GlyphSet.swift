/// Which characters the program's own drawing may use.
public enum GlyphSet: String, CaseIterable, Hashable, Sendable {
    /// Everything, eighth blocks included.
    case full
    /// What every console font has: the characters of code page 437 and WGL4.
    case basic
    /// Plain ASCII.
    case ascii
}

/// A sign that the program draws itself; views name it and never write the character.
///
/// All glyphs are one cell wide and none is an emoji, so terminals agree about them.
public enum Glyph: CaseIterable, Hashable, Sendable {
    /// Runs, holds, is fine.
    case ok
    /// A warning.
    case warning
    /// Does not advance.
    case stalled
    /// Critical.
    case critical
    /// Failed.
    case error
    /// Replays.
    case replaying
    /// Paused.
    case paused
    /// Unknown or too old.
    case unknown
    /// Exists, but does nothing now.
    case idle
    /// The row under the cursor.
    case selected
    /// A marked row.
    case marked
    /// Done.
    case check
    /// Rises.
    case up
    /// Falls.
    case down
    /// Stays as it is; leads on.
    case right
    /// Leads back.
    case left
    /// Separates parts of a path.
    case pathSeparator
    /// Separates parts of a line.
    case separator
    /// Text was cut here.
    case ellipsis
    /// A horizontal rule.
    case horizontal
    /// A vertical rule.
    case vertical
    /// The upper left corner of a frame.
    case cornerUpperLeft
    /// The upper right corner of a frame.
    case cornerUpperRight
    /// The lower left corner of a frame.
    case cornerLowerLeft
    /// The lower right corner of a frame.
    case cornerLowerRight
    /// Where a branch leaves a trunk that goes on.
    case branch
    /// Where the last branch leaves.
    case branchLast
    /// A full cell of a bar.
    case barFull
    /// An empty cell of a bar.
    case barEmpty
    /// The second line of a chart.
    case dashed
    /// A point on a line.
    case point
    /// The place of the scroll bar.
    case scrollThumb
    /// Something was added.
    case added
    /// Something was removed.
    case removed
    /// Something was changed.
    case changed
    /// Folded; can be opened.
    case folded
    /// Opened; can be folded.
    case unfolded

    /// The character in a set.
    public func scalar(in set: GlyphSet) -> Unicode.Scalar {
        switch set {
        case .full: graphic
        case .basic: basic
        case .ascii: ascii
        }
    }

    private var basic: Unicode.Scalar {
        switch self {
        case .paused: "║"
        case .dashed: "·"
        default: graphic
        }
    }

    private var graphic: Unicode.Scalar {
        switch self {
        case .ok, .point: "●"
        case .warning: "▲"
        case .stalled: "≡"
        case .critical: "■"
        case .error: "!"
        case .replaying: "»"
        case .paused: "‖"
        case .unknown: "?"
        case .idle: "○"
        case .selected, .folded: "►"
        case .marked: "•"
        case .check: "√"
        case .up: "↑"
        case .down: "↓"
        case .right: "→"
        case .left: "←"
        case .pathSeparator: "›"
        case .separator: "·"
        case .ellipsis: "…"
        case .horizontal: "─"
        case .vertical: "│"
        case .cornerUpperLeft: "┌"
        case .cornerUpperRight: "┐"
        case .cornerLowerLeft: "└"
        case .cornerLowerRight: "┘"
        case .branch: "├"
        case .branchLast: "└"
        case .barFull, .scrollThumb: "█"
        case .barEmpty: "░"
        case .dashed: "┄"
        case .added: "+"
        case .removed: "-"
        case .changed: "~"
        case .unfolded: "▼"
        }
    }

    private var ascii: Unicode.Scalar {
        switch self {
        case .ok, .point: "o"
        case .warning: "^"
        case .stalled, .horizontal, .dashed: "-"
        case .critical, .barFull, .scrollThumb: "#"
        case .error: "!"
        case .replaying, .right, .selected, .folded, .pathSeparator: ">"
        case .paused: "="
        case .unknown: "?"
        case .idle, .barEmpty: "."
        case .marked: "*"
        case .changed: "~"
        case .check: "x"
        case .up: "^"
        case .down, .unfolded: "v"
        case .left: "<"
        case .separator, .vertical: "|"
        case .ellipsis: "~"
        case .cornerUpperLeft, .cornerUpperRight, .cornerLowerLeft, .cornerLowerRight,
            .branch, .branchLast, .added:
            "+"
        case .removed: "-"
        }
    }

    /// The characters of a column that fills from below, from empty to full.
    public static func levels(in set: GlyphSet) -> [Unicode.Scalar] {
        switch set {
        case .full: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        case .basic: [" ", "░", "▒", "▓", "█"]
        case .ascii: [" ", ".", ":", "-", "=", "+", "*", "#"]
        }
    }

    /// The characters of a cell that fills from the left, from empty to full.
    public static func fillings(in set: GlyphSet) -> [Unicode.Scalar] {
        switch set {
        case .full: [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
        case .basic: [" ", "▌", "█"]
        case .ascii: [" ", "#"]
        }
    }
}

extension GlyphSet {
    /// The glyph as text.
    public func callAsFunction(_ glyph: Glyph) -> String {
        String(glyph.scalar(in: self))
    }
}
