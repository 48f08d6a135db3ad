/// What a piece of screen means; a theme decides how that looks.
public enum StyleRole: UInt8, CaseIterable, Hashable, Sendable {
    /// Ordinary text.
    case text
    /// Text that should be seen first.
    case textStrong
    /// Text that may be overlooked.
    case textMuted
    /// The background of everything.
    case surface
    /// A bar or a dialog above the surface.
    case raised
    /// Rules and frames.
    case border
    /// The row under the cursor.
    case selection
    /// Column titles and the first row.
    case header
    /// The name of a production environment.
    case environmentProduction
    /// The name of any other environment.
    case environmentOther
    /// A processor that runs, a check that holds.
    case stateOK
    /// A lag within its objective.
    case lagOK
    /// A lag above its first threshold.
    case lagWarning
    /// A processor that does not advance though there is work.
    case stateStalled
    /// A lag above its second threshold.
    case lagCritical
    /// A processor that stopped on an error, a check that failed.
    case stateError
    /// Dead letters.
    case deadLetter
    /// A processor that replays.
    case stateReplaying
    /// A processor that was paused.
    case statePaused
    /// A state that nobody knows.
    case stateUnknown
    /// A value that is too old to be trusted.
    case stale
    /// Something that was added.
    case differenceAdd
    /// Something that was removed.
    case differenceRemove
    /// Something that was changed.
    case differenceChange
    /// The first line of a chart.
    case chartLine1
    /// The second line of a chart.
    case chartLine2
    /// The area of a chart, and the empty part of a bar.
    case chartFill
    /// A key that can be pressed here.
    case keyHint
    /// Something that can be opened.
    case link
    /// Text that the search found.
    case searchHit

    /// The letter that stands for the role in a golden frame; no two roles share one.
    public var letter: Character {
        switch self {
        case .text: "."
        case .textStrong: "T"
        case .textMuted: "m"
        case .surface: " "
        case .raised: "_"
        case .border: "-"
        case .selection: "S"
        case .header: "H"
        case .environmentProduction: "P"
        case .environmentOther: "O"
        case .stateOK: "o"
        case .lagOK: "l"
        case .lagWarning: "w"
        case .stateStalled: "W"
        case .lagCritical: "C"
        case .stateError: "E"
        case .deadLetter: "D"
        case .stateReplaying: "r"
        case .statePaused: "p"
        case .stateUnknown: "?"
        case .stale: "z"
        case .differenceAdd: "a"
        case .differenceRemove: "x"
        case .differenceChange: "c"
        case .chartLine1: "1"
        case .chartLine2: "2"
        case .chartFill: "f"
        case .keyHint: "k"
        case .link: "L"
        case .searchHit: "h"
        }
    }

    /// The name of the role in a theme file.
    public var name: String {
        switch self {
        case .text: "text"
        case .textStrong: "text.strong"
        case .textMuted: "text.muted"
        case .surface: "surface"
        case .raised: "raised"
        case .border: "border"
        case .selection: "selection"
        case .header: "header"
        case .environmentProduction: "env.prod"
        case .environmentOther: "env.other"
        case .stateOK: "state.ok"
        case .lagOK: "lag.ok"
        case .lagWarning: "lag.warn"
        case .stateStalled: "state.stalled"
        case .lagCritical: "lag.critical"
        case .stateError: "state.error"
        case .deadLetter: "deadLetter"
        case .stateReplaying: "state.replaying"
        case .statePaused: "state.paused"
        case .stateUnknown: "state.unknown"
        case .stale: "stale"
        case .differenceAdd: "diff.add"
        case .differenceRemove: "diff.remove"
        case .differenceChange: "diff.change"
        case .chartLine1: "chart.line1"
        case .chartLine2: "chart.line2"
        case .chartFill: "chart.fill"
        case .keyHint: "key.hint"
        case .link: "link"
        case .searchHit: "search.hit"
        }
    }

    /// Finds the role of that name in a theme file; nothing where there is none.
    public init?(name: String) {
        guard let role = StyleRole.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }
}
