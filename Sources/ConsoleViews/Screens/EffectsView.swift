import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws what is to be done outside the store, what became of it, and one effect in full.
    mutating func drawEffects(_ state: ConsoleState, in body: Rectangle) {
        let list = state.effectList
        guard let all = list.all else {
            let words = state.errors[.effects]?.message ?? "asking the store"
            return emptyList(words, in: body.row(1))
        }
        guard !all.isEmpty else { return emptyList(absence(state), in: body.row(1)) }
        drawEffectsLine(list, all, in: body.row(0))
        let content = body.inset(top: 1)
        let height = ConsoleLayout.detailHeight(height: size.height)
        let parts = content.rows(.remaining, .fixed(1), .fixed(height))
        drawEffectTable(state, in: parts[0])
        rule(at: parts[1].origin, width: parts[1].width)
        drawEffect(state, in: parts[2])
    }

    /// Why there is nothing to list.
    private func absence(_ state: ConsoleState) -> String {
        guard let group = state.effectList.group else { return "no group wants anything done" }
        let kinds = state.processor(named: group)?.effectKinds ?? []
        return kinds.isEmpty
            ? "\(group) asks for no effects: it has nothing done outside the store"
            : "\(group) has asked for no \(kinds.joined(separator: ", ")) yet"
    }

    private mutating func drawEffectsLine(
        _ list: EffectListState,
        _ all: [EffectEntry],
        in row: Rectangle
    ) {
        let inner = row.inset(left: 2, right: 1)
        var text = StyledText()
        for state in [
            EffectEntry.State.failed, .inDoubt, .underWay, .waiting, .performed, .givenUp,
        ] {
            let count = all.count { $0.state == state }
            guard count > 0 else { continue }
            text.append("\(glyphs(state.glyph)) ", Style(state.role))
            text.append("\(Wording.grouped(count)) \(state.rawValue)   ", Style(state.role))
        }
        if list.isCut {
            let limit = Wording.grouped(EffectListState.limit)
            text.append("here the first \(limit) of a group", Style(.lagWarning))
        }
        draw(text, at: inner.origin, width: inner.width)
        drawFilter(list.filter, in: inner)
    }

    private mutating func drawEffectTable(_ state: ConsoleState, in area: Rectangle) {
        let list = state.effectList
        guard !list.rows.isEmpty else {
            return emptyList("no effect fits; Esc clears the filter", in: area.row(1))
        }
        let showsGroup = list.group == nil
        table(
            EffectEntry.columns(showsGroup: showsGroup),
            in: area,
            count: list.rows.count,
            selection: TableSelection(
                first: list.cursor.firstRow(fitting: area.height - 1, of: list.rows.count),
                selected: list.cursor.index
            ),
            gap: size.width < 100 ? 1 : 2
        ) { row, column, glyphs in
            list.rows[row].cell(column, showsGroup: showsGroup, glyphs, at: state.now)
        }
    }

    // MARK: - The selected effect

    private mutating func drawEffect(_ state: ConsoleState, in area: Rectangle) {
        guard let effect = state.effectList.selected else { return }
        guard area.width >= ConsoleLayout.twoPaneWidth else {
            return drawEffectFields(effect, state: state, in: area)
        }
        let panes = area.columns(.proportion(0.6), .remaining, gap: 1)
        drawEffectFields(effect, state: state, in: panes[0])
        rule(at: panes[1].origin.moved(x: -1), height: panes[1].height)
        let inner = panes[1].inset(left: 2, right: 1)
        let words = effect.isOver ? "its payload is kept no longer" : effect.payload
        let lines = TerminalText.wrapped(words, width: max(1, inner.width))
        for (index, line) in lines.prefix(inner.height).enumerated() {
            draw(
                line,
                at: inner.row(index).origin,
                style: effect.isOver ? .muted : .text,
                width: inner.width
            )
        }
    }

    private mutating func drawEffectFields(
        _ effect: EffectEntry,
        state: ConsoleState,
        in area: Rectangle
    ) {
        let times = TimeWording(state)
        var rows = RowCursor(area)
        field(
            effect.state.rawValue,
            StyledText(effect.title, .strong) + StyledText("  \(effect.id)", .muted),
            in: rows.next()
        )
        field("next", nextText(effect, state), in: rows.next())
        field("event", eventText(effect, times), in: rows.next())
        var tried = Wording.counted(effect.attempts, "time")
        if let last = effect.lastTime { tried += ", last \(times.age(last))" }
        field("tried", StyledText(effect.attempts == 0 ? "not yet" : tried), in: rows.next())
        guard let cause = effect.cause else { return }
        let lines = TerminalText.wrapped(cause, width: max(1, area.width - 16))
        let limit = max(1, area.height - 4)
        for (index, line) in lines.prefix(limit).enumerated() {
            let isCut = index == limit - 1 && limit < lines.count
            let text = isCut ? "\(line)\(glyphs(.ellipsis))" : line
            field(index == 0 ? "error" : "", StyledText(text, Style(.stateError)), in: rows.next())
        }
    }

    private func eventText(_ effect: EffectEntry, _ times: TimeWording) -> StyledText {
        guard effect.position > .start else { return StyledText("not known", .muted) }
        var text = StyledText("#\(Wording.grouped(effect.position.number))")
        text.append(" of \(effect.sequenceKey)")
        if let time = effect.askTime { text.append(", \(times.age(time))", .muted) }
        return text
    }

    /// What comes next for an effect, and who has to do something.
    private func nextText(_ effect: EffectEntry, _ state: ConsoleState) -> StyledText {
        let isRun = state.processor(named: effect.group)?.owner != nil
        switch effect.state {
        case .performed: return StyledText("nothing: it was done", .muted)
        case .givenUp: return StyledText("nothing: an operator gave it up", .muted)
        case .underWay: return StyledText("a process is at it", Style(.stateReplaying))
        case .failed: return StyledText("only when asked: a, then try again or give up", .strong)
        case .inDoubt:
            let words = "begun and never ended, maybe done: look there, then a"
            return StyledText(words, Style(.lagWarning))
        case .waiting where !isRun:
            return StyledText("once a process runs the group", Style(.lagWarning))
        case .waiting:
            let seconds = effect.nextAttempt.map { $0.seconds(since: state.now) } ?? 0
            return seconds > 0
                ? StyledText("again by itself in \(Wording.duration(seconds)), or when asked")
                : StyledText("by itself, after what its sequence asked for before")
        }
    }
}
