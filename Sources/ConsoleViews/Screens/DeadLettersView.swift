import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws why events could not be handled, and which ones wait behind them.
    mutating func drawDeadLetters(_ state: ConsoleState, in body: Rectangle) {
        let letters = state.deadLetters
        guard let all = letters.all else {
            let words = state.errors[.deadLetters]?.message ?? "asking the store"
            return emptyList(words, in: body.row(1))
        }
        guard !all.isEmpty else {
            draw(
                "\(glyphs(.ok)) no dead letters: every event was handled or passed over",
                at: body.row(1).origin.moved(x: 2),
                style: Style(.stateOK),
                width: body.width - 3
            )
            return
        }
        drawLettersLine(state, all, in: body.row(0))
        let content = body.inset(top: 1)
        let height = ConsoleLayout.detailHeight(height: size.height)
        let parts = content.rows(.remaining, .fixed(1), .fixed(height))
        drawLetterLists(state, in: parts[0])
        rule(at: parts[1].origin, width: parts[1].width)
        drawLetter(state, in: parts[2])
    }

    private mutating func drawLettersLine(
        _ state: ConsoleState,
        _ all: [DeadLetterSequence],
        in row: Rectangle
    ) {
        let letters = state.deadLetters
        let inner = row.inset(left: 2, right: 1)
        let shown = letters.causes.flatMap(\.sequences)
        let count = letters.isCut ? state.letterCount : shown.letterCount
        var text = StyledText(Wording.counted(count, "dead letter"), Style(.deadLetter))
        if letters.isCut {
            let limit = Wording.grouped(DeadLettersState.limit)
            text.append("; here the first \(limit) sequences of a group", Style(.lagWarning))
        } else {
            text.append(" in \(Wording.counted(shown.count, "sequence"))")
            text.append(", \(Wording.counted(letters.causes.count, "cause"))")
        }
        if !letters.isCut, let first = all.compactMap(\.firstTime).min() {
            text.append(", the oldest failed \(TimeWording(state).age(first))", .muted)
        }
        draw(text, at: inner.origin, width: inner.width)
        drawFilter(letters.filter, in: inner)
    }

    private mutating func drawLetterLists(_ state: ConsoleState, in area: Rectangle) {
        let rows = ConsoleLayout.letterRows(height: size.height)
        let parts = area.rows(.fixed(rows.causes + 1), .fixed(1), .remaining)
        guard !state.deadLetters.causes.isEmpty else {
            return emptyList("no cause fits; Esc clears the filter", in: area.row(1))
        }
        drawCauses(state, in: parts[0])
        rule(at: parts[1].origin, width: parts[1].width)
        drawSequences(state, in: parts[2])
    }

    private mutating func drawCauses(_ state: ConsoleState, in area: Rectangle) {
        let letters = state.deadLetters
        let count = letters.causes.count
        let groupWidth = letters.group == nil ? 10 : 0
        let now = state.now
        table(
            [
                TableColumn("CAUSE", .flexible(minimum: 24, weight: 3)),
                TableColumn(
                    letters.group == nil ? "GROUP" : "",
                    .flexible(minimum: groupWidth, maximum: groupWidth * 2)
                ),
                TableColumn("SEQUENCES", .fixed(9, .right)),
                TableColumn("LETTERS", .fixed(7, .right)),
                TableColumn("OLDEST", .fixed(6, .right)),
                TableColumn("AGAIN", .fixed(10)),
            ],
            in: area,
            count: count,
            selection: TableSelection(
                first: letters.cursor.firstRow(fitting: area.height - 1, of: count),
                selected: letters.cursor.index,
                isFocused: letters.pane == .causes
            ),
            gap: size.width < 100 ? 1 : 2
        ) { row, column, glyphs in
            let cause = letters.causes[row]
            return switch column {
            case 0: StyledText(LetterWording.cause(cause.text), .strong)
            case 1: StyledText(letters.group == nil ? cause.group : "", .text)
            case 2: StyledText(Wording.grouped(cause.sequences.count))
            case 3: StyledText(Wording.grouped(cause.letterCount), Style(.deadLetter))
            case 4: StyledText(LetterWording.age(cause.firstTime, now), .muted)
            default: StyledText(LetterWording.again(cause.nextAttempt, cause.text, now), .muted)
            }
        }
    }

    private mutating func drawSequences(_ state: ConsoleState, in area: Rectangle) {
        let letters = state.deadLetters
        let sequences = letters.selectedCause?.sequences ?? []
        let cursor = letters.sequenceCursor
        table(
            DeadLetterSequence.columns,
            in: area,
            count: sequences.count,
            selection: TableSelection(
                first: cursor.firstRow(fitting: area.height - 1, of: sequences.count),
                selected: cursor.index,
                isFocused: letters.pane == .sequences
            ),
            gap: size.width < 100 ? 1 : 2
        ) { row, column, _ in sequences[row].cell(column, at: state.now) }
    }

    // MARK: - The selected letter

    private mutating func drawLetter(_ state: ConsoleState, in area: Rectangle) {
        guard let letter = state.deadLetters.selected else { return }
        guard area.width >= ConsoleLayout.twoPaneWidth else {
            return drawLetterFields(letter, state: state, in: area)
        }
        let panes = area.columns(.proportion(0.5), .remaining, gap: 1)
        drawLetterFields(letter, state: state, in: panes[0])
        rule(at: panes[1].origin.moved(x: -1), height: panes[1].height)
        guard let detail = state.deadLetters.detail, detail.summary.position == letter.position
        else { return }
        let inner = panes[1].inset(left: 2, right: 1)
        for (index, line) in payloadLines(detail, width: inner.width).prefix(inner.height)
            .enumerated()
        {
            draw(line, at: inner.row(index).origin, width: inner.width)
        }
    }

    private mutating func drawLetterFields(
        _ letter: DeadLetterSequence,
        state: ConsoleState,
        in area: Rectangle
    ) {
        let times = TimeWording(state)
        var rows = RowCursor(area)
        let place = "#\(Wording.grouped(letter.position.number)) \(letter.type)"
        field(
            letter.cause == nil ? "waiting" : "failed",
            StyledText(place, .strong) + StyledText("  \(letter.stream)@\(letter.sequence)", .text),
            in: rows.next()
        )
        drawCause(letter.cause, lines: area.height - 4, rows: &rows)
        if let first = letter.firstTime, let last = letter.lastTime {
            let tried = Wording.counted(letter.attempts, "time")
            let words = "\(tried), first \(times.short(first)), last \(times.age(last))"
            field("tried", StyledText(words), in: rows.next())
        }
        field("again", againText(letter, state), in: rows.next())
        let held =
            letter.heldCount == 0
            ? "no later event"
            : "\(Wording.counted(letter.heldCount, "later event")) of \(letter.key)"
        let style = letter.heldCount == 0 ? Style.muted : Style(.lagWarning)
        field("held back", StyledText(held, style), in: rows.next())
    }

    private mutating func drawCause(_ cause: String?, lines limit: Int, rows: inout RowCursor) {
        guard let cause else { return }
        let lines = TerminalText.wrapped(cause, width: max(1, rows.area.width - 16))
        for (index, line) in lines.prefix(limit).enumerated() {
            let isCut = index == limit - 1 && limit < lines.count
            let text = isCut ? "\(line)\(glyphs(.ellipsis))" : line
            field(index == 0 ? "cause" : "", StyledText(text, Style(.stateError)), in: rows.next())
        }
    }

    private func againText(_ letter: DeadLetterSequence, _ state: ConsoleState) -> StyledText {
        guard letter.cause == nil || letter.nextAttempt != nil else {
            return StyledText("only when asked: a, then retry", .strong)
        }
        if state.processor(named: letter.group)?.owner == nil {
            return StyledText("once a process runs the group", Style(.lagWarning))
        }
        guard let time = letter.nextAttempt else {
            return StyledText("at once, since the event before it is gone", Style(.stateReplaying))
        }
        let seconds = time.seconds(since: state.now)
        return seconds <= 0
            ? StyledText("by itself, now", Style(.stateReplaying))
            : StyledText("by itself in \(Wording.duration(seconds)), or when asked")
    }
}
