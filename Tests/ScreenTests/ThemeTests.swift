import Testing

@testable import Screen

@Suite struct ThemeTests {
    static func scheme(_ extra: [ThemeNode.Entry] = []) -> ThemeNode {
        let colors = Theme.nightWatch.palette.colors.enumerated().map { slot, color in
            ThemeNode.Entry(
                Palette.slotNames[slot],
                ThemeNode(.scalar(String(color.description.dropFirst())))
            )
        }
        return ThemeNode(
            .mapping(
                [
                    .init("name", ThemeNode(.scalar("Test"))),
                    .init("palette", ThemeNode(.mapping(colors))),
                ] + extra
            )
        )
    }

    @Test func `the default theme is readable and safe for every colour vision`() {
        #expect(ThemeLint.findings(in: .nightWatch).map(\.description) == [])
    }

    @Test func `the lint finds what is hard to read`() {
        var colors = Theme.nightWatch.palette.colors
        colors[0xB] = colors[0xA]
        colors[5] = colors[1]
        let theme = Theme(name: "Bad", slug: "bad", variant: .dark, palette: Palette(colors))
        let findings = ThemeLint.findings(in: theme)
        #expect(findings.contains { $0.roles == [.text] && $0.wanted == 4.5 })
        #expect(findings.filter { $0.roles == [.lagOK, .lagWarning] }.count == 4)
    }

    @Test func `contrast is that of WCAG`() {
        #expect(Color(0).contrast(with: Color(0xFFFFFF)) == 21)
        #expect(abs(Color(0x777777).contrast(with: Color(0xFFFFFF)) - 4.478) < 0.001)
    }

    @Test(arguments: [
        (
            LabColor(lightness: 50, a: 2.6772, b: -79.7751),
            LabColor(lightness: 50, a: 0, b: -82.7485), 2.0425
        ),
        (
            LabColor(lightness: 50, a: -1.3802, b: -84.2814),
            LabColor(lightness: 50, a: 0, b: -82.7485), 1.0
        ),
        (LabColor(lightness: 50, a: 2.5, b: 0), LabColor(lightness: 73, a: 25, b: -18), 27.1492),
        (LabColor(lightness: 50, a: 2.5, b: 0), LabColor(lightness: 58, a: 24, b: 15), 19.4535),
        (
            LabColor(lightness: 60.2574, a: -34.0099, b: 36.2677),
            LabColor(lightness: 60.4626, a: -34.1751, b: 39.4387), 1.2644
        ),
        (
            LabColor(lightness: 2.0776, a: 0.0795, b: -1.135),
            LabColor(lightness: 0.9033, a: -0.0636, b: -0.5514), 0.9082
        ),
    ])
    func `colour differences are those of the published test data`(
        first: LabColor,
        second: LabColor,
        expected: Double
    ) {
        #expect(abs(first.difference(to: second) - expected) < 0.0001)
        #expect(abs(second.difference(to: first) - expected) < 0.0001)
    }

    @Test func `a scheme gets our defaults and its own changes`() throws {
        let theme = try Theme(
            ThemeTests.scheme([
                .init(
                    "roles",
                    ThemeNode(
                        .mapping([
                            .init(
                                "lag.critical",
                                ThemeNode(
                                    .mapping([
                                        .init("fg", ThemeNode(.scalar("base07"))),
                                        .init(
                                            "attr",
                                            ThemeNode(.sequence([ThemeNode(.scalar("underline"))]))
                                        ),
                                    ])
                                )
                            ),
                            .init("selection", ThemeNode(.scalar("#112233"))),
                            .init("link", ThemeNode(.scalar("0E"))),
                        ])
                    )
                ),
                .init(
                    "fallback16",
                    ThemeNode(
                        .mapping([
                            .init("text.muted", ThemeNode(.scalar("white")))
                        ])
                    )
                ),
                .init("glyphs", ThemeNode(.scalar("basic"))),
                .init("background", ThemeNode(.scalar("theme"))),
            ])
        )
        #expect(theme.slug == "test" && theme.variant == .dark && theme.glyphs == .basic)
        let critical = theme.appearance(of: Style(.lagCritical), depth: .direct)
        #expect(
            critical
                == Appearance(.direct(Color(0xFFFFFF)), on: .direct(Color(0xFF4545)), .underline)
        )
        let selected = theme.appearance(of: Style(.text, on: .selection), depth: .direct)
        #expect(selected.background == .direct(Color(0x112233)) && selected.attributes == .bold)
        #expect(
            theme.appearance(of: Style(.link), depth: .direct).foreground
                == .direct(Color(0xA06FD0))
        )
        #expect(theme.appearance(of: .muted, depth: .basic).foreground == .basic(.white))
        #expect(theme.appearance(of: .text, depth: .direct).background == .direct(Color(0x14181F)))
    }

    @Test(arguments: [
        (
            "roles", "lag.bad", "base08",
            "roles.lag.bad: There is no role “lag.bad” here; use one of text, text.strong"
        ),
        ("roles", "text", "base99", "roles.text: “base99” is no colour; use base00 to base17"),
        (
            "fallback16", "text", "pink",
            "fallback16.text: There is no colour “pink” here; use one of black, red"
        ),
    ])
    func `mistakes name the key and what is allowed`(
        block: String,
        key: String,
        value: String,
        message: String
    ) {
        let node = ThemeTests.scheme([
            .init(
                block,
                ThemeNode(
                    .mapping([
                        .init(key, ThemeNode(.scalar(value), line: 9, column: 4))
                    ])
                )
            )
        ])
        let error = #expect(throws: ThemeError.self) { try Theme(node) }
        #expect(
            error?.description.hasPrefix("9:4: " + message) == true,
            "\(String(describing: error))"
        )
    }

    @Test func `a scheme without a colour is refused`() {
        let error = #expect(throws: ThemeError.self) {
            try Theme(ThemeNode(.mapping([.init("base00", ThemeNode(.scalar("000000")))])))
        }
        #expect(error?.message == "The colour base01 is missing.")
        #expect(throws: ThemeError.self) { try Theme(ThemeNode(.scalar("x"))) }
    }

    @Test func `every style has an appearance at every depth`() {
        for role in StyleRole.allCases {
            for backdrop in Style.Backdrop.allCases {
                let style = Style(role, on: backdrop)
                let plain = Theme.nightWatch.appearance(of: style, depth: .none)
                #expect(plain.foreground == .standard && plain.background == .standard)
                for depth in ColorDepth.allCases {
                    _ = Theme.nightWatch.appearance(of: style, depth: depth)
                }
                guard backdrop == .selection else { continue }
                let look = Theme.nightWatch.appearance(of: style, depth: .direct)
                guard case .direct(let text) = look.foreground,
                    case .direct(let below) = look.background
                else {
                    Issue.record("no direct colours for \(style)")
                    continue
                }
                if role != .chartFill { #expect(text.contrast(with: below) >= 4.5, "\(role)") }
            }
        }
    }

    @Test(arguments: [
        (0x000000, 16), (0xFFFFFF, 231), (0xFF0000, 196), (0x808080, 244), (0x5F87AF, 67),
    ])
    func `colours have a nearest number`(value: Int, index: Int) {
        #expect(Color(UInt32(value)).nearestIndex == UInt8(index))
    }

    @Test(arguments: ["12345", "12345g", "+12345", "##12345", ""])
    func `malformed colours are refused`(text: String) {
        #expect(Color(hexadecimal: text) == nil)
    }
}
