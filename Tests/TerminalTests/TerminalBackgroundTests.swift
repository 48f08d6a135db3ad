import Terminal
import Testing

@Suite struct TerminalBackgroundTests {
    @Test(
        arguments: [
            ("0;15", TerminalBackground.light), ("0;default;15", .light), ("0;7", .light),
            ("15;0", .dark), ("15;default;0", .dark), ("7;8", .dark),
            ("0;default", nil), ("", nil), ("15;99", nil), (nil, nil),
        ] as [(String?, TerminalBackground?)]
    )
    func `the background is what the terminal says`(
        colors: String?,
        background: TerminalBackground?
    ) {
        let read = TerminalBackground { name in name == "COLORFGBG" ? colors : nil }
        #expect(read == background)
    }
}
