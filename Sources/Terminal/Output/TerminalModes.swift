/// The private modes of a terminal that a session turns on, and off again.
///
/// They are ours and not terminfo's, so that they can be undone from a signal handler and turned
/// on again after a stop; a terminal that does not know one ignores it.
struct TerminalModes {
    /// Whether mouse events are wanted.
    var mouse: Bool

    /// Alternate screen, saved title, hidden cursor, pasted text in brackets, focus events.
    private static let enter = "\u{1B}[?1049h\u{1B}[22;0;0t\u{1B}[?25l\u{1B}[?2004h\u{1B}[?1004h"
    private static let leave =
        "\u{1B}[?2026l\u{1B}[0m\u{1B}[?1004l\u{1B}[?2004l\u{1B}[?25h\u{1B}[23;0;0t\u{1B}[?1049l"
    private static let mouseOn = "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h"
    private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l"

    /// What takes the screen.
    var entering: [UInt8] { Array((Self.enter + (mouse ? Self.mouseOn : "")).utf8) }

    /// What gives the screen back, whatever was on.
    static var leaving: [UInt8] { Array((mouseOff + leave).utf8) }

    /// What makes the mouse as it is wanted.
    var mouseChange: [UInt8] { Array((mouse ? Self.mouseOn : Self.mouseOff).utf8) }

    /// What goes around a frame so that it appears at once: synchronized output.
    static let frameStart = Array("\u{1B}[?2026h".utf8)
    static let frameEnd = Array("\u{1B}[?2026l".utf8)
    static let showCursor = Array("\u{1B}[?25h".utf8)
    static let hideCursor = Array("\u{1B}[?25l".utf8)
}
