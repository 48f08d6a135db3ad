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

private let lists: Set<ScreenName> = [
    .pulse, .streams, .processors, .aggregates, .history, .snapshots, .operations,
]
private let acting: Set<ScreenName> = [
    .processors, .processor, .replay, .aggregates, .history, .snapshots,
]

private let screenBindings: [KeyBinding] = [
    KeyBinding(
        [.enter],
        .enter,
        hint: "open",
        priority: 1,
        on: lists.subtracting([.history]),
        in: .screen,
        "open what is selected"
    ),
    KeyBinding(
        [.enter],
        .enter,
        hint: "open",
        priority: 3,
        on: [.history],
        in: .screen,
        "open the event or the value; fold what has parts"
    ),
    KeyBinding(
        [.character("z")],
        .foldAll,
        on: [.history],
        in: .screen,
        "fold or unfold every field that has parts"
    ),
    KeyBinding(
        [.enter],
        .enter,
        hint: "failed event",
        priority: 1,
        on: [.processor],
        in: .screen,
        "show the event this group fails at"
    ),
    KeyBinding(
        [.enter],
        .enter,
        hint: "confirm",
        priority: 1,
        on: [.replay],
        in: .screen,
        "go on from the plan to the confirmation"
    ),
    KeyBinding(
        [.character("h"), Key(.left)],
        .stepBack,
        hint: "earlier",
        priority: 1,
        on: [.history],
        in: .screen,
        "one event back"
    ),
    KeyBinding(
        [.character("l"), Key(.right)],
        .stepOn,
        hint: "later",
        priority: 1,
        on: [.history],
        in: .screen,
        "one event on"
    ),
    KeyBinding(
        [.character("H"), Key(.left, .shift)],
        .leapBack,
        on: [.history],
        in: .screen,
        "ten events back"
    ),
    KeyBinding(
        [.character("L"), Key(.right, .shift)],
        .leapOn,
        on: [.history],
        in: .screen,
        "ten events on"
    ),
    KeyBinding(
        [.character("{")],
        .previousSameType,
        on: [.history],
        in: .screen,
        "the event before of the same type"
    ),
    KeyBinding(
        [.character("}")],
        .nextSameType,
        on: [.history],
        in: .screen,
        "the next event of the same type"
    ),
    KeyBinding(
        [.character("(")],
        .previousSnapshot,
        on: [.history],
        in: .screen,
        "the snapshot before"
    ),
    KeyBinding(
        [.character(")")],
        .nextSnapshot,
        on: [.history],
        in: .screen,
        "the next snapshot"
    ),
    KeyBinding(
        [.character("m")],
        .mark,
        on: [.history],
        in: .screen,
        "remember this sequence as A, or forget it"
    ),
    KeyBinding(
        [.character("d")],
        .differenceBase,
        hint: "base",
        priority: 5,
        on: [.history],
        in: .screen,
        "compare with: the event before, A, the head"
    ),
    KeyBinding(
        [.character("v")],
        .changedOnly,
        hint: "changed",
        priority: 6,
        on: [.history],
        in: .screen,
        "show only the fields that changed, or all"
    ),
    KeyBinding(
        [.character("b")],
        .blame,
        hint: "blame",
        priority: 4,
        on: [.history],
        in: .screen,
        "the event that last changed this field"
    ),
    KeyBinding(
        [.character("@")],
        .goTo,
        hint: "go to",
        priority: 5,
        on: [.streams, .history, .replay],
        in: .screen,
        "go to #number, a time (RFC 3339), or -2h"
    ),
    KeyBinding(
        [.character("f")],
        .follow,
        hint: "follow",
        priority: 3,
        on: [.streams],
        in: .screen,
        "keep the newest in sight; moving up stops it"
    ),
    KeyBinding(
        [.character("t")],
        .timeTravel,
        hint: "history",
        priority: 4,
        on: [.streams, .aggregates, .snapshots],
        in: .screen,
        "travel through the history of this stream"
    ),
    KeyBinding(
        [.character("/")],
        .filter,
        hint: "filter",
        priority: 2,
        on: [.streams, .processors, .aggregates, .operations],
        in: .screen,
        "narrow the list as you type; Esc clears"
    ),
    KeyBinding(
        [.character("s")],
        .sort,
        hint: "sort",
        priority: 5,
        on: [.processors, .aggregates],
        in: .screen,
        "sort by the next column"
    ),
    KeyBinding(
        [.character("S")],
        .reverse,
        on: [.processors],
        in: .screen,
        "turn the order around"
    ),
    KeyBinding(
        [.character("!")],
        .problemsOnly,
        hint: "problems",
        priority: 4,
        on: [.processors],
        in: .screen,
        "show only groups with problems, or all"
    ),
    KeyBinding(
        [.character("a")],
        .actions,
        hint: "actions",
        priority: 3,
        on: acting,
        in: .screen,
        "act: all that changes something, or why not"
    ),
]

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
        on: [.history],
        in: .movement,
        "next pane"
    ),
    KeyBinding([Key(.tab, .shift)], .previousPane, on: [.history], in: .movement, "pane before"),
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
