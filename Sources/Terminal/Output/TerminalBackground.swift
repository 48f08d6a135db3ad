/// Whether a terminal writes on a light or on a dark background.
public enum TerminalBackground: Hashable, Sendable {
    /// White, grey or another light colour.
    case light
    /// Black or another dark colour.
    case dark

    /// Reads what the terminal says of itself; nothing where it says nothing.
    ///
    /// Terminals that say it put `foreground;background` into `COLORFGBG`, as numbers of the
    /// sixteen colours.
    ///
    /// - Parameter environment: looks up a variable.
    public init?(environment: (String) -> String?) {
        guard let last = environment("COLORFGBG")?.split(separator: ";").last,
            let number = Int(last), (0...15).contains(number)
        else { return nil }
        self = number == 7 || number > 8 ? .light : .dark
    }
}
