extension Theme {
    /// Makes a theme of a base16 or base24 scheme with optional blocks of our own.
    ///
    /// `palette` (or, in older schemes, the top level) names the colours `base00` to `base0F`,
    /// perhaps to `base17`. `roles` gives a role a colour (a slot or six hexadecimal digits), or a
    /// mapping of `fg`, `bg` and `attr`; a lone colour takes the place of the background where the
    /// role is one, else of the text. `fallback16` does the same with the names of the sixteen
    /// basic colours. `glyphs` is `full`, `basic` or `ascii`, `background` is `default` or
    /// `theme`. Everything else of a scheme is left alone.
    ///
    /// - Throws: ``ThemeError`` for a missing or malformed colour, and for a name in our own
    ///   blocks that does not exist; its message lists the names that do.
    public init(_ node: ThemeNode) throws(ThemeError) {
        let root = try ThemeReader(node, path: "")
        let palette = try root.palette()
        let (newName, oldName) = (try root.text("name"), try root.text("scheme"))
        let name = newName ?? oldName ?? "unnamed"
        let variants = Dictionary(uniqueKeysWithValues: Variant.allCases.map { ($0.rawValue, $0) })
        let sets = Dictionary(uniqueKeysWithValues: GlyphSet.allCases.map { ($0.rawValue, $0) })
        let isDark = LinearColor(palette[0]).luminance < LinearColor(palette[5]).luminance
        let standard = Theme(name: name, slug: "", variant: .dark, palette: palette)
        self.init(
            name: name,
            slug: try root.text("slug") ?? Theme.slug(of: name),
            author: try root.text("author") ?? "",
            variant: try root.choice("variant", among: variants) ?? (isDark ? .dark : .light),
            palette: palette,
            glyphs: try root.choice("glyphs", among: sets) ?? .full,
            paintsBackground: try root.choice(
                "background",
                among: ["default": false, "theme": true]
            ) ?? false,
            colors: try root.colors(over: standard.colors, palette: palette),
            basic: try root.basic(over: standard.basic)
        )
    }

    /// The name in lower case with hyphens, as base16 makes slugs.
    private static func slug(of name: String) -> String {
        String(name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    }
}

/// Reads one mapping of a theme file.
private struct ThemeReader {
    let entries: [ThemeNode.Entry]
    let node: ThemeNode
    let path: String

    init(_ node: ThemeNode, path: String) throws(ThemeError) {
        guard case .mapping(let entries) = node.value else {
            throw ThemeReader.error(node, path, "Expected a mapping of keys to values.")
        }
        self.entries = entries
        self.node = node
        self.path = path
    }

    func text(_ key: String) throws(ThemeError) -> String? {
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        return try scalar(entry)
    }

    func choice<Choice>(
        _ key: String,
        among choices: [String: Choice]
    ) throws(ThemeError) -> Choice? {
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        let text = try scalar(entry)
        if let choice = choices[text] { return choice }
        throw unknown("value", text, at: entry, allowed: choices.keys.sorted())
    }

    func palette() throws(ThemeError) -> Palette {
        var reader = self
        if let entry = entries.first(where: { $0.key == "palette" }) {
            reader = try ThemeReader(entry.value, path: full(entry.key))
        }
        var colors: [Color] = []
        for (slot, name) in Palette.slotNames.enumerated() {
            guard let entry = reader.entries.first(where: { Palette.slot(named: $0.key) == slot })
            else {
                if slot >= 16 { break }
                throw ThemeReader.error(reader.node, reader.path, "The colour \(name) is missing.")
            }
            let text = try reader.scalar(entry)
            guard let color = Color(hexadecimal: text) else {
                throw reader.error(entry, "“\(text)” is no colour; write six hexadecimal digits.")
            }
            colors.append(color)
        }
        return Palette(Array(colors.prefix(colors.count == 24 ? 24 : 16)))
    }

    func colors(over standard: [RoleColors], palette: Palette) throws(ThemeError) -> [RoleColors] {
        let changes = try changes(in: "roles") { (reader, entry) throws(ThemeError) -> Color in
            let text = try reader.scalar(entry)
            if let slot = Palette.slot(named: text) { return palette[slot] }
            if let color = Color(hexadecimal: text) { return color }
            throw reader.error(
                entry,
                "“\(text)” is no colour; use base00 to base17 or six hexadecimal digits."
            )
        }
        var looks = standard
        for (role, change) in changes {
            let index = Int(role.rawValue)
            looks[index].foreground = change.foreground ?? looks[index].foreground
            looks[index].background = change.background ?? looks[index].background
            looks[index].attributes = change.attributes ?? looks[index].attributes
        }
        return looks
    }

