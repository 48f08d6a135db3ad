/// Every key of the console outside dialogs: what dispatches, hints and explains.
public enum KeyTable {
    /// Every binding, in the order in which the help lists them.
    public static let bindings: [KeyBinding] =
        screenBindings + movementBindings
        + everywhereBindings + numberBindings

    /// What a key asks for on a screen.
    public static func command(for key: Key, on screen: ScreenName) -> Command? {
        table[screen]?[key]
    }

    /// The bindings of a screen that the footer shows, the most useful first.
    public static func hints(on screen: ScreenName) -> [KeyBinding] {
        footers[screen] ?? []
    }

    /// The first key for a command on a screen, as text.
    public static func keyText(for command: Command, on screen: ScreenName) -> String? {
        bindings.first { $0.command == command && $0.applies(to: screen) }?.keys.first?.description
    }

    private static let table: [ScreenName: [Key: Command]] = Dictionary(
        uniqueKeysWithValues: ScreenName.allCases.map { screen in
            let pairs = bindings.filter { $0.applies(to: screen) }
                .flatMap { binding in binding.keys.map { ($0, binding.command) } }
            return (screen, Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
        }
    )

    private static let footers: [ScreenName: [KeyBinding]] = Dictionary(
        uniqueKeysWithValues: ScreenName.allCases.map { screen in
            let hints = bindings.filter { $0.applies(to: screen) && !$0.hint.isEmpty }
            return (screen, hints.sorted { $0.priority < $1.priority })
        }
    )
}

private let movementBindings: [KeyBinding] = [
    KeyBinding([.character("k"), Key(.up)], .up, in: .movement, "up"),
    KeyBinding([.character("j"), Key(.down)], .down, in: .movement, "down"),
    KeyBinding([Key(.pageUp), .control("u")], .pageUp, in: .movement, "a page up"),
    KeyBinding([Key(.pageDown), .control("d")], .pageDown, in: .movement, "a page down"),
    KeyBinding([.character("g"), Key(.home)], .first, in: .movement, "to the first"),
    KeyBinding([.character("G"), Key(.end)], .last, in: .movement, "to the last"),
    KeyBinding(
        [.tab],
        .nextPane,
        hint: "pane",
        priority: 2,
        on: paned,
        in: .movement,
        "next pane"
    ),
    KeyBinding([Key(.tab, .shift)], .previousPane, on: paned, in: .movement, "pane before"),
]

private let everywhereBindings: [KeyBinding] = [
    KeyBinding(
        [.character(":")],
        .palette,
        hint: "go/do",
        priority: 8,
        in: .everywhere,
        "palette: every screen and action by name"
    ),
    KeyBinding(
        [.character("?"), Key(.function(1))],
        .help,
        hint: "help",
        priority: 9,
        in: .everywhere,
        "this help"
    ),
    KeyBinding(
        [.escape],
        .back,
        hint: "back",
        priority: 7,
        in: .everywhere,
        "back: filter, detail, screen"
    ),
    KeyBinding([.character("q")], .quit, in: .everywhere, "back; at Pulse, leave"),
    KeyBinding([.character("-")], .lastScreen, in: .everywhere, "the screen shown before"),
    KeyBinding(
        [.character("p")],
        .freeze,
        hint: "freeze",
        priority: 10,
        in: .everywhere,
        "hold the display still, or let it go on"
    ),
    KeyBinding([.character("u")], .timeStyle, in: .everywhere, "times: UTC, local, age"),
    KeyBinding([.character("c")], .copy, in: .everywhere, "copy what is selected"),
    KeyBinding([.character("y")], .copyLink, in: .everywhere, "copy a link to this place"),
    KeyBinding([Key(.function(2))], .mouse, in: .everywhere, "mouse wheel: scrolls here, or not"),
    KeyBinding([.control("l")], .redraw, in: .everywhere, "draw everything again"),
    KeyBinding([.control("z")], .suspend, in: .everywhere, "put the console in the background"),
]

private let numberBindings: [KeyBinding] = ScreenName.numbered.enumerated().map { index, screen in
    KeyBinding(
        [.character(Character(String(index + 1)))],
        .open(screen),
        hint: screen.rawValue,
        priority: 20 + index,
        in: .screens,
        "\(screen.title): \(screen.summary)"
    )
}
