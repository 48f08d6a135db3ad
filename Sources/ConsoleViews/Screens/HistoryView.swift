import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws a stream at the selected sequence: events, state, difference.
    mutating func drawHistory(_ state: ConsoleState, in body: Rectangle) {
        let history = state.history
        guard let last = history.lastSequence else {
            let isAsking = state.isWaiting(for: .history) || state.isWaiting(for: .historyHead)
            let name = history.stream?.text ?? ""
            let words =
                state.errors[.history]?.message
                ?? (isAsking ? "asking the store" : "no stream is called \(name)")
            return emptyList(words, in: body.row(1))
        }
        drawHistoryTitle(state, last: last, in: body.row(0))
        drawScrubber(history, last: last, in: body.row(1))
        let content = body.inset(top: 3)
        if history.isValueOpen {
            drawHistoryValue(state, in: content)
        } else if body.width >= ConsoleLayout.threePaneWidth {
            let panes = content.columns(.fixed(52), .remaining, .proportion(0.36), gap: 1)
            drawHistoryEvents(state, last: last, in: panes[0])
            drawHistoryState(state, in: panes[1])
            drawDifference(state, in: panes[2])
            for pane in panes.dropFirst() {
                rule(at: pane.origin.moved(x: -1), height: pane.height)
            }
        } else if body.width < ConsoleLayout.twoPaneWidth, history.pane != .events {
            drawStateAndDifference(state, in: content)
        } else {
            let listWidth = body.width >= ConsoleLayout.twoPaneWidth ? 48 : 30
            let panes = content.columns(.fixed(listWidth), .remaining, gap: 1)
            drawHistoryEvents(state, last: last, in: panes[0])
            rule(at: panes[1].origin.moved(x: -1), height: panes[1].height)
            drawStateAndDifference(state, in: panes[1])
        }
    }

    /// Draws state and difference below each other; the one that takes the keys has the room.
    private mutating func drawStateAndDifference(_ state: ConsoleState, in area: Rectangle) {
        let history = state.history
        let wanted = max(4, (history.difference?.count ?? 0) + 2)
        let height =
            switch history.pane {
            case .events: min(wanted, area.height / 2)
            case .state: min(wanted, max(3, area.height / 3))
            case .difference: min(wanted, area.height - 4)
            }
        let parts = area.rows(.remaining, .fixed(height), gap: 1)
        drawHistoryState(state, in: parts[0])
        drawDifference(state, in: parts[1])
    }

    private mutating func drawHistoryTitle(_ state: ConsoleState, last: UInt64, in row: Rectangle) {
        let history = state.history
        let times = TimeWording(state)
        let inner = row.inset(left: 2, right: 1)
        let name = row.width < 100 ? "" : "\(history.stream?.text ?? "")   "
        var text = StyledText(name, .strong)
        text.append("at \(Wording.grouped(history.sequence))", .strong)
        text.append(" of \(Wording.grouped(last))", .muted)
        if let event = history.selected {
            text.append("   \(times.full(event.eventTime))", .text)
            // Where the list of events is not seen, the type is told here instead of the age.
            let isListHidden = row.width < ConsoleLayout.twoPaneWidth && history.pane != .events
            if !isListHidden, !history.isValueOpen {
                text.append(" (\(times.age(event.eventTime)))", .muted)
            }
            text.append("   #\(Wording.grouped(event.position.number))", .muted)
            if isListHidden || history.isValueOpen { text.append("   \(event.type)", .strong) }
        }
        draw(text, at: inner.origin, width: inner.width)
    }

    /// Draws the whole stream as a line with the selected place, the snapshots and A.
    private mutating func drawScrubber(_ history: HistoryState, last: UInt64, in row: Rectangle) {
        guard let scrubber = drawScrubber(last: last, in: row) else { return }
        for snapshot in history.snapshots {
            draw("S", at: scrubber.place(of: snapshot), style: Style(.chartLine2))
        }
        if let mark = history.mark {
            draw("A", at: scrubber.place(of: mark), style: Style(.searchHit))
        }
        draw(
            .point,
            at: scrubber.place(of: history.sequence),
            style: Style(.chartLine1, .bold)
        )
    }

    // MARK: - Events

    private mutating func drawHistoryEvents(
        _ state: ConsoleState,
        last: UInt64,
        in area: Rectangle
    ) {
        let history = state.history
        paneTitle("EVENTS", note: "", isFocused: history.pane == .events, in: area.row(0))
        let list = area.inset(top: 1)
        let first = history.firstSequence(fitting: list.height)
        let digits = max(3, Wording.grouped(last).count)
        let times = TimeWording(state)
        let showsTime = area.width >= 44
        for offset in 0..<list.height {
            let sequence = first + UInt64(offset)
            guard sequence <= last else { break }
            let row = list.row(offset)
            let number = row.inset(left: 2)
            draw(
                Wording.grouped(sequence),
                at: number.origin,
                style: .muted,
                width: digits,
                alignment: .right
            )
            let rest = number.inset(left: digits + 2, right: showsTime ? 17 : 1)
            if let event = history.event(at: sequence) {
                draw(event.type.text, at: rest.origin, width: rest.width)
                if showsTime {
                    let place = Point(x: row.maxX - 15, y: row.y)
                    draw(times.short(event.eventTime), at: place, style: .muted, width: 14)
                }
            } else {
                draw(glyphs(.ellipsis), at: rest.origin, style: .muted)
            }
            if history.snapshots.contains(sequence) {
                draw("S", at: Point(x: row.x + 1, y: row.y), style: Style(.chartLine2))
            }
            if sequence == history.mark {
                draw("A", at: Point(x: row.x + 1, y: row.y), style: Style(.searchHit))
            }
            if sequence == history.sequence { select(row) }
        }
    }

    /// Draws the title of a pane; the one that takes the keys is marked.
    // MARK: - State

    private mutating func drawHistoryState(_ state: ConsoleState, in area: Rectangle) {
        let history = state.history
        let isCurrent = history.stateSequence == history.sequence
        let error = state.errors[.aggregateState]
        let sequence = error == nil ? history.stateSequence ?? history.sequence : history.sequence
        var note = history.state?.rules ?? ""
        if let blame = history.blame {
            note = "looking for \(blame.path) at \(Wording.grouped(blame.sequence))"
        } else if !isCurrent, error == nil || state.isWaiting(for: .aggregateState) {
            note = "folding"
        }
        paneTitle(
            "STATE AT \(Wording.grouped(sequence))",
            note: note,
            isFocused: history.pane == .state,
            in: area.row(0)
        )
        let list = area.inset(top: 1)
        if let error {
            draw(wrapping: error.message, in: list.inset(left: 2, right: 1), style: .strong)
            return
        }
        let lines = history.visibleLines
        guard !lines.isEmpty, !list.isEmpty else {
            guard isCurrent else { return }
            let words = history.showsChangedOnly ? "no field that is kept changed" : "no state"
            return emptyList(words, in: list.row(0))
        }
        let changed = history.difference ?? []
        let first = firstLine(history, count: lines.count, rows: list.height)
        for (offset, line) in lines.dropFirst(first).prefix(list.height).enumerated() {
            let row = list.row(offset)
            let isChanged =
                !line.path.isEmpty
                && changed.contains {
                    $0.path == line.path || line.isFolded && $0.path.isField(line.path)
                }
            let style = !isCurrent ? .muted : isChanged ? Style(.differenceChange) : Style.text
            if isChanged {
                draw(.changed, at: Point(x: row.x + 1, y: row.y), style: style)
            }
            let indent = 2 + 2 * min(line.depth, 20)
            draw(
                line.text,
                at: row.origin.moved(x: indent),
                style: style,
                width: row.width - indent
            )
            if history.pane == .state, first + offset == history.stateLine { select(row) }
        }
    }

    /// The first line of the state to draw, such that the selected or the changed one is seen.
    private func firstLine(_ history: HistoryState, count: Int, rows: Int) -> Int {
        guard count > rows else { return 0 }
        if history.pane == .state {
            return min(max(0, history.stateLine - rows / 2), count - rows)
        }
        let paths = Set((history.difference ?? []).map(\.path))
        let line = history.visibleLines.firstIndex { !$0.path.isEmpty && paths.contains($0.path) }
        return min(max(0, (line ?? 0) - rows / 2), count - rows)
    }

    // MARK: - Difference

    private mutating func drawDifference(_ state: ConsoleState, in area: Rectangle) {
        let history = state.history
        let error = state.errors[.difference]
        let known = error == nil ? history.comparison : nil
        let shown = known ?? history.wantedComparison
        let from = shown.from.map { Wording.grouped($0) } ?? "nothing"
        let isCurrent = history.comparison == history.wantedComparison
        let isAnswered = isCurrent || error != nil && !state.isWaiting(for: .difference)
        paneTitle(
            "DIFFERENCE \(from) \(glyphs(.right)) \(Wording.grouped(shown.to))",
            note: isAnswered ? history.base.words : "comparing",
            isFocused: history.pane == .difference,
            in: area.row(0)
        )
        let list = area.inset(top: 1)
        if let error {
            draw(wrapping: error.message, in: list.inset(left: 2, right: 1), style: .strong)
            return
        }
        guard let fields = history.difference else { return }
        guard !fields.isEmpty else {
            return emptyList("no visible change: the state keeps nothing of it", in: list.row(0))
        }
        let first = min(history.differenceTop, max(0, fields.count - list.height))
        let pathWidth = min(
            max(8, fields.map { TerminalText.width($0.path) }.max() ?? 8),
            area.width / 2 - 4
        )
        for (offset, field) in fields.dropFirst(first).prefix(list.height).enumerated() {
            let row = list.row(offset)
            draw(field, pathWidth: pathWidth, isCurrent: isCurrent, in: row)
            if history.pane == .difference, first + offset == history.differenceTop { select(row) }
        }
        let hidden = fields.count - first - list.height
        guard hidden > 0, !list.isEmpty else { return }
        let lastRow = list.row(list.height - 1)
        draw(
            " \(hidden) more",
            at: lastRow.origin,
            style: .muted,
            width: lastRow.width - 1,
            alignment: .right
        )
    }

    private mutating func draw(
        _ field: FieldDifference,
        pathWidth: Int,
        isCurrent: Bool,
        in row: Rectangle
    ) {
        let (glyph, role): (Glyph, StyleRole) =
            field.before == nil
            ? (.added, .differenceAdd)
            : field.after == nil ? (.removed, .differenceRemove) : (.changed, .differenceChange)
        let style = isCurrent ? Style(role) : .muted
        draw(glyph, at: row.origin.moved(x: 2), style: style)
        draw(
            field.path.isEmpty ? "(all)" : field.path,
            at: row.origin.moved(x: 4),
            style: style,
            width: pathWidth
        )
        var text = StyledText()
        if let before = field.before { text.append(before, .muted) }
        if field.before != nil, field.after != nil { text.append(" \(glyphs(.right)) ", .muted) }
        if let after = field.after { text.append(after, .text) }
        let x = 6 + pathWidth
        draw(text, at: row.origin.moved(x: x), width: max(0, row.width - x - 1))
    }
}

extension HistoryState.Base {
    /// What is compared, in words.
    fileprivate var words: String {
        switch self {
        case .previous: "with the event before"
        case .mark: "with A"
        case .head: "with the head"
        }
    }
}
