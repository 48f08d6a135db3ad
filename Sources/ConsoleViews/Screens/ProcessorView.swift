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
            let height = min(body.height - 3, fieldCount(status, width: body.width) + 1)
            let parts = body.rows(.fixed(height), .remaining)
            drawProcessorFields(status, state: state, in: parts[0])
            drawGroupOperations(group, state: state, in: parts[1])
        }
    }

    private func fieldCount(_ status: ProcessorStatus, width: Int) -> Int {
        11 + failureLines(status, width: width).count + (status.failedPosition == nil ? 0 : 1)
            + (status.rewind == nil ? 0 : 1) + (status.effectKinds.isEmpty ? 0 : 1)
            + [
                status.pauseReason != nil, status.shadow != nil, status.kept != nil,
                status.segmentCount > 1,
            ]
            .count { $0 }
    }

    /// The failure in lines that fit beside its label.
    private func failureLines(_ status: ProcessorStatus, width: Int) -> [String] {
        (status.rewind?.what ?? status.failure)
            .map { TerminalText.wrapped($0, width: max(1, width - 15)) } ?? []
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
        drawFailure(status, state: state, rows: &rows)
        drawTokenBar(status, in: rows.next())
        let head = Wording.grouped(status.head.number)
        let token = StyledText(Wording.grouped(status.position.number), .strong)
        field("token", token + StyledText(" of \(head)", .muted), in: rows.next())
        field("lag", lagText(status, trends: state.trends), in: rows.next())
        field("rate", StyledText(Wording.rate(status.ratePerSecond)), in: rows.next())
        field("owner", ownerText(status), in: rows.next())
        if status.segmentCount > 1 {
            field("segments", segmentsText(status), in: rows.next())
        }
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
        if !status.effectKinds.isEmpty {
            field("effects", names(status.effectKinds), in: rows.next())
        }
        if let shadow = status.shadow {
            let position = shadow.position.map { Wording.grouped($0.number) } ?? "waiting"
            let words = "\(position) of \(Wording.grouped(status.position.number))"
            field("new rows", StyledText(words, Style(.stateReplaying)), in: rows.next())
        }
        if let kept = status.kept {
            let words = "the rows of before, at #\(Wording.grouped(kept.position.number))"
            field("undo", StyledText(words, .muted), in: rows.next())
        }
        field("projections", names(status.projections), in: rows.next())
        field("tables", names(status.tables), in: rows.next())
        let chartRow = rows.next()
        field("lag, 2 min", StyledText(), in: chartRow)
        let chart = chartRow.inset(left: 14, right: 2)
        sparkline(
            resampled(state.trends.lags[status.group] ?? [], count: chart.width),
            at: chart.origin,
            width: chart.width
        )
    }

    /// Draws why a group stands still, in as many rows as it takes while the numbers still fit.
    private mutating func drawFailure(
        _ status: ProcessorStatus,
        state: ConsoleState,
        rows: inout RowCursor
    ) {
        if let reason = status.pauseReason {
            field("paused", StyledText(reason), in: rows.next())
        }
        let lines = failureLines(status, width: rows.area.width)
        guard !lines.isEmpty else { return }
        let count = min(lines.count, max(2, rows.area.height - 8))
        for (index, line) in lines.prefix(count).enumerated() {
            let isCut = index == count - 1 && count < lines.count
            let text = isCut ? "\(line) \(glyphs(.ellipsis))" : line
            field(
                index == 0 ? "failure" : "",
                StyledText(text, Style(.stateError)),
                in: rows.next()
            )
        }
        if let rewind = status.rewind {
            field("", wayOut(rewind, of: state), in: rows.next())
        }
        guard let position = status.failedPosition else { return }
        let way = state.screen == .processor ? "Enter" : "Enter, Enter"
        field(
            "",
            StyledText(way, Style(.keyHint))
                + StyledText(" shows the event #\(Wording.grouped(position.number))", .muted),
            in: rows.next()
        )
    }

    /// What puts a group right that is ahead of history.
    private func wayOut(_ rewind: ProcessorStatus.Rewind, of state: ConsoleState) -> StyledText {
        guard state.status?.readOnlyReason == nil else {
            return StyledText("restore the log: it is read-only, and no replay can be asked for")
        }
        let place = "#\(Wording.grouped(rewind.ancestor.number))"
        return StyledText("a", Style(.keyHint))
            + StyledText(" rewinds it to \(place), the common ancestor", .muted)
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
        return text
    }

    /// How many segments there are, who has how many of them, and how far behind the last one is.
    private func segmentsText(_ status: ProcessorStatus) -> StyledText {
        var text = StyledText("\(status.segmentCount)")
        let counts = Dictionary(grouping: status.segments) { $0.owner ?? "nobody" }
        for (owner, segments) in counts.sorted(by: { $0.key < $1.key }) where counts.count > 1 {
            let isRun = segments[0].owner != nil
            text.append(", \(segments.count) by \(owner)", isRun ? .muted : Style(.stateError))
        }
        let positions = status.segments.map(\.position.number)
        if let first = positions.min(), let last = positions.max(), first < last {
            text.append("   \(Wording.counted(last - first, "event")) apart", .muted)
        }
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
