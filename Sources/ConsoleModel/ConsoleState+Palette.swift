import EventModel
import OperationsModel

extension ConsoleState {
    mutating func openPalette() {
        overlay = .palette(CommandPalette(all: paletteEntries))
    }

    private var paletteEntries: [CommandPalette.Entry] {
        screenEntries + actionEntries + commandEntries + themeEntries
    }

    private var screenEntries: [CommandPalette.Entry] {
        let screens = ScreenName.numbered.map { screen in
            CommandPalette.Entry(
                title: screen.rawValue,
                explanation: screen.summary,
                keyText: KeyTable.keyText(for: .open(screen), on: self.screen) ?? "",
                choice: .command(.open(screen))
            )
        }
        let groups = (allProcessors ?? []).map { status in
            CommandPalette.Entry(
                title: "processor \(status.group)",
                explanation: "open this group",
                keyText: "",
                choice: .place(status.group)
            )
        }
        let places = [
            CommandPalette.Entry(
                title: "goto ",
                explanation: "STREAM[@SEQUENCE], GROUP or #POSITION",
                keyText: "",
                choice: .complete("goto ")
            )
        ]
        return screens + places + groups + groupEntries
    }

    private var groupEntries: [CommandPalette.Entry] {
        (allProcessors ?? []).flatMap { status in
            let letters = CommandPalette.Entry(
                title: "dead-letters \(status.group)",
                explanation: "events this group could not handle",
                keyText: "",
                choice: .action(.showLetters(status.group)),
                refusal: status.deadLetterCount > 0 ? nil : "it has none"
            )
            let effects = CommandPalette.Entry(
                title: "effects \(status.group)",
                explanation: "what this group wants done outside the store",
                keyText: "",
                choice: .action(.showEffects(status.group)),
                refusal: status.effectKinds.isEmpty ? "it asks for none" : nil
            )
            let step = CommandPalette.Entry(
                title: "step \(status.group)",
                explanation: "its tables event by event, in a copy; @POSITION",
                keyText: "",
                choice: .action(.step(group: status.group, at: nil))
            )
            return [letters, effects, step]
        }
    }

    private var actionEntries: [CommandPalette.Entry] {
        (actionMenu?.entries ?? []).map { entry in
            CommandPalette.Entry(
                title: entry.title.lowercased(),
                explanation: actionMenu?.subject ?? "",
                keyText: "a",
                choice: .action(entry.action),
                refusal: entry.refusal
            )
        }
    }

    private var commandEntries: [CommandPalette.Entry] {
        let toggle =
            arming == nil
            ? CommandPalette.Entry(
                title: "arm",
                explanation: "allow changes for 15 minutes; asks for a reason",
                keyText: "",
                choice: .arm(reason: "")
            )
            : CommandPalette.Entry(
                title: "disarm",
                explanation: "refuse changes from now on",
                keyText: "",
                choice: .disarm
            )
        let commands = KeyTable.bindings
            .filter { $0.section != .screens && $0.section != .movement }
            .filter { $0.applies(to: screen) && ![.palette, .back, .quit].contains($0.command) }
            .map { binding in
                CommandPalette.Entry(
                    title: binding.command.title,
                    explanation: binding.explanation,
                    keyText: binding.keys.first?.description ?? "",
                    choice: .command(binding.command),
                    refusal: refusal(of: binding.command)
                )
            }
        let quit = CommandPalette.Entry(
            title: "quit",
            explanation: "leave the console",
            keyText: "",
            choice: .quit
        )
        return [toggle] + commands + [quit]
    }

    private var themeEntries: [CommandPalette.Entry] {
        context.themeNames.map { name in
            CommandPalette.Entry(
                title: "theme \(name)",
                explanation: name == themeName ? "in use" : "draw with this theme",
                keyText: "",
                choice: .theme(name)
            )
        }
    }

    /// Does what the line says, or else what the selected entry does.
    mutating func choose(in palette: CommandPalette) {
        overlay = nil
        if let choice = choice(typed: palette.editor.text) { return perform(choice) }
        guard palette.entries.indices.contains(palette.index) else {
            return tell("nothing is called \(palette.editor.text)", .refusal)
        }
        let entry = palette.entries[palette.index]
        if let refusal = entry.refusal { return tell(refusal, .refusal) }
        perform(entry.choice)
    }

    /// What a command with an argument means; nothing where the line is none.
    private func choice(typed text: String) -> CommandPalette.Choice? {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard let verb = parts.first else { return nil }
        let argument = parts.count > 1 ? String(parts[1]) : ""
        switch verb {
        case "q", "quit": return .quit
        case "disarm": return .disarm
        case "goto" where !argument.isEmpty: return .place(argument)
        case "arm" where !argument.isEmpty: return .arm(reason: argument)
        case "theme" where !argument.isEmpty: return .theme(argument)
        default: return screenChoice(typed: String(verb), argument)
        }
    }

    /// A screen about a group that there is, as the verb `frame` takes it.
    private func screenChoice(typed name: String, _ argument: String) -> CommandPalette.Choice? {
        guard let screen = ScreenName(rawValue: name), screen != .history,
            processor(named: Self.place(argument).name) != nil
        else { return nil }
        return .screen(screen, argument: argument)
    }

    private mutating func perform(_ choice: CommandPalette.Choice) {
        switch choice {
        case .command(let command): perform(command)
        case .action(let action): perform(action)
        case .place(let text): goTo(place: text)
        case .screen(let screen, let argument): present(screen, argument)
        case .theme(let name): useTheme(name)
        case .arm(let reason):
            if reason.isEmpty { prompt(.armReason) } else { _ = arm(because: reason) }
        case .disarm: disarm()
        case .quit: quit()
        case .complete(let text):
            var palette = CommandPalette(all: paletteEntries)
            palette.editor = LineEditor(text)
            palette.match()
            overlay = .palette(palette)
        }
    }

    /// Draws with the theme that is selected in the palette, until another entry is.
    mutating func previewTheme() {
        var wanted: String?
        if case .palette(let palette) = overlay, palette.entries.indices.contains(palette.index),
            case .theme(let name) = palette.entries[palette.index].choice
        {
            wanted = name
        }
        guard wanted != previewedTheme else { return }
        previewedTheme = wanted
        effects.append(.useTheme(wanted ?? themeName))
    }

    private mutating func useTheme(_ name: String) {
        guard context.themeNames.contains(name) else {
            return tell("no theme is called \(name)", .refusal)
        }
        themeName = name
        if previewedTheme != name { effects.append(.useTheme(name)) }
        previewedTheme = nil
        tell("theme \(name)")
    }
}

extension Command {
    /// The command as the palette lists it.
    fileprivate var title: String {
        switch self {
        case .open(let screen): screen.rawValue
        case .goTo: "go to number or time"
        default:
            String(describing: self).reduce(into: "") { text, character in
                text += character.isUppercase ? " \(character.lowercased())" : String(character)
            }
        }
    }
}
