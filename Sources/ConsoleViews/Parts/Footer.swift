import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws the last row: what is asked or told, or else which keys matter here.
    mutating func drawFooter(_ state: ConsoleState, in row: Rectangle) {
        let inner = row.inset(left: 2, right: 1)
        switch state.overlay {
        case .question(let question):
            let text =
                StyledText(question.text + " ", .strong)
                + StyledText("[y/N]", Style(.keyHint))
            draw(text, at: inner.origin, width: inner.width)
        case .prompt(let prompt): draw(prompt, in: inner)
        case .palette:
            drawHints([("Enter", "do"), ("Up Down", "choose"), ("Esc", "close")], in: inner)
        case .menu:
            drawHints([("Enter", "do"), ("j k", "choose"), ("Esc", "close")], in: inner)
        case .typedConfirmation:
            drawHints([("Tab", "button"), ("Enter", "press it"), ("Esc", "cancel")], in: inner)
        case nil:
            let used = drawJob(state, in: inner)
            drawKeyHints(state, in: inner.inset(right: used == 0 ? 0 : used + 3))
        }
    }

    /// Draws what was just told on the line above the keys.
    mutating func drawNotice(_ state: ConsoleState, in row: Rectangle) {
        guard let notice = state.notice else { return }
        let text = TerminalText.clipped(notice.text, to: row.width - 4, glyphs: glyphs)
        draw(" \(text) ", at: row.origin.moved(x: 1), style: notice.style, width: row.width - 2)
    }

    private mutating func draw(_ prompt: Prompt, in row: Rectangle) {
        let label = StyledText(prompt.label, .strong) + StyledText(": ", .muted)
        var x = draw(label, at: row.origin, width: row.width)
        let notes = prompt.complaint ?? prompt.example
        let noteStyle = prompt.complaint == nil ? Style.muted : Style(.lagWarning)
        let room = max(8, row.width - x - TerminalText.width(notes) - 3)
        x += drawLine(prompt.editor, at: row.origin.moved(x: x), width: room)
        draw(
            notes,
            at: row.origin.moved(x: x + 3),
            style: noteStyle,
            width: row.width - x - 3,
            alignment: .right
        )
    }

    /// Draws a line that is typed, with the cursor in it, and returns the cells it took.
    mutating func drawLine(_ editor: LineEditor, at point: Point, width: Int) -> Int {
        guard width > 1 else { return 0 }
        let before = String(editor.text.prefix(editor.cursor))
        let shown = TerminalText.width(before)
        var start = editor.text.startIndex
        var hidden = 0
        while shown - hidden > width - 1, start < editor.text.endIndex {
            hidden += TerminalText.width(String(editor.text[start]))
            start = editor.text.index(after: start)
        }
        let used = draw(String(editor.text[start...]), at: point, style: .strong, width: width)
        cursor = point.moved(x: max(0, shown - hidden))
        return max(used, shown - hidden + 1)
    }

    private mutating func drawKeyHints(_ state: ConsoleState, in row: Rectangle) {
        let gap = size.width < 100 ? 2 : 3
        let help = StyledText("?", Style(.keyHint)) + StyledText(" help", .text)
        var x = 0
        for binding in state.hints where binding.command != .help {
            let refusal = state.refusal(of: binding.command)
            let key = binding.keys.first?.description ?? ""
            var hint = StyledText(key, refusal == nil ? Style(.keyHint) : .muted)
            hint.append(" \(binding.hint)", refusal == nil ? .text : .muted)
            if let refusal, binding.priority == 1 { hint.append(" (\(refusal))", .muted) }
            let width = hint.width
            guard x + width + gap + help.width <= row.width else { break }
            draw(hint, at: row.origin.moved(x: x), width: width)
            x += width + gap
        }
        draw(help, at: row.origin.moved(x: x), width: row.width - x)
    }

    private mutating func drawHints(_ hints: [(String, String)], in row: Rectangle) {
        var text = StyledText()
        for (key, hint) in hints {
            text.append(key, Style(.keyHint))
            text.append(" \(hint)   ", .text)
        }
        draw(text, at: row.origin, width: row.width)
    }

    /// Draws the replay under way at the right, and returns the cells it took.
    private mutating func drawJob(_ state: ConsoleState, in row: Rectangle) -> Int {
        guard state.screen != .replay,
            let running = state.allProcessors?.first(where: { $0.replay != nil }),
            let replay = running.replay
        else { return 0 }
        let done = Double(running.position.number) - Double(replay.from.number)
        let all = Double(replay.to.number) - Double(replay.from.number)
        let isNarrow = size.width < 100
        var words = "\(glyphs(.replaying)) \(isNarrow ? "" : "replay ")\(running.group) "
        words += Wording.percent(done, of: all)
        if running.ratePerSecond > 0, !isNarrow {
            words += ", \(Wording.duration(max(0, all - done) / running.ratePerSecond)) left"
        }
        let text = StyledText(words, Style(.stateReplaying))
        draw(text, at: row.origin, width: row.width, alignment: .right)
        return text.width
    }
}

extension Notice {
    fileprivate var style: Style {
        switch kind {
        case .information: .strong
        case .refusal: Style(.lagWarning)
        case .failure: Style(.stateError)
        }
    }
}
