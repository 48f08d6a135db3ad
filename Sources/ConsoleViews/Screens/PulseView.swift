import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws whether anything is wrong, where, and since when.
    mutating func drawPulse(_ state: ConsoleState, in body: Rectangle) {
        guard state.status != nil || state.problems != nil else {
            let words =
                state.errors[.status] == nil
                ? "asking the store" : "the store does not answer; asking again every second"
            return emptyList(words, in: body.row(1))
        }
        drawVerdict(state, in: body.row(0))
        let content = body.inset(top: 2)
        let isWide = body.width >= ConsoleLayout.twoPaneWidth
        let isLow = body.height < 22
        let parts = content.rows(.fixed(isLow && !isWide ? 2 : 4), .remaining, gap: 1)
        if isWide {
            let top = parts[0].columns(.fixed(58), .remaining, gap: 1)
            drawTiles(state, in: top[0])
            rule(at: top[1].origin.moved(x: -1), height: top[1].height)
            drawTrends(state, in: top[1])
        } else {
            drawTiles(state, in: parts[0])
        }
        drawLists(state, in: parts[1])
    }

    /// Draws problems, groups and operations below each other, each as high as it needs to be.
    private mutating func drawLists(_ state: ConsoleState, in area: Rectangle) {
        let groupHeight = max(2, (state.allProcessors?.count ?? 0) + 1)
        // A title, the problems, and what to do; the whole summary of the selected one if it fits.
        let problemCount = state.problems?.count ?? 0
        let least = problemCount == 0 ? 2 : min(problemCount + 2, max(5, area.height / 2))
        let spare = area.height - least - groupHeight - 1
        let problemHeight = least + (problemCount == 0 ? 0 : min(2, max(0, spare)))
        let parts = area.rows(.fixed(problemHeight), .remaining, gap: 1)
        drawProblems(state, in: parts[0])
        let shownHeight = min(groupHeight, parts[1].height)
        drawGroups(state, in: parts[1].rows(.fixed(shownHeight), .remaining)[0])
        drawRecentOperations(state, in: parts[1].inset(top: shownHeight + 1))
    }

    private mutating func drawVerdict(_ state: ConsoleState, in row: Rectangle) {
        let problems = (state.problems ?? []).filter { $0.severity > .notice }
        let groups = state.allProcessors ?? []
        let critical = problems.count { $0.severity == .critical }
        var text: StyledText
        if state.problems == nil {
            text = StyledText("\(glyphs(.unknown)) looking for problems", Style(.stateUnknown))
        } else if critical > 0 {
            let noun = Wording.counted(critical, "critical problem")
            let more = problems.count - critical
            text =
                StyledText("\(glyphs(.critical)) \(noun)", Style(.stateError, .bold))
                + StyledText(more == 0 ? "" : "  \(Wording.counted(more, "warning"))", .strong)
        } else if !problems.isEmpty {
            let noun = Wording.counted(problems.count, "warning")
            text = StyledText("\(glyphs(.warning)) \(noun)", Style(.lagWarning, .bold))
        } else if !groups.isEmpty, groups.allSatisfy({ $0.state == .noHost }) {
            text = StyledText(
                "\(glyphs(.unknown)) no process runs the groups",
                Style(.stale, .bold)
            )
        } else {
            text = StyledText("\(glyphs(.ok)) all well", Style(.stateOK, .bold))
        }
        if state.isStale, let age = state.dataAgeSeconds {
            text.append("   as of \(Wording.duration(age)) ago", Style(.stale))
        }
        text += groupsInWords(state)
        draw(text, at: row.origin.moved(x: 2), width: row.width - 3)
    }

    private func groupsInWords(_ state: ConsoleState) -> StyledText {
        let groups = state.allProcessors ?? []
        guard let worst = groups.max(by: { $0.lagSeconds < $1.lagSeconds }) else {
            return StyledText()
        }
        let live = groups.count { $0.state == .live }
        var text = StyledText("   \(live) of \(Wording.counted(groups.count, "group")) live")
        if worst.lagEvents == 0 {
            text.append(", no lag", .text)
        } else {
            text.append(", longest lag \(Wording.duration(worst.lagSeconds))", .text)
            if worst.lagSeconds >= 1, size.width >= 100 { text.append(" (\(worst.group))", .muted) }
        }
        return text
    }

    /// Draws the numbers of the store as labels and values, the most important first.
    private mutating func drawTiles(_ state: ConsoleState, in area: Rectangle) {
        guard let status = state.status else {
            return emptyList("asking the store", in: area.row(0))
        }
        let columns =
            area.height < 4
            ? area.columns(.fixed(27), .fixed(26), .remaining)
            : area.columns(.proportion(0.5), .remaining)
        for (index, tile) in tiles(status, state: state).enumerated() {
            let column = columns[index % columns.count]
            field(tile.label, tile.value, in: column.row(index / columns.count))
        }
    }

    private func tiles(
        _ status: StoreStatus,
        state: ConsoleState
    ) -> [(label: String, value: StyledText)] {
        let letters = (state.allProcessors ?? []).reduce(0) { $0 + $1.deadLetterCount }
        let rate = state.trends.appendRate
        let last = status.lastRecordedTime.map { TimeWording(state).age($0) } ?? "never"
        // Why nothing can be appended is the first of the problems and is told there in full.
        let mode =
            status.readOnlyReason == nil
            ? StyledText("possible")
            : StyledText("\(glyphs(.critical)) impossible", Style(.stateError))
        return [
            ("head", StyledText(Wording.grouped(status.head.number), .strong)),
            ("streams", StyledText(Wording.grouped(status.streamCount), .strong)),
            (
                "appended",
                rate.map { StyledText(Wording.rate($0), .strong) }
                    ?? StyledText("measuring", .muted)
            ),
            ("last event", StyledText(last)),
            (
                "letters",
                letters == 0
                    ? StyledText("none dead", .muted)
                    : StyledText("\(Wording.grouped(letters)) dead", Style(.deadLetter))
            ),
            ("appends", mode),
            ("log", StyledText(Wording.bytes(status.logBytes))),
            ("incarnation", StyledText("\(status.incarnation)")),
        ]
    }

    /// Draws how fast events were appended and how far groups were behind, over time.
    private mutating func drawTrends(_ state: ConsoleState, in area: Rectangle) {
        let trends = state.trends
        let chart = area.inset(left: 2, right: 2)
        let rates = trends.appendRates(count: chart.width)
        heading(
            "APPENDED, 30 MIN",
            in: area.row(0),
            note: rates.max().map { "at most \(Wording.rate($0))" } ?? ""
        )
        sparkline(rates, at: chart.row(1).origin, width: chart.width)
        let lags = trends.largestLags
        heading(
            "LARGEST LAG, 2 MIN",
            in: area.row(2),
            note: lags.max().map { "at most \(Wording.counted($0, "event"))" } ?? ""
        )
        sparkline(resampled(lags, count: chart.width), at: chart.row(3).origin, width: chart.width)
    }

    private mutating func drawGroups(_ state: ConsoleState, in area: Rectangle) {
        guard let groups = state.allProcessors, !groups.isEmpty else {
            heading("GROUPS", in: area.row(0))
            let words =
                state.allProcessors == nil ? "asking the store" : "the store's model defines none"
            return emptyList(words, in: area.row(1))
        }
        let sorted = groups.sorted {
            ($1.state.severity, $0.group) < ($0.state.severity, $1.group)
        }
        let isWide = area.width >= ConsoleLayout.twoPaneWidth
        let chartWidth =
            area.width >= ConsoleLayout.threePaneWidth ? 60 : isWide ? 30 : 12
        table(
            [
                TableColumn("GROUP", .flexible(minimum: 16, maximum: 36)),
                TableColumn("STATE", .fixed(14)),
                TableColumn("LAG", .fixed(10, .right)),
                TableColumn("BEHIND", .fixed(7, .right)),
                TableColumn("", .fixed(1)),
                TableColumn("RATE", .fixed(8, .right)),
                TableColumn("LAG, 2 MIN", .fixed(chartWidth, dropOrder: 1)),
            ],
            in: area,
            count: groups.count,
            selection: TableSelection(first: 0, selected: nil),
            gap: area.width < 100 ? 1 : 2
        ) { row, column, glyphs in
            let status = sorted[row]
            guard column == 6 else {
                return status.cell(column, glyphs: glyphs, trends: state.trends)
            }
            let chart = state.trends.chart(of: status.group, width: chartWidth, glyphs: glyphs)
            return StyledText(chart, Style(.chartLine1))
        }
    }

    private mutating func drawRecentOperations(_ state: ConsoleState, in area: Rectangle) {
        guard area.height > 1 else { return }
        guard let operations = state.allOperations, !operations.isEmpty else {
            heading("OPERATIONS", in: area.row(0))
            let words = state.allOperations == nil ? "asking the store" : "none yet"
            return emptyList(words, in: area.row(1))
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
    /// One cell of a short list of groups: group, state, lag, age, direction, rate.
    fileprivate func cell(_ column: Int, glyphs: GlyphSet, trends: Trends) -> StyledText {
        switch column {
        case 0: StyledText(group, .strong)
        case 1: stateText(glyphs)
        case 2: StyledText(Wording.counter(lagEvents), lagStyle)
        case 3: StyledText(lagEvents == 0 ? "-" : Wording.duration(lagSeconds), lagStyle)
        case 4: StyledText(lagEvents == 0 ? "" : glyphs(trends.sign(of: group)), .muted)
        default: StyledText(Wording.rate(ratePerSecond))
        }
    }
}
