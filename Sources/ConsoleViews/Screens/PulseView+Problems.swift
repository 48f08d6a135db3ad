import ConsoleModel
import OperationsModel
import Screen

extension Frame {
    /// Draws the list of problems, and what the selected one means in full.
    mutating func drawProblems(_ state: ConsoleState, in area: Rectangle) {
        guard area.height > 1 else { return }
        guard let problems = state.problems, !problems.isEmpty else {
            heading("PROBLEMS", in: area.row(0))
            return emptyList(
                state.problems == nil ? "asking the store" : "none",
                in: area.row(1)
            )
        }
        let cursor = state.pulse.cursor
        let gap = area.width < 100 ? 1 : 2
        let longest = problems.map { TerminalText.width($0.place.name) }.max() ?? 0
        let placeWidth = min(area.width < 100 ? 20 : 36, max(8, longest))
        let sinceWidth = problems.contains { $0.since != nil } ? 10 : 0
        let textWidth = area.width - 3 - 10 - placeWidth - sinceWidth - 3 * gap
        let selected = problems.indices.contains(cursor.index) ? problems[cursor.index] : nil
        let isCut = selected.map { TerminalText.width($0.summaryAtPlace) > textWidth } ?? false
        let detailHeight = isCut && area.height > 5 ? 3 : 1
        let list = area.rows(
            .fixed(min(problems.count + 1, max(2, area.height - detailHeight))),
            .remaining
        )
        let first = cursor.firstRow(fitting: list[0].height - 1, of: problems.count)
        let times = TimeWording(state)
        table(
            [
                TableColumn("PROBLEM", .fixed(10)),
                TableColumn("WHERE", .fixed(placeWidth)),
                TableColumn("WHAT", .fixed(max(20, textWidth))),
                TableColumn(sinceWidth == 0 ? "" : "SINCE", .fixed(sinceWidth, .right)),
            ],
            in: list[0],
            count: problems.count,
            selection: TableSelection(first: first, selected: cursor.index),
            gap: gap
        ) { row, column, glyphs in
            let problem = problems[row]
            return switch column {
            case 0:
                StyledText(
                    "\(glyphs(problem.severity.glyph)) \(problem.severity.word)",
                    Style(problem.severity.role)
                )
            case 1: StyledText(problem.place.name, .strong)
            case 2: StyledText(problem.summaryAtPlace)
            default: StyledText(problem.since.map { times.age($0) } ?? "", .muted)
            }
        }
        guard let selected else { return }
        drawProblem(selected, withSummary: isCut, in: list[1])
    }

    /// Draws what to do about a problem, after its whole summary where the list cut that.
    private mutating func drawProblem(
        _ problem: Problem,
        withSummary: Bool,
        in area: Rectangle
    ) {
        let inner = area.inset(left: 4, right: 1)
        guard !inner.isEmpty else { return }
        let used = withSummary ? draw(wrapping: problem.summary, in: inner.inset(bottom: 1)) : 0
        let remedy = inner.inset(top: used)
        draw(.right, at: remedy.origin.moved(x: -2), style: Style(.keyHint))
        draw(wrapping: problem.remedy, in: remedy, style: .strong)
    }
}
