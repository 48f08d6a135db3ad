/// Which keys ask for a command, where, and how that is explained.
public struct KeyBinding: Hashable, Sendable {
    /// Under which heading the help lists a key.
    public enum Section: String, Hashable, Sendable, CaseIterable {
        /// What the screen at hand adds.
        case screen = "This screen"
        /// Moving in a list.
        case movement = "Moving"
        /// What is the same everywhere.
        case everywhere = "Everywhere"
        /// The screens by digit.
        case screens = "Screens"
    }

    /// The keys, the one to show first.
    public var keys: [Key]
    /// What they ask for.
    public var command: Command
    /// One or two words for the footer; empty where it never shows there.
    public var hint: String
    /// One line for the help.
    public var explanation: String
    /// The screens it works on; nothing means all.
    public var screens: Set<ScreenName>?
    /// How early it comes in the footer, 1 being first.
    public var priority: Int
    /// Where the help lists it.
    public var section: Section

    init(
        _ keys: [Key],
        _ command: Command,
        hint: String = "",
        priority: Int = 99,
        on screens: Set<ScreenName>? = nil,
        in section: Section,
        _ explanation: String
    ) {
        self.keys = keys
        self.command = command
        self.hint = hint
        self.priority = priority
        self.screens = screens
        self.section = section
        self.explanation = explanation
    }

    /// Whether it works on a screen.
    public func applies(to screen: ScreenName) -> Bool {
        screens?.contains(screen) ?? true
    }

    /// The keys as the help shows them.
    public var keysText: String {
        keys.map(\.description).joined(separator: " ")
    }
}
