import ConsoleModel
import OperationsModel
import Screen

/// A sentence about what is planned or was done, with a sign before it.
struct Note {
    let glyph: Glyph
    let text: String
    let style: Style

    /// Whether what is planned can be asked for, and what to do for it.
    static func readiness(_ refusal: String?, _ state: ConsoleState) -> Note {
        if let refusal {
            let words = "would be refused: \(refusal)"
            return Note(glyph: .critical, text: words, style: Style(.stateError))
        }
        if let refusal = state.changeRefusal {
            return Note(glyph: .warning, text: refusal, style: Style(.lagWarning))
        }
        let words = "ready: Enter goes on to the confirmation"
        return Note(glyph: .ok, text: words, style: Style(.stateOK))
    }
}

extension Frame {
    /// Draws sentences about a plan; where not all fit, the last ones.
    mutating func drawNotes(_ notes: [Note], in area: Rectangle) {
        var rows = RowCursor(area)
        if notes.count < area.height { rows.skip() }
        for note in notes.suffix(area.height) { draw(note, lines: area.height, rows: &rows) }
    }

    /// Draws a sentence behind its sign, in so many lines at most.
    mutating func draw(_ note: Note, lines: Int, rows: inout RowCursor) {
        let place = rows.rest.inset(left: 2, right: 1)
        guard !place.isEmpty else { return }
        draw(glyphs(note.glyph), at: place.origin, style: note.style)
        let style = note.glyph == .right ? Style.text : note.style
        let text = place.inset(left: 2, bottom: max(0, place.height - lines))
        rows.skip(max(1, draw(wrapping: note.text, in: text, style: style)))
    }

    /// Draws how far an operation has come, with a sign for each of its steps.
    ///
    /// - Parameters:
    ///   - names: what the steps are called, in order.
    ///   - step: the index of the step at hand; all are done where it is that of none.
    ///   - stage: tells an operation that was not carried out.
    ///   - row: where.
    mutating func drawStages(
        _ names: [String],
        step: Int,
        of stage: OperationStage,
        in row: Rectangle
    ) {
        if case .finished(_, let outcome) = stage, !outcome.isCompleted {
            let text = StyledText("\(glyphs(.check)) asked    ", Style(.stateOK))
            draw(text + outcome.text(glyphs), at: row.origin.moved(x: 2), width: row.width - 3)
            return
        }
        var text = StyledText()
        for (index, name) in names.enumerated() {
            let (glyph, style): (Glyph, Style) =
                index < step
                ? (.check, Style(.stateOK))
                : index == step ? (.replaying, Style(.stateReplaying)) : (.idle, .muted)
            text.append("\(glyphs(glyph)) \(name)    ", style)
        }
        draw(text, at: row.origin.moved(x: 2), width: row.width - 3)
    }

    /// Who asked for an operation, and why.
    func askerText(_ entry: OperationEntry?) -> StyledText {
        guard let entry else { return StyledText() }
        return StyledText("   by \(entry.operatorName) on \(entry.host)", .muted)
            + StyledText("   \"\(entry.reason)\"", .text)
    }
}

extension OperationEntry.Outcome {
    /// Whether the request was carried out.
    var isCompleted: Bool {
        if case .completed = self { true } else { false }
    }
}
