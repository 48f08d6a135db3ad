import ConsoleModel
import OperationsModel
import Screen

extension Frame {
    /// Draws the value under the cursor in full: of the state, or before and after.
    mutating func drawHistoryValue(_ state: ConsoleState, in area: Rectangle) {
        let history = state.history
        let inner = area.inset(left: 2, right: 1)
        var lines: [StyledText] = []
        func add(_ text: String, _ style: Style) {
            lines += TerminalText.wrapped(text, width: inner.width).map { StyledText($0, style) }
        }
        if history.pane == .difference {
            let fields = history.difference ?? []
            guard fields.indices.contains(history.differenceTop) else { return }
            let field = fields[history.differenceTop]
            lines.append(StyledText(field.path.isEmpty ? "(all)" : field.path, .strong))
            lines += [StyledText(), StyledText("BEFORE", .header)]
            add(field.before ?? "not there", field.before == nil ? .muted : .text)
            lines += [StyledText(), StyledText("AFTER", .header)]
            add(field.after ?? "not there", field.after == nil ? .muted : .text)
        } else {
            let shown = history.visibleLines
            guard shown.indices.contains(history.stateLine) else { return }
            let line = shown[history.stateLine]
            lines += [StyledText(line.path, .strong), StyledText()]
            add(line.text, .text)
        }
        drawScrolling(lines, top: history.valueTop, in: inner)
    }

    /// Draws lines from one of them on, and how many are below.
    mutating func drawScrolling(_ lines: [StyledText], top: Int, in area: Rectangle) {
        guard !area.isEmpty else { return }
        let first = min(top, max(0, lines.count - area.height))
        for (offset, line) in lines.dropFirst(first).prefix(area.height).enumerated() {
            draw(line, at: area.row(offset).origin, width: area.width)
        }
        let hidden = lines.count - first - area.height
        guard hidden > 0 else { return }
        draw(
            " \(glyphs(.down)) \(hidden) more: j",
            at: area.row(area.height - 1).origin,
            style: .muted,
            width: area.width,
            alignment: .right
        )
    }
}
