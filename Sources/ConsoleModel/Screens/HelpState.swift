/// The explanation of keys and colours for one screen.
public struct HelpState: Sendable {
    /// The screen whose keys are explained.
    public internal(set) var subject = ScreenName.pulse
    /// The first line that is shown.
    public internal(set) var top = 0
}
