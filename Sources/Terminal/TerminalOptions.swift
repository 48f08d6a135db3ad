import Glibc
public import Screen

/// How a session uses its terminal.
public struct TerminalOptions: Sendable {
    /// Where keys come from.
    public var input: Int32 = STDIN_FILENO
    /// Where frames go.
    public var output: Int32 = STDOUT_FILENO
    /// How many colours to use; nothing looks at the environment.
    public var depth: ColorDepth?
    /// Whether frames are framed so that they appear at once (mode 2026).
    public var synchronizesOutput = true
    /// Whether mouse events come from the start; they take away the terminal's own selecting.
    public var mouse = false
    /// Whether standard error is kept while the screen is taken, and shown afterwards.
    ///
    /// It only is where standard error is a terminal.
    public var capturesStandardError = true
    /// Looks up a variable of the environment.
    public var environment: @Sendable (String) -> String? = { name in
        getenv(name).map { String(cString: $0) }
    }

    /// Makes the options of an ordinary program.
    public init() {}
}

/// What it took to show a frame.
public struct Presentation: Hashable, Sendable {
    /// The bytes sent; 0 if the terminal showed the frame already.
    public var byteCount = 0
    /// How long sending them took; above 50 ms the line is slow and frames should be fewer.
    public var writeTime = Duration.zero
}