    func basic(over standard: [Appearance]) throws(ThemeError) -> [Appearance] {
        let names = BasicColor.allCases.map(\.name) + ["default"]
        let changes = try changes(in: "fallback16") {
            (reader, entry) throws(ThemeError) -> TerminalColor in
            let text = try reader.scalar(entry)
            if text == "default" { return .standard }
            if let color = BasicColor.allCases.first(where: { $0.name == text }) {
                return .basic(color)
            }
            throw reader.unknown("colour", text, at: entry, allowed: names)
        }
        var looks = standard
        for (role, change) in changes {
            let index = Int(role.rawValue)
            looks[index].foreground = change.foreground ?? looks[index].foreground
            looks[index].background = change.background ?? looks[index].background
            looks[index].attributes = change.attributes ?? looks[index].attributes
        }
        return looks
    }

    /// What a theme file says about one role.
    private struct Change<Value> {
        var foreground: Value?
        var background: Value?
        var attributes: StyleAttributes?
    }

    /// Reads a block of roles.
    private func changes<Value>(
        in block: String,
        parse: (ThemeReader, ThemeNode.Entry) throws(ThemeError) -> Value
    ) throws(ThemeError) -> [(role: StyleRole, change: Change<Value>)] {
        guard let entry = entries.first(where: { $0.key == block }) else { return [] }
        let reader = try ThemeReader(entry.value, path: full(block))
        var changes: [(role: StyleRole, change: Change<Value>)] = []
        for entry in reader.entries {
            guard let role = StyleRole(name: entry.key) else {
                let names = StyleRole.allCases.map(\.name)
                throw reader.unknown("role", entry.key, at: entry, allowed: names)
            }
            changes.append((role, try reader.change(of: role, entry, parse)))
        }
        return changes
    }

    /// Reads what one role shall look like: a lone colour, or a mapping.
    private func change<Value>(
        of role: StyleRole,
        _ entry: ThemeNode.Entry,
        _ parse: (ThemeReader, ThemeNode.Entry) throws(ThemeError) -> Value
    ) throws(ThemeError) -> Change<Value> {
        var change = Change<Value>()
        if case .scalar = entry.value.value {
            let color = try parse(self, entry)
            if role.bringsBackground {
                change.background = color
            } else {
                change.foreground = color
            }
            return change
        }
        let reader = try ThemeReader(entry.value, path: full(entry.key))
        for part in reader.entries {
            switch part.key {
            case "fg": change.foreground = try parse(reader, part)
            case "bg": change.background = try parse(reader, part)
            case "attr": change.attributes = try reader.attributes(part)
            default:
                throw reader.unknown("key", part.key, at: part, allowed: ["fg", "bg", "attr"])
            }
        }
        return change
    }

    private func attributes(_ entry: ThemeNode.Entry) throws(ThemeError) -> StyleAttributes {
        var words: [String] = []
        if case .sequence(let nodes) = entry.value.value {
            for node in nodes { words.append(try scalar(ThemeNode.Entry(entry.key, node))) }
        } else {
            words = try scalar(entry).split { $0 == " " || $0 == "," }.map(String.init)
        }
        var attributes: StyleAttributes = []
        for word in words where word != "none" {
            guard let found = StyleAttributes.named.first(where: { $0.name == word }) else {
                throw unknown(
                    "attribute",
                    word,
                    at: entry,
                    allowed: StyleAttributes.named.map(\.name) + ["none"]
                )
            }
            attributes.insert(found.attribute)
        }
        return attributes
    }

    private func scalar(_ entry: ThemeNode.Entry) throws(ThemeError) -> String {
        if case .scalar(let text) = entry.value.value { return text }
        throw error(entry, "Expected a single value, not a list or a mapping.")
    }

    private func full(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

    private func error(_ entry: ThemeNode.Entry, _ message: String) -> ThemeError {
        ThemeReader.error(entry.value, full(entry.key), message)
    }

    private func unknown(
        _ kind: String,
        _ text: String,
        at entry: ThemeNode.Entry,
        allowed: [String]
    ) -> ThemeError {
        let list = allowed.joined(separator: ", ")
        return error(entry, "There is no \(kind) “\(text)” here; use one of \(list).")
    }

    private static func error(_ node: ThemeNode, _ path: String, _ message: String) -> ThemeError {
        ThemeError(key: path, message: message, line: node.line, column: node.column)
    }
}

extension StyleRole {
    /// Whether a lone colour in a theme file means the background.
    fileprivate var bringsBackground: Bool {
        switch self {
        case .environmentProduction, .environmentOther, .searchHit: true
        default: isBackground
        }
    }
}
