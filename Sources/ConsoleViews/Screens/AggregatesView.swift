import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws the list of streams.
    mutating func drawAggregates(_ state: ConsoleState, in body: Rectangle) {
        let list = state.aggregates
        drawAggregatesLine(state, in: body.row(0))
        let area = body.inset(top: 1)
        guard !list.window.isEmpty else {
            let words = state.answerTimes[.streams] == nil || state.isWaiting(for: .streams)
            return emptyList(
                words
                    ? "asking the store"
                    : list.filter.isEmpty ? "no streams" : "no stream fits; Esc clears the filter",
                in: area.row(1)
            )
        }
        let times = TimeWording(state)
        let first = list.cursor.firstRow(fitting: area.height - 1, of: list.window.count)
        func title(_ text: String, _ order: StreamsRequest.Order) -> String {
            list.order == order ? "\(text)\(glyphs(.down))" : text
        }
        table(
            [
                TableColumn(title("STREAM", .name), .flexible(minimum: 24, maximum: 80, weight: 3)),
                TableColumn("CATEGORY", .flexible(minimum: 12, maximum: 24, dropOrder: 3)),
                TableColumn(title("EVENTS", .events), .fixed(10, .right)),
                TableColumn(title(times.title("CHANGED"), .recent), .fixed(14)),
                TableColumn("AGE", .fixed(10, .right)),
                TableColumn("POSITION", .fixed(12, .right, dropOrder: 1)),
                TableColumn(times.title("FIRST"), .fixed(14, dropOrder: 2)),
            ],
            in: area,
            count: list.window.count,
            selection: TableSelection(first: first, selected: list.cursor.index)
        ) { row, column, glyphs in
            let stream = list.window[row]
            return switch column {
            case 0: StyledText(stream.stream.text, .strong)
            case 1: StyledText(stream.stream.category.text, .muted)
            case 2: StyledText(Wording.grouped(stream.eventCount))
            case 3: StyledText(times.short(stream.lastTime))
            case 4: StyledText(times.age(stream.lastTime), .muted)
            case 5: StyledText(Wording.grouped(stream.lastPosition.number), .muted)
            default: StyledText(times.short(stream.firstTime), .muted)
            }
        }
    }

    private mutating func drawAggregatesLine(_ state: ConsoleState, in row: Rectangle) {
        let list = state.aggregates
        let inner = row.inset(left: 2, right: 1)
        let count =
            list.knownCount ?? (list.filter.isEmpty ? state.status?.streamCount : nil)
        var text = StyledText()
        if !list.window.isEmpty {
            text.append("\(Wording.grouped(list.absoluteIndex + 1))", .strong)
            text.append(" of \(count.map { Wording.grouped($0) } ?? "more")", .text)
            let order =
                switch list.order {
                case .name: "by name"
                case .events: "most events first"
                case .recent: "last change first"
                }
            text.append("   \(order)", .muted)
        }
        draw(text, at: inner.origin, width: inner.width)
        drawFilter(list.filter, in: inner)
    }
}
