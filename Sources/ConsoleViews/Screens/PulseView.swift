import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws whether anything is wrong, where, and since when.
    mutating func drawPulse(_ state: ConsoleState, in body: Rectangle) {
        guard state.status != nil || state.problems != nil else {
            return emptyList("asking the store", in: body.row(1))
        }
        drawVerdict(state, in: body.row(0))
        let content = body.inset(top: 2)
        let groupCount = state.allProcessors?.count ?? 0
        let topHeight = min(max(6, groupCount + 1), content.height / 2)
        if body.width >= ConsoleLayout.threePaneWidth {
            let operationCount = min(state.allOperations?.count ?? 0, 12)
            let height = min(max(topHeight, operationCount + 1), content.height / 2)
            let parts = content.rows(.fixed(height), .remaining, gap: 1)
            let top = parts[0].columns(.fixed(58), .remaining, .fixed(62), gap: 1)
            drawTiles(state, in: top[0])
            drawGroups(state, in: top[1])
            drawRecentOperations(state, in: top[2])
            for pane in top.dropFirst() {
                rule(at: pane.origin.moved(x: -1), height: pane.height)
            }
            drawProblems(state, in: parts[1])
        } else if body.width >= ConsoleLayout.twoPaneWidth {
            let problemCount = min(max(1, state.problems?.count ?? 0), content.height / 3)
            let parts = content.rows(
                .fixed(topHeight),
                .fixed(problemCount + 2),
                .remaining,
                gap: 1
            )
            let top = parts[0].columns(.proportion(0.46), .remaining, gap: 1)
            drawTiles(state, in: top[0])
            drawGroups(state, in: top[1])
            drawProblems(state, in: parts[1])
            drawRecentOperations(state, in: parts[2])
        } else {
            drawTiles(state, in: content.rows(.fixed(4), .remaining)[0])
            let rest = content.inset(top: 5)
            let groupRows = min(groupCount + 1, max(2, rest.height / 2))
            let parts = rest.rows(.remaining, .fixed(groupRows))
            drawProblems(state, in: parts[0])
            drawGroups(state, in: parts[1])
        }
    }

    private mutating func drawVerdict(_ state: ConsoleState, in row: Rectangle) {
        let problems = (state.problems ?? []).filter { $0.severity > .notice }
        let groups = state.allProcessors ?? []
        let critical = problems.count { $0.severity == .critical }
        let text: StyledText
        if critical > 0 {
            let noun = Wording.counted(critical, "critical problem")
            let more = problems.count - critical
            text =
                StyledText("\(glyphs(.critical)) \(noun)", Style(.stateError, .bold))
                + StyledText(more == 0 ? "" : "  \(Wording.counted(more, "warning"))", .strong)
        } else if !problems.isEmpty {
            let noun = Wording.counted(problems.count, "warning")
            text = StyledText("\(glyphs(.warning)) \(noun)", Style(.lagWarning, .bold))
        } else {
            text = StyledText("\(glyphs(.ok)) all well", Style(.stateOK, .bold))
        }
        let live = groups.count { $0.state == .live }
        let worst = groups.map(\.lagSeconds).max() ?? 0
        var note = StyledText()
        if !groups.isEmpty {
            note.append("   \(live) of \(Wording.counted(groups.count, "group")) live", .text)
            note.append(", longest lag \(Wording.duration(worst))", .text)
        }
        if state.isStale, let age = state.dataAgeSeconds {
            note.append("   as of \(Wording.duration(age)) ago", Style(.stale))
        }
        draw(text + note, at: row.origin.moved(x: 2), width: row.width - 3)
    }

    /// Draws the numbers of the store: two columns of labels and values, the last full width.
    private mutating func drawTiles(_ state: ConsoleState, in area: Rectangle) {
        guard let status = state.status else { return }
        let letters = (state.allProcessors ?? []).reduce(0) { $0 + $1.deadLetterCount }
        let halves = area.columns(.proportion(0.5), .remaining)
        let times = TimeWording(state)
        var left = RowCursor(halves[0])
        var right = RowCursor(halves[1])
        field("head", StyledText(Wording.grouped(status.head.number), .strong), in: left.next())
        field(
            "streams",
            StyledText(Wording.grouped(status.streamCount), .strong),
            in: right.next()
        )
        field(
            "appended",
            StyledText("\(Wording.rate(state.trends.appendRate))", .strong),
            in: left.next()
        )
        let last = status.lastRecordedTime.map { times.age($0) } ?? "never"
        field("last event", StyledText(last), in: right.next())
        field("log", StyledText(Wording.bytes(status.logBytes)), in: left.next())
        field(
            "letters",
            letters == 0
                ? StyledText("none dead", .muted)
                : StyledText("\(Wording.grouped(letters)) dead", Style(.deadLetter)),
            in: right.next()
        )
        let mode = status.readOnlyReason.map {
            StyledText("\(glyphs(.warning)) read-only: \($0)", Style(.lagWarning))
        }
        field("appends", mode ?? StyledText("possible"), in: left.next())
        field("incarnation", StyledText("\(status.incarnation)"), in: right.next())
        guard area.height >= 6 else { return }
        let chart = area.row(5).inset(left: 14, right: 2)
        field("30 min", StyledText(), in: area.row(5))
        sparkline(
            state.trends.appendRates(count: chart.width),
            at: chart.origin,
            width: chart.width
        )
    }

    private mutating func drawProblems(_ state: ConsoleState, in area: Rectangle) {
        let problems = state.problems ?? []
        guard area.height > 1 else { return }
        guard !problems.isEmpty else {
            heading("PROBLEMS", in: area.row(0))
            return emptyList("none", in: area.row(1))
        }
        let cursor = state.pulse.cursor
        let remedyHeight = area.height > 3 ? 1 : 0
        let list = area.inset(bottom: remedyHeight)
        let first = cursor.firstRow(fitting: list.height - 1, of: problems.count)
        let times = TimeWording(state)
        let longest = problems.map { TerminalText.width($0.place.name) }.max()
        table(
            [
                TableColumn("PROBLEM", .fixed(10)),
                TableColumn("WHERE", .fixed(min(24, max(8, longest ?? 8)))),
                TableColumn("WHAT", .flexible(minimum: 20, weight: 3)),
                TableColumn("SINCE", .fixed(10, .right)),
            ],
            in: list,
            count: problems.count,
            selection: TableSelection(first: first, selected: cursor.index)
        ) { row, column, glyphs in
            let problem = problems[row]
            let style = Style(problem.severity.role)
            return switch column {
            case 0:
                StyledText("\(glyphs(problem.severity.glyph)) \(problem.severity.word)", style)
            case 1: StyledText(problem.place.name, .strong)
            case 2: StyledText(problem.summary)
            default: StyledText(problem.since.map { times.age($0) } ?? "", .muted)
            }
        }
        guard remedyHeight > 0, problems.indices.contains(cursor.index) else { return }
        let shown = min(problems.count - first, list.height - 1)
        let row = area.row(shown + 1)
        draw(
            StyledText("\(glyphs(.right)) ", .muted)
                + StyledText(problems[cursor.index].remedy, .muted),
            at: row.origin.moved(x: 2),
            width: row.width - 3
        )
    }

    private mutating func drawGroups(_ state: ConsoleState, in area: Rectangle) {
        let groups = state.allProcessors ?? []
        guard !groups.isEmpty else {
            heading("GROUPS", in: area.row(0))
            return emptyList("no processing groups", in: area.row(1))
        }
        let sorted = groups.sorted {
            ($0.state.severity, $1.group) > ($1.state.severity, $0.group)
        }
        table(
            [
                TableColumn("GROUP", .flexible(minimum: 14, maximum: 28)),
                TableColumn("STATE", .fixed(14)),
                TableColumn("LAG", .fixed(10, .right)),
                TableColumn("BEHIND", .fixed(7, .right)),
                TableColumn("RATE", .fixed(9, .right)),
                TableColumn("2 MIN", .fixed(12, dropOrder: 1)),
            ],
            in: area,
            count: groups.count,
            selection: TableSelection(first: 0, selected: nil)
        ) { row, column, glyphs in
            sorted[row].cell(column, glyphs: glyphs, trends: state.trends)
        }
    }

    private mutating func drawRecentOperations(_ state: ConsoleState, in area: Rectangle) {
        let operations = state.allOperations ?? []
        guard !operations.isEmpty else {
            heading("OPERATIONS", in: area.row(0))
            return emptyList("none yet", in: area.row(1))
        }
        let times = TimeWording(state)
        table(
            [
                TableColumn("OPERATION", .flexible(minimum: 14, maximum: 40)),
                TableColumn("BY", .flexible(minimum: 4, maximum: 10, dropOrder: 1)),
                TableColumn("OUTCOME", .fixed(9)),
                TableColumn("WHEN", .fixed(10, .right)),
                TableColumn("WHY", .flexible(minimum: 16, weight: 3, dropOrder: 2)),
            ],
            in: area,
            count: operations.count,
            selection: TableSelection(first: 0, selected: nil)
        ) { row, column, glyphs in
            let entry = operations[row]
            return switch column {
            case 0: StyledText("\(entry.name) ", .strong) + StyledText(entry.target)
            case 1: StyledText(entry.operatorName, .muted)
            case 2: entry.outcome.text(glyphs)
            case 3: StyledText(times.age(entry.requestTime), .muted)
            default: StyledText(entry.reason, .muted)
            }
        }
    }
}

extension ProcessorStatus {
    /// One cell of a short list of groups: group, state, lag, age, rate, chart.
    fileprivate func cell(_ column: Int, glyphs: GlyphSet, trends: Trends) -> StyledText {
        switch column {
        case 0: StyledText(group, .strong)
        case 1: stateText(glyphs)
        case 2: StyledText(Wording.grouped(lagEvents), lagStyle)
        case 3: StyledText(lagEvents == 0 ? "-" : Wording.duration(lagSeconds), lagStyle)
        case 4: StyledText(Wording.rate(ratePerSecond))
        default: StyledText(trends.chart(of: group, width: 12, glyphs: glyphs), Style(.chartLine1))
        }
    }
}
