import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension EffectEntry.State {
    /// The sign of the state.
    var glyph: Glyph {
        switch self {
        case .waiting: .idle
        case .underWay: .replaying
        case .failed: .critical
        case .inDoubt: .warning
        case .performed: .ok
        case .givenUp: .unknown
        }
    }

    /// The role the state is coloured by.
    var role: StyleRole {
        switch self {
        case .waiting: .text
        case .underWay: .stateReplaying
        case .failed: .stateError
        case .inDoubt: .lagWarning
        case .performed: .stateOK
        case .givenUp: .stateUnknown
        }
    }

    /// The state as a word with its sign.
    func text(_ glyphs: GlyphSet) -> StyledText {
        StyledText("\(glyphs(glyph)) \(rawValue)", Style(role))
    }
}

extension EffectEntry {
    /// The columns of a table of effects.
    ///
    /// - Parameter showsGroup: whether they are of several groups.
    /// - Returns: the columns.
    static func columns(showsGroup: Bool) -> [TableColumn] {
        [
            TableColumn("STATE", .fixed(11)),
            TableColumn("KIND", .flexible(minimum: 8, maximum: 20)),
            TableColumn("KEY", .flexible(minimum: 8, maximum: 30)),
            TableColumn(
                showsGroup ? "GROUP" : "",
                .flexible(minimum: showsGroup ? 10 : 0, maximum: showsGroup ? 20 : 0)
            ),
            TableColumn("EVENT", .fixed(11, .right)),
            TableColumn("TRIED", .fixed(5, .right)),
            TableColumn("AGE", .fixed(6, .right)),
            TableColumn("LAST ERROR", .flexible(minimum: 10, weight: 2)),
        ]
    }

    /// One cell of a table of effects.
    func cell(_ column: Int, showsGroup: Bool, _ glyphs: GlyphSet, at now: Timestamp) -> StyledText
    {
        switch column {
        case 0: state.text(glyphs)
        case 1: StyledText(kind, .strong)
        case 2: key.isEmpty ? StyledText("-", .muted) : StyledText(key)
        case 3: StyledText(showsGroup ? group : "")
        case 4: StyledText(position == .start ? "-" : "#\(Wording.counter(position.number))")
        case 5: StyledText(Wording.grouped(attempts), .muted)
        case 6: StyledText(LetterWording.age(isOver ? lastTime : askTime, now), .muted)
        default: StyledText(cause ?? "", Style(.stateError))
        }
    }
}
