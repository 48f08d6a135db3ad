import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws a replay: what it would do, how far it is, what came of it.
    mutating func drawReplay(_ state: ConsoleState, in body: Rectangle) {
        guard let request = state.replay.request else {
            return emptyList("no group was chosen", in: body.row(1))
        }
        switch state.replay.stage {
        case .planning: drawPlan(request, state: state, in: body)
        case .asking, .watching, .finished: drawProgress(request, state: state, in: body)
        }
    }

    // MARK: - The plan

    private mutating func drawPlan(
        _ request: ReplayRequest,
        state: ConsoleState,
        in body: Rectangle
    ) {
        var rows = RowCursor(body)
        let title =
            StyledText("REPLAY ", .header) + StyledText(request.group, .strong)
            + StyledText("   a plan; nothing is changed yet", .muted)
        draw(title, at: rows.next().origin.moved(x: 2), width: body.width - 3)
        rows.skip()
        guard let plan = state.replay.plan else {
            let words = state.errors[.plan]?.message ?? "making the plan"
            return emptyList(words, in: rows.next())
        }
        let isWide = body.width >= ConsoleLayout.twoPaneWidth
        let panes =
            isWide
            ? rows.rest.columns(.proportion(0.5), .remaining, gap: 1)
            : rows.rest.rows(.fixed(7), .remaining)
        drawPlanFields(plan, state: state, in: panes[0].rows(.fixed(7), .remaining)[0])
        if isWide {
            drawPlanNotes(plan, state: state, in: panes[0].inset(top: 7))
            rule(at: panes[1].origin.moved(x: -1), height: panes[1].height)
            drawPlanTypes(plan, in: panes[1])
        } else {
            let noteCount = plan.notes.count + 2
            let height = min(noteCount, max(3, panes[1].height / 2))
            let parts = panes[1].rows(.remaining, .fixed(height))
            drawPlanTypes(plan, in: parts[0])
            drawPlanNotes(plan, state: state, in: parts[1])
        }
    }

    private mutating func drawPlanFields(
        _ plan: ReplayPlan,
        state: ConsoleState,
        in area: Rectangle
    ) {
        var rows = RowCursor(area)
        field("from", startText(plan, state: state), in: rows.next())
        field("to", StyledText("#\(Wording.grouped(plan.to.number))"), in: rows.next())
        field(
            "events",
            StyledText(Wording.grouped(plan.eventCount), .strong)
                + StyledText(" in \(Wording.counted(plan.streamCount, "stream"))"),
            in: rows.next()
        )
        let limit = plan.request.rateLimit.map { "\(Wording.grouped($0))/s at most" } ?? "no limit"
        let measured = plan.measuredRate.map { "\(Wording.rate($0)) measured" } ?? "never measured"
        field("rate", StyledText("\(measured), \(limit)"), in: rows.next())
        let time = plan.secondsExpected.map {
            "\(Wording.duration($0.lowerBound)) to \(Wording.duration($0.upperBound))"
        }
        field("takes", StyledText(time ?? "unknown", .strong), in: rows.next())
        let tables = plan.tables.joined(separator: ", ")
        let isEmptied = !plan.request.isShadow && !plan.request.isPartial
        field(
            plan.request.isShadow ? "made anew" : plan.request.isPartial ? "kept" : "emptied",
            plan.tables.isEmpty
                ? StyledText("no tables", .muted)
                : StyledText(tables, isEmptied ? Style(.lagWarning) : .text),
            in: rows.next()
        )
        field(
            "readers",
            StyledText(plan.readers?.summary ?? TableReaders.unknown, plan.readersStyle),
            in: rows.next()
        )
    }

    private func startText(_ plan: ReplayPlan, state: ConsoleState) -> StyledText {
        let after = StyledText(" (after #\(Wording.grouped(plan.from.number)))", .muted)
        return switch plan.request.start {
        case .beginning: StyledText("the beginning")
        case .after(let position): StyledText("after #\(Wording.grouped(position.number))")
        case .time(let time): StyledText(TimeWording(state).full(time)) + after
        }
    }

    private mutating func drawPlanTypes(_ plan: ReplayPlan, in area: Rectangle) {
        guard !plan.types.isEmpty else { return emptyList("no events", in: area.row(0)) }
        let total = Double(max(1, plan.types.reduce(0) { $0 + $1.count }))
        table(
            [
                TableColumn("EVENT TYPE", .flexible(minimum: 20, maximum: 44)),
                TableColumn("EVENTS", .fixed(12, .right)),
                TableColumn("SHARE", .fixed(5, .right)),
                TableColumn("HANDLED", .fixed(10)),
            ],
            in: area,
            count: plan.types.count,
            selection: TableSelection(first: 0, selected: nil)
        ) { row, column, glyphs in
            let type = plan.types[row]
            return switch column {
            case 0: StyledText(type.type.text, type.isHandled ? .text : .muted)
            case 1: StyledText(Wording.grouped(type.count), type.isHandled ? .text : .muted)
            case 2: StyledText(Wording.percent(Double(type.count), of: total), .muted)
            default:
                StyledText(type.handling)
            }
        }
    }

    private mutating func drawPlanNotes(
        _ plan: ReplayPlan,
        state: ConsoleState,
        in area: Rectangle
    ) {
        let lines = plan.notes.map { Note(glyph: .right, text: $0, style: .muted) }
        drawNotes(lines + [Note.readiness(plan.refusal, state)], in: area)
    }

    // MARK: - Progress and outcome

    private mutating func drawProgress(
        _ request: ReplayRequest,
        state: ConsoleState,
        in body: Rectangle
    ) {
        let replay = state.replay
        var rows = RowCursor(body)
        let entry = replay.stage.operation.flatMap { id in
            state.allOperations?.first { $0.id == id }
        }
        let title = StyledText("REPLAY ", .header) + StyledText(request.group, .strong)
        draw(title + askerText(entry), at: rows.next().origin.moved(x: 2), width: body.width - 3)
        drawSteps(replay, in: rows.next())
        rows.skip()
        drawReplayBar(state, in: rows.next())
        rows.skip()
        drawReplayNumbers(state, rows: &rows)
        rows.skip()
        drawReplayFailures(replay, rows: &rows)
        rows.skip()
        drawReplayEnd(state, entry: entry, rows: &rows)
    }

    private mutating func drawSteps(_ replay: ReplayState, in row: Rectangle) {
        let step =
            switch replay.stage {
            case .planning: 0
            case .asking: 1
            case .watching: replay.progress == nil ? 2 : 3
            case .finished: 5
            }
        drawStages(
            ["asked", "recorded", "token reset", "catching up", "done"],
            step: step,
            of: replay.stage,
            in: row
        )
    }

    private mutating func drawReplayBar(_ state: ConsoleState, in row: Rectangle) {
        let replay = state.replay
        let inner = row.inset(left: 2, right: 2)
        guard let progress = replay.progress else {
            guard !replay.stage.isFinished else { return }
            return emptyList("waiting for the process that runs the group", in: row)
        }
        let done = Double(replay.position.number) - Double(progress.from.number)
        let all = Double(progress.to.number) - Double(progress.from.number)
        let numbers =
            " \(Wording.grouped(replay.position.number)) / "
            + "\(Wording.grouped(progress.to.number))  \(Wording.percent(done, of: max(1, all)))"
        let width = max(10, inner.width - TerminalText.width(numbers) - 1)
        let role: StyleRole = replay.stage.isFinished ? .stateOK : .stateReplaying
        progressBar(
            at: inner.origin,
            width: width,
            fraction: all > 0 ? done / all : 1,
            style: Style(role)
        )
        draw(numbers, at: inner.origin, width: inner.width, alignment: .right)
    }

    private mutating func drawReplayNumbers(_ state: ConsoleState, rows: inout RowCursor) {
        let replay = state.replay
        guard let progress = replay.progress else { return }
        let status = state.processor(named: replay.request?.group ?? "")
        let end = replay.endTime ?? state.now
        field(
            "elapsed",
            StyledText(Wording.duration(end.seconds(since: progress.startTime))),
            in: rows.next()
        )
        if replay.stage.isFinished { return }
        let still = replay.secondsStill(at: state.now)
        let isStill = still > 10
        let left = isStill ? nil : replay.secondsLeft
        field(
            "left",
            StyledText(left.map { Wording.duration($0) } ?? "--", .strong),
            in: rows.next()
        )
        if isStill {
            let words =
                "\(glyphs(.stalled)) no progress for \(Wording.duration(still)) "
                + "at #\(Wording.grouped(replay.position.number))"
            field("rate", StyledText(words, Style(.stateStalled)), in: rows.next())
        } else {
            let limit =
                replay.request?.rateLimit.map { " (at most \(Wording.grouped($0))/s)" } ?? ""
            let rate = replay.rate ?? status?.ratePerSecond
            field("rate", StyledText(Wording.rate(rate) + limit), in: rows.next())
        }
        if let status {
            let dead =
                status.deadLetterCount == 0
                ? StyledText("none", .muted)
                : StyledText(Wording.grouped(status.deadLetterCount), Style(.deadLetter))
            field("letters", dead, in: rows.next())
        }
    }

    private mutating func drawReplayFailures(_ replay: ReplayState, rows: inout RowCursor) {
        guard let first = replay.firstFailure else {
            field("errors", StyledText("none", .muted), in: rows.next())
            return
        }
        field(
            "first error",
            wrapping: "\(glyphs(.critical)) \(first)",
            style: Style(.stateError),
            in: &rows
        )
        if let last = replay.lastFailure, last != first {
            field(
                "last error",
                wrapping: "\(glyphs(.critical)) \(last)",
                style: Style(.stateError),
                in: &rows
            )
        } else {
            field("last error", StyledText("same", .muted), in: rows.next())
        }
    }

    private mutating func drawReplayEnd(
        _ state: ConsoleState,
        entry: OperationEntry?,
        rows: inout RowCursor
    ) {
        guard case .finished(_, let outcome) = state.replay.stage else {
            return emptyList(
                "Esc leaves it running: the process that runs the group carries it out.",
                in: rows.next()
            )
        }
        field("outcome", outcome.text(glyphs), in: rows.next())
        if !outcome.detail.isEmpty { field("", wrapping: outcome.detail, in: &rows) }
        if let change = entry?.change, !change.isEmpty {
            field("change", wrapping: change, in: &rows)
        }
        rows.skip()
        drawReplayChecks(state, rows: &rows)
        emptyList("The outcome is kept in the stream $operations: screen 6.", in: rows.next())
    }

    /// Draws the commands that show what the replay made.
    private mutating func drawReplayChecks(_ state: ConsoleState, rows: inout RowCursor) {
        guard let group = state.replay.request?.group else { return }
        let tables = state.processor(named: group)?.tables ?? []
        for (index, table) in tables.prefix(3).enumerated() {
            let sql = "SELECT count(*) FROM \(quoted(group)).\(quoted(table))"
            let command = "recount query \(state.context.storePath) '\(sql)'"
            field(index == 0 ? "check" : "", wrapping: command, style: .strong, in: &rows)
        }
    }

    /// A name as SQL takes it: in double quotes where it is not a plain word.
    private func quoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_")
                || (byte | 0x20) >= UInt8(ascii: "a")
                    && (byte | 0x20) <= UInt8(ascii: "z")
        }
        return isPlain ? name : "\"\(name)\""
    }
}

extension ReplayPlan {
    /// Draws attention to readers besides the process that runs the group.
    fileprivate var readersStyle: Style {
        guard let readers = readers?.readers, !readers.isEmpty else { return .muted }
        return readers.contains { !$0.isHost } ? Style(.lagWarning) : .text
    }
}
