import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws every processing group; below it the selected one where there is room.
    mutating func drawProcessors(_ state: ConsoleState, in body: Rectangle) {
        drawProcessorsLine(state, in: body.row(0))
        let content = body.inset(top: 1)
        let rows = state.processors.rows
        let spare = content.height - max(4, rows.count + 2)
        let detailHeight = spare >= 12 ? spare : content.height >= 16 ? 12 : 0
        let parts = content.rows(.remaining, .fixed(detailHeight))
        drawProcessorTable(state, in: parts[0])
        guard detailHeight > 0, let selected = state.processors.selected else { return }
        let detail = parts[1]
        rule(at: detail.origin, width: detail.width)
        if body.width >= ConsoleLayout.threePaneWidth {
            let panes = detail.inset(top: 1).columns(.proportion(0.4), .remaining, gap: 1)
            drawProcessorFields(selected, state: state, in: panes[0])
            rule(at: panes[1].origin.moved(x: -1), height: panes[1].height)
            drawGroupOperations(selected.group, state: state, in: panes[1])
        } else {
            drawProcessorFields(selected, state: state, in: detail.inset(top: 1))
        }
    }

    private mutating func drawProcessorsLine(_ state: ConsoleState, in row: Rectangle) {
        let list = state.processors
        let all = state.allProcessors ?? []
        let inner = row.inset(left: 2, right: 1)
        var text = StyledText(Wording.counted(all.count, "group"), .text)
        for kind in ProcessorStatus.State.allCases.reversed() {
            let count = all.count { $0.state == kind }
            guard count > 0 else { continue }
            text.append("   ", .text)
            text.append("\(glyphs(kind.glyph)) \(count) \(kind.word)", Style(kind.role))
        }
        if list.showsProblemsOnly { text.append("   problems only", .strong) }
        draw(text, at: inner.origin, width: inner.width)
        drawFilter(list.filter, in: inner)
    }

    private mutating func drawProcessorTable(_ state: ConsoleState, in area: Rectangle) {
        let list = state.processors
        guard !list.rows.isEmpty else {
            let words =
                state.allProcessors == nil
                ? "asking the store"
                : state.allProcessors?.isEmpty == true
                    ? "no processing groups" : "no group fits; Esc clears the filter"
            return emptyList(words, in: area.row(1))
        }
        let first = list.cursor.firstRow(fitting: area.height - 1, of: list.rows.count)
        let arrow = glyphs(list.isReversed ? .up : .down)
        let chartWidth = area.width >= ConsoleLayout.threePaneWidth ? 40 : 12
        func title(_ text: String, _ order: ProcessorsState.Order) -> String {
            list.order == order ? "\(text)\(arrow)" : text
        }
        table(
            [
                TableColumn(title("GROUP", .name), .flexible(minimum: 22, maximum: 36)),
                TableColumn(title("STATE", .state), .fixed(14)),
                TableColumn("TOKEN", .fixed(11, .right, dropOrder: 7)),
                TableColumn("HEAD", .fixed(11, .right, dropOrder: 6)),
                TableColumn(title("LAG", .lag), .fixed(10, .right)),
                TableColumn("BEHIND", .fixed(7, .right)),
                TableColumn("", .fixed(1)),
                TableColumn("RATE", .fixed(8, .right)),
                TableColumn("DEAD", .fixed(5, .right)),
                TableColumn("OWNER", .flexible(minimum: 10, maximum: 24, dropOrder: 3)),
                TableColumn("SEEN", .fixed(6, .right, dropOrder: 4)),
                TableColumn("LAG, 2 MIN", .fixed(chartWidth, dropOrder: 5)),
            ],
            in: area,
            count: list.rows.count,
            selection: TableSelection(first: first, selected: list.cursor.index),
            gap: area.width < 100 ? 1 : 2
        ) { row, column, glyphs in
            guard column < 11 else {
                let chart = state.trends.chart(
                    of: list.rows[row].group,
                    width: chartWidth,
                    glyphs: glyphs
                )
                return StyledText(chart, Style(.chartLine1))
            }
            return processorCell(
                list.rows[row],
                column: column,
                trends: state.trends,
                glyphs: glyphs
            )
        }
    }

}

/// One cell of the table of groups.
private func processorCell(
    _ status: ProcessorStatus,
    column: Int,
    trends: Trends,
    glyphs: GlyphSet
) -> StyledText {
    switch column {
    case 0: StyledText(status.group, .strong)
    case 1: status.stateText(glyphs)
    case 2: StyledText(Wording.counter(status.position.number))
    case 3: StyledText(Wording.counter(status.head.number), .muted)
    case 4: StyledText(Wording.counter(status.lagEvents), status.lagStyle)
    case 5:
        StyledText(
            status.lagEvents == 0 ? "-" : Wording.duration(status.lagSeconds),
            status.lagStyle
        )
    case 6:
        StyledText(status.lagEvents == 0 ? "" : glyphs(trends.sign(of: status.group)), .muted)
    case 7: StyledText(Wording.rate(status.ratePerSecond))
    case 8:
        status.deadLetterCount == 0
            ? StyledText("-", .muted)
            : StyledText(Wording.grouped(status.deadLetterCount), Style(.deadLetter))
    case 9: StyledText(status.owner ?? "nobody", status.owner == nil ? .muted : .text)
    default:
        StyledText(
            status.heartbeatSeconds.map { Wording.duration($0) } ?? "-",
            status.heartbeatStyle
        )
    }
}

extension ProcessorStatus {
    /// The style of the owner's last sign of life: silent for 10 seconds is too long.
    var heartbeatStyle: Style {
        guard let heartbeatSeconds else { return .muted }
        return heartbeatSeconds > 10 ? Style(.stale) : .muted
    }
}
