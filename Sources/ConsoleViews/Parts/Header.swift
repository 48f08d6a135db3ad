import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws the first row: where this is, what may be done, how old the numbers are.
    mutating func drawHeader(_ state: ConsoleState, in row: Rectangle) {
        let base = state.arming == nil ? Style.text : Style(.lagCritical)
        if state.arming != nil { fill(row, style: base) }
        let right = headerNumbers(state, base: base, width: row.width)
        let left = headerPlace(state, base: base)
        let room = row.width - right.width - 4
        draw(left, at: row.origin, width: room)
        draw(right, at: row.origin, width: row.width - 1, alignment: .right)
    }

    private func headerPlace(_ state: ConsoleState, base: Style) -> StyledText {
        let context = state.context
        let role: StyleRole = context.isProduction ? .environmentProduction : .environmentOther
        let environment =
            context.environmentName.isEmpty ? "" : context.environmentName.uppercased() + " "
        var text = StyledText("  \(environment)\(state.storeName) ", Style(role))
        if let arming = state.arming {
            let seconds = max(0, arming.endTime.seconds(since: state.now))
            text.append("  ARMED \(countdown(seconds))", base.with(.bold))
        } else {
            text.append("  read-only", .muted)
        }
        text.append("   ", base)
        let path = state.path.dropFirst(state.path.count > 1 ? 1 : 0)
        for (index, screen) in path.enumerated() {
            if index > 0 { text.append(" \(glyphs(.pathSeparator)) ", base) }
            let isLast = index == path.count - 1
            text.append(
                placeName(screen, state),
                state.arming != nil ? base : isLast ? .strong : .muted
            )
        }
        return text
    }

    /// A screen as the way to it is told.
    private func placeName(_ screen: ScreenName, _ state: ConsoleState) -> String {
        let subject = state.subject(of: screen)
        if subject.isEmpty { return screen.rawValue }
        return switch screen {
        case .help: screen.rawValue
        case .replay, .step: "\(screen.rawValue) \(subject)"
        case .retry: state.letterAct.kind?.letterVerb ?? screen.rawValue
        case .deadLetters, .effects:
            state.path.contains(.processor) ? screen.rawValue : "\(screen.rawValue) \(subject)"
        default: subject
        }
    }

    private func countdown(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        return "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
    }

    private func headerNumbers(_ state: ConsoleState, base: Style, width: Int) -> StyledText {
        var text = StyledText()
        let isArmed = state.arming != nil
        if state.isFrozen { text.append("FROZEN  ", isArmed ? base : Style(.stale)) }
        if let status = state.status {
            let shown = state.isStale ? Style(.stale) : Style.text
            text.append("head ", isArmed ? base : .muted)
            text.append(Wording.grouped(status.head.number), isArmed ? base : shown)
            if width >= 100, let rate = state.trends.appendRate {
                text.append("  +\(Wording.rate(rate))", isArmed ? base : shown)
            }
        }
        if let age = state.dataAgeSeconds {
            let style = state.isStale || state.isFrozen ? Style(.stale) : Style.muted
            let word = state.isStale && !state.isFrozen ? "STALE" : "age"
            text.append("  \(word) \(Wording.duration(age))", isArmed ? base : style)
        } else {
            text.append("  no data yet", isArmed ? base : Style(.stale))
        }
        return text
    }

    /// Draws the second row: what is wrong, or nothing; on Pulse the screen itself tells.
    mutating func drawProblemLine(_ state: ConsoleState, in row: Rectangle) {
        let inner = row.inset(left: 2, right: 1)
        let slots: [Slot] = [state.mainSlot, .status, .problems]
        if let error = slots.lazy.compactMap({ state.errors[$0] }).first {
            var text = StyledText("\(glyphs(.critical)) no answer: ", Style(.stateError))
            text.append(error.message, .text)
            if error.code == .storage {
                text.append("  asking again; 'recount doctor' checks the files", .muted)
            }
            draw(text, at: inner.origin, width: inner.width)
            return
        }
        guard state.screen != .pulse else { return }
        let problems = (state.problems ?? []).filter { $0.severity > .notice }
        guard let worst = problems.max(by: { $0.severity < $1.severity }) else { return }
        let style = Style(worst.severity.role)
        var text = StyledText(
            "\(glyphs(worst.severity.glyph)) \(Wording.counted(problems.count, "problem"))",
            style
        )
        for (index, problem) in problems.enumerated() {
            text.append(index == 0 ? "  " : "  \(glyphs(.separator))  ", .muted)
            text.append("\(problem.place.name) ", .strong)
            text.append(problem.summaryAtPlace, .text)
        }
        draw(text, at: inner.origin, width: inner.width)
    }
}
