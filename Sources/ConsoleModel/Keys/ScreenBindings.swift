private let lists: Set<ScreenName> = [
    .pulse, .streams, .processors, .aggregates, .history, .snapshots, .operations, .deadLetters,
    .effects,
]
private let acting: Set<ScreenName> = [
    .processors, .processor, .replay, .aggregates, .history, .snapshots, .deadLetters, .retry,
    .effects, .step,
]

/// The screens with panes that take the keys by turns.
let paned: Set<ScreenName> = [.history, .deadLetters, .step]

/// What single screens add to the keys that are the same everywhere.
let screenBindings: [KeyBinding] = [
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
        on: [.replay, .retry],
        in: .screen,
        "go on from the plan to the confirmation"
    ),
    KeyBinding(
        [.character("h"), Key(.left)],
        .stepBack,
        hint: "earlier",
        priority: 1,
        on: [.history, .step],
        in: .screen,
        "one event back"
    ),
    KeyBinding(
        [.character("l"), Key(.right)],
        .stepOn,
        hint: "later",
        priority: 1,
        on: [.history, .step],
        in: .screen,
        "one event on"
    ),
    KeyBinding(
        [.character("H"), Key(.left, .shift)],
        .leapBack,
        on: [.history, .step],
        in: .screen,
        "ten events back"
    ),
    KeyBinding(
        [.character("L"), Key(.right, .shift)],
        .leapOn,
        on: [.history, .step],
        in: .screen,
        "ten events on"
    ),
    KeyBinding(
        [.character("@")],
        .goTo,
        hint: "go to",
        priority: 2,
        on: [.step],
        in: .screen,
        "to #position, +100, -25, start, head, a time, -2h"
    ),
    KeyBinding(
        [.character("w")],
        .until,
        hint: "until",
        priority: 3,
        on: [.step],
        in: .screen,
        "on until an SQL query gives a value but 0"
    ),
    KeyBinding(
        [.enter],
        .enter,
        hint: "event",
        priority: 6,
        on: [.step],
        in: .screen,
        "show the event with its payload"
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
        on: [.history, .step],
        in: .screen,
        "the next event of the same type"
    ),
    KeyBinding(
        [.character(">")],
        .nextSameStream,
        on: [.step],
        in: .screen,
        "the next event of the same stream"
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
        on: [.streams, .aggregates, .snapshots, .deadLetters],
        in: .screen,
        "travel through the history of this stream"
    ),
    KeyBinding(
        [.character("e")],
        .deadLetters,
        hint: "dead letters",
        priority: 2,
        on: [.pulse, .processors, .processor],
        in: .screen,
        "the events this group could not handle"
    ),
    KeyBinding(
        [.character("x")],
        .effects,
        hint: "effects",
        priority: 6,
        on: [.pulse, .processors, .processor],
        in: .screen,
        "what this group wants done outside the store"
    ),
    KeyBinding(
        [.character("t")],
        .timeTravel,
        hint: "step",
        priority: 5,
        on: [.processors, .processor],
        in: .screen,
        "step through this group's tables, in a copy"
    ),
    KeyBinding(
        [.character("/")],
        .filter,
        hint: "filter",
        priority: 2,
        on: [.streams, .processors, .aggregates, .operations, .deadLetters, .effects],
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
