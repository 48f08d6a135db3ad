/// The colours of one role in a theme; what it lacks comes from what lies below.
struct RoleColors: Hashable, Sendable {
    var foreground: Color?
    var background: Color?
    var attributes: StyleAttributes = []

    init(_ foreground: Color?, on background: Color? = nil, _ attributes: StyleAttributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// What a role looks like where the theme says nothing.
    static func standard(for role: StyleRole, in palette: Palette) -> RoleColors {
        switch role {
        case .text: RoleColors(palette[5])
        case .textStrong: RoleColors(palette[6], .bold)
        case .textMuted, .statePaused, .stateUnknown, .stale: RoleColors(muted(in: palette))
        case .surface: RoleColors(nil, on: palette[0])
        case .raised: RoleColors(nil, on: palette[1])
        case .border: RoleColors(palette[3])
        case .selection: RoleColors(nil, on: palette[2], .bold)
        case .header: RoleColors(palette[6], on: palette[1], .bold)
        case .environmentProduction: RoleColors(palette[0], on: palette[8], .bold)
        case .environmentOther: RoleColors(palette[0], on: palette[0xD], .bold)
        case .stateOK, .lagOK, .differenceAdd: RoleColors(palette[0xB])
        case .lagWarning, .stateStalled, .differenceChange, .chartLine2: RoleColors(palette[0xA])
        case .lagCritical, .stateError, .deadLetter: RoleColors(palette[0], on: palette[8], .bold)
        case .stateReplaying: RoleColors(palette[0xE], .italic)
        case .differenceRemove: RoleColors(palette[8])
        case .chartLine1, .keyHint: RoleColors(palette[0xD])
        case .chartFill: RoleColors(palette[2])
        case .link: RoleColors(palette[0xD], .underline)
        case .searchHit: RoleColors(palette[0], on: palette[0xA])
        }
    }

    private init(_ foreground: Color, _ attributes: StyleAttributes) {
        self.init(foreground, on: nil, attributes)
    }

    /// Slot 04 where it can be read, else the first mix of 03 and 05 that can.
    private static func muted(in palette: Palette) -> Color {
        let mixes = (0...10).map { palette[3].mixed(with: palette[5], part: Double($0) / 10) }
        return ([palette[4]] + mixes)
            .first { $0.contrast(with: palette[0]) >= ThemeLint.textContrast } ?? palette[5]
    }
}

extension Appearance {
    /// What a role looks like with sixteen colours where the theme says nothing.
    ///
    /// Named, not computed: the nearest of sixteen colours makes grey text vanish.
    static func basic(for role: StyleRole) -> Appearance {
        switch role {
        case .text, .surface, .raised: Appearance()
        case .textStrong: Appearance(.basic(.brightWhite))
        case .header: Appearance(.standard, .bold)
        case .textMuted, .border, .statePaused, .stateUnknown, .stale, .chartFill:
            Appearance(.basic(.brightBlack))
        case .selection: Appearance(.standard, .reverse)
        case .environmentProduction:
            Appearance(.basic(.brightWhite), on: .basic(.red), .bold)
        case .environmentOther: Appearance(.basic(.brightWhite), on: .basic(.blue), .bold)
        case .stateOK, .lagOK, .differenceAdd: Appearance(.basic(.cyan))
        case .lagWarning, .stateStalled: Appearance(.basic(.brightYellow))
        case .lagCritical, .stateError, .deadLetter: Appearance(.basic(.red), .reverse)
        case .stateReplaying: Appearance(.basic(.magenta))
        case .differenceRemove: Appearance(.basic(.red))
        case .differenceChange, .chartLine2: Appearance(.basic(.yellow))
        case .chartLine1, .keyHint: Appearance(.basic(.blue))
        case .link: Appearance(.basic(.blue), .underline)
        case .searchHit: Appearance(.basic(.black), on: .basic(.yellow))
        }
    }

    /// What a role looks like without colours.
    static func monochrome(_ role: StyleRole) -> Appearance {
        switch role {
        case .text, .surface, .raised, .border, .stateOK, .lagOK, .chartLine1, .chartLine2,
            .chartFill:
            Appearance()
        case .textStrong, .header, .lagWarning, .stateStalled, .differenceAdd, .differenceRemove,
            .differenceChange, .keyHint:
            Appearance(.standard, .bold)
        case .textMuted, .statePaused, .stateUnknown, .stale: Appearance(.standard, .dim)
        case .selection, .searchHit: Appearance(.standard, .reverse)
        case .environmentProduction, .environmentOther, .lagCritical, .stateError, .deadLetter:
            Appearance(.standard, [.bold, .reverse])
        case .stateReplaying, .link: Appearance(.standard, .underline)
        }
    }

    private init(_ foreground: TerminalColor, _ attributes: StyleAttributes) {
        self.init(foreground, on: .standard, attributes)
    }
}
