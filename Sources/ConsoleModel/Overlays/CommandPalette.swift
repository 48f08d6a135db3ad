/// The list of everything that can be done by name.
public struct CommandPalette: Sendable {
    /// Something the palette can do.
    public enum Choice: Hashable, Sendable {
        /// Ask for a command, as a key would.
        case command(Command)
        /// Do what an entry of the action menu does.
        case action(Action)
        /// Go to a place named in words.
        case place(String)
        /// Show a screen about something.
        case screen(ScreenName, argument: String)
        /// Use a theme.
        case theme(String)
        /// Allow changes for a while.
        case arm(reason: String)
        /// Refuse changes from now on.
        case disarm
        /// Leave.
        case quit
        /// Put the beginning of a command with an argument on the line.
        case complete(String)
    }

    /// One line of the list.
    public struct Entry: Hashable, Sendable {
        /// What can be typed.
        public var title: String
        /// What it does.
        public var explanation: String
        /// The key that does the same; empty where none does.
        public var keyText: String
        /// What it does, for the console.
        public var choice: Choice
        /// Why it cannot be done now.
        public var refusal: String?
    }

    /// What was typed after the colon.
    public internal(set) var editor = LineEditor()
    /// The entries that fit, best first.
    public internal(set) var entries: [Entry] = []
    /// The selected entry.
    public internal(set) var index = 0

    let all: [Entry]

    init(all: [Entry]) {
        self.all = all
        entries = all
    }

    mutating func match() {
        index = 0
        entries = all.enumerated()
            .compactMap { offset, entry -> (score: Int, offset: Int, entry: Entry)? in
                guard let match = fuzzyMatch(editor.text, in: entry.title) else { return nil }
                return (match.score, offset, entry)
            }
            .sorted { ($1.score, $0.offset) < ($0.score, $1.offset) }
            .map(\.entry)
    }

    mutating func move(by rows: Int) {
        index = min(max(0, index + rows), max(0, entries.count - 1))
    }
}
