import ConsoleModel
import OperationsModel
import Screen

extension Frame {
    /// Draws what lies over the screen; questions and prompts are in the footer instead.
    mutating func drawOverlay(_ state: ConsoleState, in body: Rectangle) {
        switch state.overlay {
        case .palette(let palette): draw(palette, in: body)
        case .menu(let menu): draw(menu, in: body)
        case .typedConfirmation(let confirmation): draw(confirmation, in: body)
        case .question, .prompt, nil: break
        }
    }

    /// Draws an empty dialog and returns the area inside its frame.
    private mutating func dialog(_ size: Size, border: Style, in body: Rectangle) -> Rectangle {
        let area = body.centered(size)
        fill(
            Rectangle(x: area.x - 1, y: area.y, width: area.width + 2, height: area.height),
            style: .text
        )
        fill(area, style: Style(.text, on: .raised))
        box(area, style: border.on(.raised))
        return area.inset(horizontal: 1, vertical: 1)
    }

    private mutating func draw(_ palette: CommandPalette, in body: Rectangle) {
        let size = Size(width: min(96, body.width - 2), height: min(18, body.height - 1))
        let inner = dialog(size, border: .border, in: body)
        draw(":", at: inner.origin.moved(x: 1), style: Style(.keyHint, on: .raised))
        _ = drawLine(palette.editor, at: inner.origin.moved(x: 3), width: inner.width - 4)
        lay(inner.row(0), on: .raised)
        rule(at: inner.row(1).origin, width: inner.width, style: Style(.border, on: .raised))
        let list = inner.inset(top: 2)
        guard !palette.entries.isEmpty else {
            draw(
                "nothing fits",
                at: list.origin.moved(x: 3),
                style: Style(.textMuted, on: .raised),
                width: list.width - 4
            )
            return
        }
        let first = min(max(0, palette.index - list.height + 1), palette.entries.count)
        let longest = palette.entries.map { TerminalText.width($0.title) }.max() ?? 0
        let titleWidth = min(max(16, longest), list.width / 2)
        for (offset, entry) in palette.entries.dropFirst(first).prefix(list.height).enumerated() {
            let row = list.row(offset)
            draw(entry, titleWidth: titleWidth, in: row)
            if first + offset == palette.index { select(row) }
        }
    }

    private mutating func draw(
        _ entry: CommandPalette.Entry,
        titleWidth: Int,
        in row: Rectangle
    ) {
        let inner = row.inset(left: 3, right: 2)
        let isPossible = entry.refusal == nil
        draw(
            entry.title,
            at: inner.origin,
            style: Style(isPossible ? .textStrong : .textMuted, on: .raised),
            width: titleWidth
        )
        let keyWidth = 8
        draw(
            entry.refusal ?? entry.explanation,
            at: inner.origin.moved(x: titleWidth + 2),
            style: Style(.textMuted, on: .raised),
            width: max(0, inner.width - titleWidth - keyWidth - 3)
        )
        draw(
            entry.keyText,
            at: inner.origin,
            style: Style(.keyHint, on: .raised),
            width: inner.width,
            alignment: .right
        )
    }

    private mutating func draw(_ menu: ActionMenu, in body: Rectangle) {
        let titleWidth = menu.entries.map { TerminalText.width($0.title) }.max() ?? 0
        let noteWidth = menu.entries.map { TerminalText.width($0.refusal ?? "") }.max() ?? 0
        let width = min(body.width - 4, max(52, titleWidth + noteWidth + 10))
        // Where the refusals do not fit beside the titles, that of the selected entry is below.
        let isNarrow = titleWidth + noteWidth + 10 > width
        let size = Size(width: width, height: menu.entries.count + (isNarrow ? 6 : 4))
        let inner = dialog(size, border: .border, in: body)
        draw(
            menu.subject,
            at: inner.origin.moved(x: 3),
            style: Style(.header, on: .raised),
            width: inner.width - 4
        )
        for (offset, entry) in menu.entries.enumerated() {
            let row = inner.row(offset + 2)
            guard !row.isEmpty else { break }
            let isPossible = entry.refusal == nil
            var text = StyledText(
                TerminalText.fitted(entry.title, to: titleWidth, glyphs: glyphs),
                Style(isPossible ? .textStrong : .textMuted, on: .raised)
            )
            if let refusal = entry.refusal, !isNarrow {
                text.append("   \(refusal)", Style(.lagWarning, on: .raised))
            }
            draw(text, at: row.origin.moved(x: 3), width: row.width - 4)
            if offset == menu.index { select(row) }
        }
        guard isNarrow, menu.entries.indices.contains(menu.index),
            let refusal = menu.entries[menu.index].refusal
        else { return }
        draw(
            refusal,
            at: inner.row(menu.entries.count + 3).origin.moved(x: 3),
            style: Style(.lagWarning, on: .raised),
            width: inner.width - 4
        )
    }

    private mutating func draw(_ confirmation: TypedConfirmation, in body: Rectangle) {
        let width = min(64, body.width - 4)
        let size = Size(width: width, height: confirmation.consequences.count + 10)
        let inner = dialog(size, border: Style(.stateError), in: body).inset(horizontal: 2)
        var rows = RowCursor(inner)
        func line(_ text: StyledText) -> StyledText {
            StyledText(text.runs.map { .init($0.text, $0.style.on(.raised)) })
        }
        draw(
            line(StyledText(confirmation.title, Style(.textStrong, .bold))),
            at: rows.next().origin,
            width: inner.width
        )
        rows.skip()
        for sentence in confirmation.consequences {
            draw(line(StyledText(sentence)), at: rows.next().origin, width: inner.width)
        }
        rows.skip()
        let ask = StyledText("type ", .text) + StyledText(confirmation.expected, .strong)
        draw(line(ask + StyledText(" to go on", .text)), at: rows.next().origin, width: inner.width)
        let input = rows.next()
        draw(line(StyledText("> ", Style(.keyHint))), at: input.origin)
        _ = drawLine(confirmation.editor, at: input.origin.moved(x: 2), width: inner.width - 3)
        lay(input, on: .raised)
        let complaint = confirmation.complaint ?? (confirmation.matches ? "matches" : "")
        let style = Style(confirmation.complaint == nil ? .stateOK : .lagWarning)
        draw(line(StyledText(complaint, style)), at: rows.next().origin, width: inner.width)
        drawButtons(confirmation, in: rows.next())
    }

    private mutating func drawButtons(_ confirmation: TypedConfirmation, in row: Rectangle) {
        func style(_ focus: TypedConfirmation.Focus, isPossible: Bool) -> Style {
            if confirmation.focus == focus { return Style(.textStrong, .bold, on: .selection) }
            return Style(isPossible ? .text : .textMuted, on: .raised)
        }
        var text = StyledText("[ Cancel ]", style(.cancel, isPossible: true))
        text.append("   ", Style(.text, on: .raised))
        text.append(
            "[ \(confirmation.title) ]",
            style(.confirm, isPossible: confirmation.matches)
        )
        draw(text, at: row.origin, width: row.width)
    }
}
