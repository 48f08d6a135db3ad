/// The screens of the console.
public enum ScreenName: String, Hashable, Sendable, CaseIterable {
    /// Whether anything is wrong, where, and since when.
    case pulse
    /// The live tail of events.
    case streams
    /// Every processing group.
    case processors
    /// One processing group.
    case processor
    /// A replay of one group: plan, progress, outcome.
    case replay
    /// The dead letters of a group, or of all, by cause and by sequence.
    case deadLetters = "dead-letters"
    /// A retry of dead letters, or another act on them: plan, progress, outcome.
    case retry
    /// What a group, or every group, wants done outside the store, and what was done.
    case effects
    /// A scratch copy of one group's tables that goes through history.
    case step
    /// The list of streams.
    case aggregates
    /// One stream with time travel.
    case history
    /// Snapshots by category.
    case snapshots
    /// What operators did.
    case operations
    /// The keys and the legend.
    case help

    /// The screens that a digit opens, in the order of the digits from 1.
    public static let numbered: [ScreenName] = [
        .pulse, .streams, .processors, .aggregates, .snapshots, .operations,
        .deadLetters, .effects,
    ]

    /// The name as headings write it.
    public var title: String {
        rawValue.prefix(1).uppercased() + rawValue.dropFirst().map { $0 == "-" ? " " : $0 }
    }

    /// What the screen answers, in one line.
    public var summary: String {
        switch self {
        case .pulse: "is anything wrong, where, since when"
        case .streams: "events as they are appended"
        case .processors: "every processing group, its lag and its rate"
        case .processor: "one processing group"
        case .replay: "plan, start and watch a replay"
        case .deadLetters: "events that could not be handled, by cause"
        case .retry: "plan, start and watch what is done to dead letters"
        case .effects: "what is to be done outside the store, and what became of it"
        case .step: "go through the history of a group's tables, event by event"
        case .aggregates: "find a stream"
        case .history: "travel through the history of one stream"
        case .snapshots: "how well categories are covered by snapshots"
        case .operations: "who did what, why, when, and what came of it"
        case .help: "keys, colours and glyphs"
        }
    }

    /// What the argument of the screen is, where it needs one.
    public var argumentName: String? {
        switch self {
        case .processor, .replay, .retry: "GROUP"
        case .step: "GROUP[@POSITION]"
        case .history: "STREAM[@SEQUENCE]"
        default: nil
        }
    }
}
