/// What roles look like: a palette, an appearance per role and number of colours, a glyph set.
///
/// Colours come in only here, when a frame is shown; views never see them.
public struct Theme: Hashable, Sendable {
    /// Whether a scheme is made for dark or for light surroundings.
    public enum Variant: String, CaseIterable, Hashable, Sendable {
        /// Light text on a dark background.
        case dark
        /// Dark text on a light background.
        case light
    }

    /// The name for people.
    public let name: String
    /// The name for command lines and files.
    public let slug: String
    /// Who made the scheme.
    public let author: String
    /// Whether it is dark or light.
    public let variant: Variant
    /// The scheme's colours.
    public let palette: Palette
    /// Which characters the program's own drawing uses.
    public var glyphs: GlyphSet
    /// Whether the background of the surface is painted; otherwise the terminal's own shows.
    public var paintsBackground: Bool

    let colors: [RoleColors]
    let basic: [Appearance]

    /// Makes a theme of a palette with the default look of every role.
    public init(
        name: String,
        slug: String,
        author: String = "",
        variant: Variant,
        palette: Palette,
        glyphs: GlyphSet = .full,
        paintsBackground: Bool = false
    ) {
        self.init(
            name: name,
            slug: slug,
            author: author,
            variant: variant,
            palette: palette,
            glyphs: glyphs,
            paintsBackground: paintsBackground,
            colors: StyleRole.allCases.map { RoleColors.standard(for: $0, in: palette) },
            basic: StyleRole.allCases.map(Appearance.basic)
        )
    }

    init(
        name: String,
        slug: String,
        author: String,
        variant: Variant,
        palette: Palette,
        glyphs: GlyphSet,
        paintsBackground: Bool,
        colors: [RoleColors],
        basic: [Appearance]
    ) {
        self.name = name
        self.slug = slug
        self.author = author
        self.variant = variant
        self.palette = palette
        self.glyphs = glyphs
        self.paintsBackground = paintsBackground
        self.colors = colors
        self.basic = basic
    }

    /// The colours of a role: its text, and what it brings as a background, if anything.
    public func colors(of role: StyleRole) -> (foreground: Color, background: Color?) {
        let found = colors[Int(role.rawValue)]
        return (found.foreground ?? foreground, found.background)
    }

    /// The background of the surface, painted or not.
    public var background: Color {
        colors[Int(StyleRole.surface.rawValue)].background ?? palette[0]
    }

    /// The colour of ordinary text.
    public var foreground: Color { colors[Int(StyleRole.text.rawValue)].foreground ?? palette[5] }

    /// How a style looks on a terminal with that many colours.
    public func appearance(of style: Style, depth: ColorDepth) -> Appearance {
        switch depth {
        case .none: layered(style) { Appearance.monochrome($0) }
        case .basic: layered(style) { basic[Int($0.rawValue)] }
        case .indexed, .direct: colored(style, depth: depth)
        }
    }

    /// Role over backdrop, where reverse video stands for a background.
    private func layered(_ style: Style, _ look: (StyleRole) -> Appearance) -> Appearance {
        var result = look(style.role)
        result.attributes.formUnion(style.attributes)
        guard let backdrop = style.backdrop.role.map(look) else { return result }
        result.attributes.formUnion(backdrop.attributes)
        if backdrop.attributes.contains(.reverse) {
            result.foreground = .standard
            result.background = .standard
            result.attributes.remove(.dim)
        } else if result.background == .standard {
            result.background = backdrop.background
        }
        return result
    }

    private func colored(_ style: Style, depth: ColorDepth) -> Appearance {
        let role = colors[Int(style.role.rawValue)]
        var attributes = role.attributes.union(style.attributes)
        var foreground = role.foreground ?? self.foreground
        var below = style.role == .surface && !paintsBackground ? nil : role.background
        if let backdrop = style.backdrop.role {
            let look = colors[Int(backdrop.rawValue)]
            attributes.formUnion(look.attributes)
            if role.background == nil || style.role.isBackground {
                below = look.background
                foreground = look.foreground ?? foreground
            }
            if let below { foreground = readable(foreground, on: below) }
        }
        if below == nil, paintsBackground { below = background }
        return Appearance(
            terminalColor(foreground, depth),
            on: below.map { terminalColor($0, depth) } ?? .standard,
            attributes
        )
    }

    /// The colour, moved towards the strongest text until it can be read on a backdrop.
    private func readable(_ color: Color, on background: Color) -> Color {
        let strong = colors[Int(StyleRole.textStrong.rawValue)].foreground ?? foreground
        for step in 0...10 {
            let candidate = color.mixed(with: strong, part: Double(step) / 10)
            if candidate.contrast(with: background) >= ThemeLint.textContrast { return candidate }
        }
        return color
    }

    private func terminalColor(_ color: Color, _ depth: ColorDepth) -> TerminalColor {
        depth == .direct ? .direct(color) : .indexed(color.nearestIndex)
    }
}

extension StyleRole {
    /// Whether the role is mostly a background, so that a backdrop takes its place.
    var isBackground: Bool {
        switch self {
        case .surface, .raised, .selection, .header: true
        default: false
        }
    }
}
