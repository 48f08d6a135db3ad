/// Why a terminal cannot be used for a full screen.
public enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Input or output is a file or a pipe.
    case notATerminal
    /// `TERM` is `dumb`: the terminal cannot move its cursor.
    case dumbTerminal
    /// This process has an open session already.
    case alreadyOpen
    /// The operating system or ncurses refused a call; `code` is its error number, or 0.
    case failed(call: String, code: Int32)

    /// What is wrong and what to do, as a sentence.
    public var description: String {
        switch self {
        case .notATerminal:
            "Input and output are not both a terminal; use --plain, or a command with --json."
        case .dumbTerminal:
            "The terminal calls itself “dumb” and cannot show a full screen; use --plain."
        case .alreadyOpen: "The terminal is already in use by this process."
        case .failed(let call, let code):
            "The terminal cannot be opened: \(call) failed with error \(code); use --plain."
        }
    }
}
