import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws one processing group and what operators did to it.
    mutating func drawProcessor(_ state: ConsoleState, in body: Rectangle) {
        guard let group = state.processor.group, let status = state.processor(named: group) else {
            let words =
                state.allProcessors == nil
                ? "asking the store" : "no group is called \(state.processor.group ?? "")"
            return emptyList(words, in: body.row(1))
        }
        let isWide = body.width >= ConsoleLayout.twoPaneWidth
        if isWide {
            let panes = body.columns(.proportion(0.5), .remaining, gap: 1)
            drawProcessorFields(status, state: state, in: panes[0])
            rule(at: panes[1].origin.moved(x: -1), height: panes[1].height)
            drawGroupOperations(group, state: state, in: panes[1])
        } else {
            let height = min(body.height - 3, fieldCount(status) + 1)
            let parts = body.rows(.fixed(height), .remaining)
            drawProcessorFields(status, state: state, in: parts[0])
            drawGroupOperations(group, state: state, in: parts[1])
        }
    }

    private func fieldCount(_ status: ProcessorStatus) -> Int {
        11 + (status.failure == nil ? 0 : 2) + (status.pauseReason == nil ? 0 : 1)
            + (status.replay == nil ? 0 : 1)
    }

    /// Draws everything known about a group as labels and values.
    mutating func drawProcessorFields(
        _ status: ProcessorStatus,
        state: ConsoleState,
        in area: Rectangle
    ) {
        var rows = RowCursor(area)
        let title = StyledText("\(status.group)   ", .strong) + status.stateText(glyphs)
        draw(title, at: area.origin.moved(x: 2), width: area.width - 3)
        rows.skip()
        draw(
            status.state.explanation,
            at: rows.next().origin.moved(x: 2),
            style: .muted,
            width: area.width - 3
        )
        drawFailure(status, rows: &rows)
        drawTokenBar(status, in: rows.next())
        let head = Wording.grouped(status.head.number)
        let token = StyledText(Wording.grouped(status.position.number), .strong)
        field("token", token + StyledText(" of \(head)", .muted), in: rows.next())
        field("lag", lagText(status, trends: state.trends), in: rows.next())
        field("rate", StyledText(Wording.rate(status.ratePerSecond)), in: rows.next())
        field("owner", ownerText(status), in: rows.next())
        field(
            "letters",
            status.deadLetterCount == 0
                ? StyledText("none", .muted)
                : StyledText(
                    Wording.counted(status.deadLetterCount, "dead letter"),
                    Style(.deadLetter)
                ),
            in: rows.next()
        )
        field("projections", names(status.projections), in: rows.next())
        field("tables", names(status.tables), in: rows.next())
        let chartRow = rows.next()
        field("lag, 2 min", StyledText(), in: chartRow)
        let chart = chartRow.inset(left: 14, right: 2)
        sparkline(
            (state.trends.lags[status.group] ?? []).map { Double($0) },
            at: chart.origin,
            width: chart.width
        )
    }

    private mutating func drawFailure(_ status: ProcessorStatus, rows: inout RowCursor) {
        if let reason = status.pauseReason {
            field("paused", StyledText(reason), in: rows.next())
        }
        guard let failure = status.failure else { return }
        let (first, second) = (rows.next(), rows.next())
        field("failure", StyledText(), in: first)
        let inner = Rectangle(x: first.x, y: first.y, width: first.width, height: 2)
            .inset(left: 14, right: 1)
        guard !second.isEmpty else { return }
        draw(wrapping: failure, in: inner, style: .strong)
    }

    private mutating func drawTokenBar(_ status: ProcessorStatus, in row: Rectangle) {
        guard row.width > 30 else { return }
        let inner = row.inset(left: 14, right: 2)
        field("done", StyledText(), in: row)
        let head = Double(status.head.number)
        let fraction = head > 0 ? Double(status.position.number) / head : 1
        let percent = Wording.percent(Double(status.position.number), of: max(1, head))
        progressBar(
            at: inner.origin,
            width: inner.width - 5,
            fraction: fraction,
            style: Style(status.replay == nil ? .chartLine1 : .stateReplaying)
        )
        draw(percent, at: inner.origin, width: inner.width, alignment: .right)
    }

    private func lagText(_ status: ProcessorStatus, trends: Trends) -> StyledText {
        guard status.lagEvents > 0 else { return StyledText("none", .muted) }
        let words = Wording.counted(status.lagEvents, "event")
        let trend =
            switch trends.lagDirection(of: status.group) {
            case 1: "growing"
            case -1: "shrinking"
            default: "steady"
            }
        return StyledText(
            "\(words), \(Wording.duration(status.lagSeconds)) behind",
            status.lagStyle
        )
            + StyledText("   \(glyphs(trends.sign(of: status.group))) \(trend)", .muted)
    }

    private func ownerText(_ status: ProcessorStatus) -> StyledText {
        guard let owner = status.owner else { return StyledText("nobody runs it", .muted) }
        var text = StyledText(owner)
        if let age = status.heartbeatSeconds {
            text.append("   seen \(Wording.duration(age)) ago", status.heartbeatStyle)
        }
        if status.segmentCount > 1 { text.append("   \(status.segmentCount) segments", .muted) }
        return text
    }

    private func names(_ names: [String]) -> StyledText {
        names.isEmpty ? StyledText("none", .muted) : StyledText(names.joined(separator: ", "))
    }

    /// Draws what operators did to a group, newest first.
    mutating func drawGroupOperations(
        _ group: String,
        state: ConsoleState,
        in area: Rectangle
    ) {
        let entries = (state.allOperations ?? []).filter { $0.target == group }
        guard !entries.isEmpty else {
            heading("OPERATIONS ON \(group)", in: area.row(0))
            return emptyList("none yet", in: area.row(1))
        }
        let times = TimeWording(state)
        table(
            [
                TableColumn(times.title("WHEN"), .fixed(14)),
                TableColumn("DID", .fixed(8)),
                TableColumn("BY", .flexible(minimum: 6, maximum: 12)),
                TableColumn("OUTCOME", .fixed(10)),
                TableColumn("WHY", .flexible(minimum: 12, weight: 3)),
            ],
            in: area,
            count: entries.count,
            selection: TableSelection(first: 0, selected: nil)
        ) { row, column, glyphs in
            let entry = entries[row]
            return switch column {
            case 0: StyledText(times.short(entry.requestTime), .muted)
            case 1: StyledText(entry.name, .strong)
            case 2: StyledText(entry.operatorName)
            case 3: entry.outcome.text(glyphs)
            default: StyledText(entry.reason, .muted)
            }
        }
    }
}
