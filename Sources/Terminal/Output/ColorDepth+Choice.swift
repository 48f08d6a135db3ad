public import Screen

extension ColorDepth {
    /// Chooses how many colours to use on a terminal.
    ///
    /// What the person asked for (`wanted`) comes first; then `NO_COLOR` with any value; then
    /// `COLORTERM`, which GNU screen passes on without meaning it; then what the name in `TERM`
    /// says; then sixteen.
    public static func chosen(
        wanted: ColorDepth? = nil,
        environment: (String) -> String?
    ) -> ColorDepth {
        if let wanted { return wanted }
        if environment("NO_COLOR")?.isEmpty == false { return .none }
        let term = environment("TERM") ?? ""
        let isBareScreen = term.hasPrefix("screen") && (environment("TMUX") ?? "").isEmpty
        if ["truecolor", "24bit"].contains(environment("COLORTERM")), !isBareScreen {
            return .direct
        }
        if term.hasSuffix("-direct") { return .direct }
        return term.contains("256") ? .indexed : .basic
    }
}
