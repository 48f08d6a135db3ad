import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws where a scratch copy stands, what its last step changed, and its rows.
    mutating func drawStep(_ state: ConsoleState, in body: Rectangle) {
        let step = state.step
        guard let group = step.group else {
            return emptyList(
                "no group was chosen: t steps through one on screen 3",
                in: body.row(1)
            )
        }
        var rows = RowCursor(body)
        let title = StyledText("STEP ", .header) + StyledText(group, .strong)
        draw(
            title + StyledText("   a scratch copy; the group goes on without it", .muted),
            at: rows.next().origin.moved(x: 2),
            width: body.width - 3
        )
        drawStepScrubber(state, in: rows.next())
        drawStepEvent(state, rows: &rows)
        drawStepNotes(state, rows: &rows)
        guard step.hasCopy else { return }
        drawStepPanes(state, in: rows.rest)
    }

    private mutating func drawStepScrubber(_ state: ConsoleState, in row: Rectangle) {
        let step = state.step
        let last = max(state.status?.head.number ?? 0, step.position.number)
        guard let scrubber = drawScrubber(last: last, in: row) else { return }
        if let reached = step.work?.reached {
            let place = scrubber.place(of: reached.number)
            draw(.replaying, at: place, style: Style(.stateReplaying))
        }
        guard step.hasCopy else { return }
        let place = scrubber.place(of: step.position.number)
        draw(.point, at: place, style: Style(.chartLine1, .bold))
    }

    /// Draws the event that the copy stands behind, and the beginning of its payload.
    private mutating func drawStepEvent(_ state: ConsoleState, rows: inout RowCursor) {
        let width = rows.area.width - 3
        guard let step = state.step.step else { return }
        let row = rows.next()
        guard let event = step.event else {
            let text = StyledText("at 0", .strong) + StyledText("   before the first event", .muted)
            draw(text, at: row.origin.moved(x: 2), width: width)
            return rows.skip()
        }
        var text = StyledText("at #\(Wording.grouped(event.position.number))", .strong)
        text.append("   \(TimeWording(state).full(event.recordedTime))", .text)
        text.append("   \(event.type)", .strong)
        if !step.isHandled { text.append(" (passed over)", .muted) }
        text.append("   \(event.stream)@\(event.sequence)", .text)
        draw(text, at: row.origin.moved(x: 2), width: width)
        draw(
            event.payloadPreview,
            at: rows.next().origin.moved(x: 2),
            style: .muted,
            width: width
        )
    }

    // MARK: - Work, failures and notes

    private mutating func drawStepNotes(_ state: ConsoleState, rows: inout RowCursor) {
        if let work = state.step.work, work.isLong || !state.step.hasCopy {
            return drawStepWork(work, state: state, in: rows.next())
        }
        let notes = stepNotes(state.step)
        if notes.isEmpty { return rows.skip() }
        for note in notes.prefix(3) { draw(note, lines: 3, rows: &rows) }
    }

    private func stepNotes(_ step: StepState) -> [Note] {
        var notes: [Note] = []
        func add(_ glyph: Glyph, _ text: String, _ style: Style) {
            notes.append(Note(glyph: glyph, text: text, style: style))
        }
        if let error = step.error { add(.critical, error.message, Style(.stateError)) }
        if let failure = step.failure {
            add(.critical, "the copy stands before what fails: \(failure)", Style(.stateError))
        }
        let position = Wording.grouped(step.position.number)
        switch step.step?.end {
        case .atHead: add(.warning, "there is no such event up to the head", Style(.lagWarning))
        case .atStart: add(.warning, "there is nothing before the beginning", Style(.lagWarning))
        case .interrupted:
            add(.warning, "given up; the rows are as of #\(position)", Style(.lagWarning))
        case .failed(let cause):
            add(.critical, "the group cannot handle \(cause)", Style(.stateError))
        case .reached, nil: break
        }
        for note in step.step?.notes ?? [] { add(.right, note, .muted) }
        if !step.hasCopy, step.error == nil { add(.right, "no copy; @ begins one", .muted) }
        return notes
    }

    /// Draws how far long work has come, and how to end it.
    private mutating func drawStepWork(
        _ work: StepState.Work,
        state: ConsoleState,
        in row: Rectangle
    ) {
        let inner = row.inset(left: 2, right: 1)
        var words = "\(glyphs(.replaying)) \(work.phrase)"
        if work.isInterrupted {
            words += ": giving up"
        } else if let reached = work.reached, work.last > .start {
            let percent = Wording.percent(
                Double(reached.number),
                of: Double(max(1, work.last.number))
            )
            words += ": #\(Wording.grouped(reached.number)) of "
            words += "\(Wording.grouped(work.last.number)), \(percent)"
            if let rate = state.step.rate(at: state.now), work.last > reached {
                let left = Double(work.last.number - reached.number) / rate
                if size.width >= 100 { words += ", \(Wording.rate(rate))" }
                words += ", \(Wording.duration(left)) left"
            }
        }
        let used = draw(
            words,
            at: inner.origin,
            style: Style(.stateReplaying),
            width: inner.width
        )
        let help = StyledText("Esc", Style(.keyHint)) + StyledText(" gives it up", .muted)
        guard used + help.width + 3 <= inner.width, !work.isInterrupted else { return }
        draw(help, at: inner.origin, width: inner.width, alignment: .right)
    }

    // MARK: - Changes and rows

    private mutating func drawStepPanes(_ state: ConsoleState, in area: Rectangle) {
        if area.width >= ConsoleLayout.twoPaneWidth {
            let panes = area.columns(.proportion(0.5), .remaining, gap: 1)
            drawChanges(state, in: panes[0])
            rule(at: panes[1].origin.moved(x: -1), height: panes[1].height)
            drawStepRows(state, in: panes[1])
        } else if state.step.pane == .changes {
            drawChanges(state, in: area)
        } else {
            drawStepRows(state, in: area)
        }
    }

    private mutating func drawChanges(_ state: ConsoleState, in area: Rectangle) {
        guard let step = state.step.step else { return }
        let handled = step.handledCount > 1
        let note =
            handled
            ? "\(Wording.grouped(step.handledCount)) handled events "
                + (step.position < step.from ? "back" : "on") : ""
        paneTitle(
            changesTitle(step),
            note: note,
            isFocused: state.step.pane == .changes,
            in: area.row(0)
        )
        let inner = area.inset(left: 2, top: 1, right: 1)
        if let changes = step.changes, !changes.isEmpty {
            let lines = changes.flatMap { $0.lines(glyphs) }
            drawScrolling(lines, top: state.step.changeTop, in: inner)
        } else if state.step.work == nil, step.from == step.position, step.end == .reached {
            emptyList("l goes over the next event, h back; ? lists the ways", in: area.row(1))
        }
    }

    private func changesTitle(_ step: ReplayStep) -> String {
        guard let count = step.changeCount, let shown = step.changes?.count else {
            return "CHANGES"
        }
        if step.from == step.position { return "CHANGES" }
        let words = count == 0 ? "no row" : Wording.counted(count, "row")
        return "CHANGES: \(words)" + (shown < count ? ", the first \(shown)" : "")
    }

    private mutating func drawStepRows(_ state: ConsoleState, in area: Rectangle) {
        let step = state.step
        guard let source = step.source else {
            return emptyList("the group keeps no tables", in: area.row(1))
        }
        let isCurrent = step.pagePosition == step.position
        paneTitle(
            source.title,
            note: rowsNote(step, isCurrent: isCurrent),
            isFocused: step.pane == .rows,
            in: area.row(0)
        )
        let list = area.inset(top: 1)
        if let error = step.rowsError {
            let inner = list.inset(left: 2, right: 1)
            draw(wrapping: error.message, in: inner, style: Style(.stateError))
            return
        }
        guard let page = step.page else { return emptyList("reading", in: list.row(0)) }
        guard !page.rows.isEmpty else { return emptyList("no rows", in: list.row(0)) }
        let first = min(step.rowTop, page.rows.count - 1)
        table(
            page.tableColumns(from: first),
            in: list,
            count: page.rows.count,
            selection: TableSelection(first: first, selected: nil)
        ) { row, column, _ in page.rows[row][column].tableText }
        guard isCurrent, case .table(let name) = source else { return }
        let changes = (step.step?.changes ?? []).filter { $0.table == name && $0.kind != .deleted }
        let left = page.rows.count - first
        let shown = left < list.height ? left : list.height - 2
        for (offset, row) in page.rows.dropFirst(first).prefix(shown).enumerated() {
            guard let change = changes.first(where: { $0.isAbout(row, of: page.columns) })
            else { continue }
            let place = Point(x: list.x, y: list.y + 1 + offset)
            draw(change.kind.glyph, at: place, style: Style(change.kind.role))
        }
    }

    private func rowsNote(_ step: StepState, isCurrent: Bool) -> String {
        guard let page = step.page else { return "" }
        let count = (page.isCut ? "the first " : "") + Wording.counted(page.rows.count, "row")
        let place = Wording.grouped((step.pagePosition ?? .start).number)
        let from = step.rowTop > 0 ? "from row \(step.rowTop + 1) of " : ""
        return from + count + (isCurrent ? "" : " as of #\(place)")
    }
}

extension StepState.Work {
    /// What is done, in a few words.
    fileprivate var phrase: String {
        switch order {
        case .make: "filling the copy"
        case .move(.until): "looking for the event"
        case .move: "on the way"
        case .rows: "reading the tables"
        }
    }
}

extension RowSource {
    /// The source as a heading; the heading of a statement is the statement.
    fileprivate var title: String {
        switch self {
        case .table(let name): "TABLE \(name)"
        case .query(let sql): sql
        }
    }
}

extension RowPage {
    /// Columns as wide as their values; those that do not fit are dropped from the right.
    fileprivate func tableColumns(from first: Int) -> [TableColumn] {
        let shown = rows.dropFirst(first).prefix(100)
        return columns.indices.map { index in
            let values = shown.map { $0[index] }
            let longest = values.map { $0.tableText.width }.max() ?? 0
            let width = min(40, max(TerminalText.width(columns[index]), longest, 1))
            let isRight = values.contains(where: \.isNumber)
            return TableColumn(
                columns[index],
                Column(
                    .flexible(minimum: min(width, 16), maximum: width),
                    alignment: isRight ? .right : .left,
                    dropOrder: index
                )
            )
        }
    }
}
