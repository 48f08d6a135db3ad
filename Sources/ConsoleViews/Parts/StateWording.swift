import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension ProcessorStatus.State {
    /// The sign of the state.
    var glyph: Glyph {
        switch self {
        case .live: .ok
        case .catchingUp: .right
        case .replaying: .replaying
        case .paused: .paused
        case .stalled: .stalled
        case .failing: .critical
        case .aheadOfHistory: .error
        case .noHost: .unknown
        }
    }

    /// The role the state is coloured by.
    var role: StyleRole {
        switch self {
        case .live: .stateOK
        case .catchingUp: .lagWarning
        case .replaying: .stateReplaying
        case .paused: .statePaused
        case .stalled: .stateStalled
        case .failing, .aheadOfHistory: .stateError
        case .noHost: .stateUnknown
        }
    }

    /// The state as a word.
    var word: String {
        switch self {
        case .live: "live"
        case .catchingUp: "catching up"
        case .replaying: "replay"
        case .paused: "paused"
        case .stalled: "stalled"
        case .failing: "failing"
        case .aheadOfHistory: "ahead of log"
        case .noHost: "no host"
        }
    }

    /// What the state means, in one line.
    var explanation: String {
        switch self {
        case .live: "at the head of the log"
        case .catchingUp: "handles events it never handled"
        case .replaying: "handles events again after a reset"
        case .paused: "stopped by an operator"
        case .stalled: "has work to do but does not advance"
        case .failing: "stopped at an event that fails"
        case .aheadOfHistory: "the log does not hold what it has handled"
        case .noHost: "no process runs it"
        }
    }
}

extension ProcessorStatus {
    /// The state with its sign, and how far a replay has come.
    func stateText(_ glyphs: GlyphSet) -> StyledText {
        var word = state.word
        if let replay {
            let done = Double(position.number) - Double(replay.from.number)
            let all = Double(replay.to.number) - Double(replay.from.number)
            word += " " + Wording.percent(done, of: all)
        }
        return StyledText("\(glyphs(state.glyph)) \(word)", Style(state.role))
    }

    /// The style of the lag: the longer, the louder.
    var lagStyle: Style {
        if lagEvents == 0 { return .muted }
        if state == .failing || state == .stalled { return Style(.stateStalled) }
        return lagSeconds > 60 ? Style(.lagWarning) : Style(.lagOK)
    }
}

extension Problem.Severity {
    /// The sign of the severity.
    var glyph: Glyph {
        switch self {
        case .notice: .separator
        case .warning: .warning
        case .critical: .critical
        }
    }

    /// The role the severity is coloured by.
    var role: StyleRole {
        switch self {
        case .notice: .text
        case .warning: .lagWarning
        case .critical: .stateError
        }
    }

    /// The severity as a word.
    var word: String {
        switch self {
        case .notice: "notice"
        case .warning: "warning"
        case .critical: "critical"
        }
    }
}

extension Problem {
    /// What is wrong, without the name of the place where that is told beside it.
    var summaryAtPlace: String {
        let name = place.name + " "
        return summary.hasPrefix(name) ? String(summary.dropFirst(name.count)) : summary
    }
}

extension Problem.Place {
    /// The place as a name.
    var name: String {
        switch self {
        case .store: "store"
        case .processor(let group): group
        case .stream(let stream): stream.text
        }
    }
}

extension OperationEntry.Outcome {
    /// The outcome as a word with its sign.
    func text(_ glyphs: GlyphSet) -> StyledText {
        switch self {
        case .pending: StyledText("\(glyphs(.idle)) pending", .muted)
        case .running: StyledText("\(glyphs(.replaying)) running", Style(.stateReplaying))
        case .completed: StyledText("\(glyphs(.ok)) done", Style(.stateOK))
        case .refused: StyledText("\(glyphs(.warning)) refused", Style(.lagWarning))
        case .failed: StyledText("\(glyphs(.critical)) failed", Style(.stateError))
        }
    }

    /// What the outcome says besides its word.
    var detail: String {
        switch self {
        case .pending, .running: ""
        case .completed(let text), .refused(let text), .failed(let text): text
        }
    }
}
