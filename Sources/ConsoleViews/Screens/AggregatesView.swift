import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws the list of streams.
    mutating func drawAggregates(_ state: ConsoleState, in body: Rectangle) {
        let list = state.aggregates
        drawAggregatesLine(state, in: body.row(0))
        let area = drawCommands(state, below: body.inset(top: 1))
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

    /// Draws the commands of the selected stream's category at the lower end of an area, where
    /// commands are known at all.
    ///
    /// - Returns: what is left of the area.
    private mutating func drawCommands(
        _ state: ConsoleState,
        below area: Rectangle
    ) -> Rectangle {
        guard state.aggregates.hasCommands else { return area }
        let height = ConsoleLayout.commandRows(height: state.height)
        let parts = area.rows(.remaining, .fixed(height))
        let lower = height > 6 ? parts[1].inset(top: 1) : parts[1]
        let (category, commands) = state.aggregates.shownCommands
        heading(
            category.map { "COMMANDS OF \($0)" } ?? "COMMANDS OF ALL CATEGORIES",
            in: lower.row(0),
            note: "of this hour and the last, slowest first"
        )
        table(
            [
                TableColumn("COMMAND", .flexible(minimum: 20, maximum: 60)),
                TableColumn("COUNT", .fixed(10, .right)),
                TableColumn("P50", .fixed(9, .right)),
                TableColumn("P99", .fixed(9, .right)),
                TableColumn("LONGEST", .fixed(9, .right)),
            ],
            in: lower.inset(top: 1),
            count: commands.count,
            selection: TableSelection(first: 0, selected: nil)
        ) { row, column, glyphs in
            commandCell(commands[row], column: column, namesCategory: category == nil, glyphs)
        }
        return parts[0]
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

/// One cell of the table of commands.
private func commandCell(
    _ command: CommandSummary,
    column: Int,
    namesCategory: Bool,
    _ glyphs: GlyphSet
) -> StyledText {
    var name = StyledText(command.command, .strong)
    if namesCategory { name.append(" of \(command.category)", .muted) }
    let percentile99 = Wording.latency(microseconds: command.percentile99Microseconds)
    return switch column {
    case 0: name
    case 1: StyledText(Wording.counter(command.count))
    case 2: StyledText(Wording.latency(microseconds: command.medianMicroseconds), .muted)
    case 3:
        command.isSlow
            ? StyledText("\(glyphs(.warning)) \(percentile99)", Style(.lagWarning))
            : StyledText(percentile99)
    default: StyledText(Wording.latency(microseconds: command.maximumMicroseconds), .muted)
    }
}
