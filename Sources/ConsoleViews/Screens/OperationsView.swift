import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws who did what, why, when, and what came of it.
    mutating func drawOperations(_ state: ConsoleState, in body: Rectangle) {
        let list = state.operations
        drawOperationsLine(state, in: body.row(0))
        let content = body.inset(top: 1)
        if body.width >= ConsoleLayout.threePaneWidth {
            let panes = content.columns(.remaining, .fixed(64), gap: 1)
            drawOperationTable(state, in: panes[0])
            rule(at: panes[1].origin.moved(x: -1), height: panes[1].height)
            drawOperation(list.selected, state: state, in: panes[1])
        } else {
            let isEmpty = list.rows.isEmpty
            let height = min(max(10, content.height - list.rows.count - 2), content.height * 3 / 5)
            let parts = content.rows(.remaining, .fixed(isEmpty ? 0 : height))
            drawOperationTable(state, in: parts[0])
            guard !isEmpty else { return }
            rule(at: parts[1].origin, width: parts[1].width)
            drawOperation(list.selected, state: state, in: parts[1].inset(top: 1))
        }
    }

    private mutating func drawOperationsLine(_ state: ConsoleState, in row: Rectangle) {
        let inner = row.inset(left: 2, right: 1)
        let count = Wording.counted(state.operations.rows.count, "operation")
        draw("\(count), newest first", at: inner.origin, style: .muted, width: inner.width)
        drawFilter(state.operations.filter, in: inner)
    }

    private mutating func drawOperationTable(_ state: ConsoleState, in area: Rectangle) {
        let list = state.operations
        guard !list.rows.isEmpty else {
            let words =
                state.allOperations == nil
                ? "asking the store"
                : list.filter.isEmpty ? "no operator did anything yet" : "no operation fits"
            return emptyList(words, in: area.row(1))
        }
        let times = TimeWording(state)
        table(
            [
                TableColumn(times.title("WHEN"), .fixed(14)),
                TableColumn("WHO", .flexible(minimum: 6, maximum: 14)),
                TableColumn("DID", .fixed(8)),
                TableColumn("TO", .flexible(minimum: 12, maximum: 30, weight: 2)),
                TableColumn("OUTCOME", .fixed(9)),
                TableColumn("WHY", .flexible(minimum: 14, weight: 3)),
            ],
            in: area,
            count: list.rows.count,
            selection: TableSelection(
                first: list.cursor.firstRow(fitting: area.height - 1, of: list.rows.count),
                selected: list.cursor.index
            )
        ) { row, column, glyphs in
            let entry = list.rows[row]
            return switch column {
            case 0: StyledText(times.short(entry.requestTime), .muted)
            case 1: StyledText(entry.operatorName)
            case 2: StyledText(entry.name, .strong)
            case 3: StyledText(entry.target)
            case 4: entry.outcome.text(glyphs)
            default: StyledText(entry.reason, .muted)
            }
        }
    }

    private mutating func drawOperation(
        _ entry: OperationEntry?,
        state: ConsoleState,
        in area: Rectangle
    ) {
        guard let entry else { return emptyList("no operation is selected", in: area.row(0)) }
        let times = TimeWording(state)
        var rows = RowCursor(area)
        let title =
            StyledText("\(entry.name) ", .strong) + StyledText("\(entry.target)   ", .strong)
        draw(
            title + entry.outcome.text(glyphs),
            at: rows.next().origin.moved(x: 2),
            width: area.width - 3
        )
        field("asked", StyledText(times.full(entry.requestTime)), in: rows.next())
        field("by", StyledText("\(entry.operatorName) on \(entry.host)"), in: rows.next())
        field("why", wrapping: entry.reason, in: &rows)
        if let time = entry.outcomeTime {
            let took = Wording.duration(time.seconds(since: entry.requestTime))
            field("answered", StyledText("\(times.full(time)), after \(took)"), in: rows.next())
        }
        if !entry.outcome.detail.isEmpty {
            field("outcome", wrapping: entry.outcome.detail, in: &rows)
        }
        if !entry.change.isEmpty { field("change", wrapping: entry.change, in: &rows) }
        field(
            "id",
            StyledText("\(entry.id)   #\(Wording.grouped(entry.position.number))", .muted),
            in: rows.next()
        )
    }
}
