import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws what is done to dead letters: what it would do, how far it is, what came of it.
    mutating func drawLetterAct(_ state: ConsoleState, in body: Rectangle) {
        let act = state.letterAct
        guard let kind = act.kind else {
            return emptyList("no dead letters were chosen", in: body.row(1))
        }
        if act.stage == .planning {
            drawLetterPlan(kind, state: state, in: body)
        } else {
            drawLetterProgress(kind, state: state, in: body)
        }
    }

    private func title(_ kind: OperationRequest.Kind) -> StyledText {
        StyledText("\(kind.letterVerb.uppercased()) ", .header)
            + StyledText(kind.letterGroup ?? "", .strong)
    }

    // MARK: - The plan

    private mutating func drawLetterPlan(
        _ kind: OperationRequest.Kind,
        state: ConsoleState,
        in body: Rectangle
    ) {
        let act = state.letterAct
        var rows = RowCursor(body.inset(bottom: 2))
        draw(
            title(kind) + StyledText("   a plan; nothing is changed yet", .muted),
            at: rows.next().origin.moved(x: 2),
            width: body.width - 3
        )
        rows.skip()
        guard state.deadLetters.all != nil else {
            let words = state.errors[.deadLetters]?.message ?? "asking the store"
            return emptyList(words, in: rows.next())
        }
        field("letters", choiceText(kind), in: rows.next())
        if case .cause(let cause) = kind.letters {
            field("cause", wrapping: cause, style: Style(.stateError), in: &rows)
        }
        let sequences = Wording.counted(act.chosen.count, "sequence")
        field(
            "events",
            StyledText(leastText(state) + Wording.grouped(act.letterCount), .strong)
                + StyledText(" of \(sequences)"),
            in: rows.next()
        )
        if let first = act.chosen.min(by: { $0.position < $1.position }) {
            let words =
                "#\(Wording.grouped(first.position.number)) \(first.type) in \(first.stream)"
            field("first", StyledText(words), in: rows.next())
        }
        drawLetterTerms(act, rows: &rows)
        rows.skip()
        drawChosen(act.chosen, state: state, in: rows.rest)
        let bottom = body.rows(.remaining, .fixed(2))[1]
        let isGone = act.chosen.isEmpty ? "no dead letter is meant any more" : nil
        drawNotes(hostNotes(state) + [Note.readiness(isGone, state)], in: bottom)
    }

    /// That nobody is there who would do it.
    private func hostNotes(_ state: ConsoleState) -> [Note] {
        guard let group = state.letterAct.group,
            let status = state.processor(named: group), status.owner == nil
        else { return [] }
        let words = "no process runs the group: it is done once one does"
        return [Note(glyph: .warning, text: words, style: Style(.lagWarning))]
    }

    private func waitingNotes(_ state: ConsoleState) -> [Note] {
        let words = "Esc leaves it running: the process that runs the group carries it out"
        let notes = hostNotes(state)
        return notes.isEmpty ? [Note(glyph: .right, text: words, style: .muted)] : notes
    }

    private func choiceText(_ kind: OperationRequest.Kind) -> StyledText {
        switch kind.letters {
        case .all, nil: StyledText("every one of the group")
        case .position(let position): StyledText("#\(Wording.grouped(position.number)) alone")
        case .sequence(let key): StyledText("all of \(key)")
        case .cause: StyledText("those that failed for this cause")
        }
    }

    /// Draws how it is done, and what is not undone.
    private mutating func drawLetterTerms(_ act: LetterActState, rows: inout RowCursor) {
        guard let retry = act.retry else {
            let words =
                act.kind?.letterVerb == "skip"
                ? "never, also not in a replay" : "only a replay handles them again"
            field("handled", StyledText(words, Style(.lagWarning)), in: rows.next())
            return field(
                "then",
                StyledText("the events behind them are handled without them"),
                in: rows.next()
            )
        }
        field(
            "on failure",
            retry.stopsAtFailure
                ? StyledText("stop: the first one tried is the canary for the others")
                : StyledText("go on with the other sequences", Style(.lagWarning)),
            in: rows.next()
        )
        field("rate", StyledText(rateText(retry)), in: rows.next())
    }

    private func rateText(_ retry: RetryRequest) -> String {
        retry.rateLimit.map { "\(Wording.grouped($0)) events a second at most" } ?? "no limit"
    }

    private mutating func drawChosen(
        _ chosen: [DeadLetterSequence],
        state: ConsoleState,
        in area: Rectangle
    ) {
        guard !chosen.isEmpty else { return }
        table(
            DeadLetterSequence.columns,
            in: area,
            count: chosen.count,
            selection: TableSelection(first: 0, selected: nil),
            gap: size.width < 100 ? 1 : 2
        ) { row, column, _ in chosen[row].cell(column, at: state.now) }
    }

    // MARK: - Progress and outcome

    private mutating func drawLetterProgress(
        _ kind: OperationRequest.Kind,
        state: ConsoleState,
        in body: Rectangle
    ) {
        let act = state.letterAct
        var rows = RowCursor(body)
        let entry = act.stage.operation.flatMap { id in
            state.allOperations?.first { $0.id == id }
        }
        draw(
            title(kind) + askerText(entry),
            at: rows.next().origin.moved(x: 2),
            width: body.width - 3
        )
        drawLetterStages(act, entry: entry, in: rows.next())
        rows.skip()
        drawLetterBar(act, state: state, in: rows.next())
        let end = act.endTime ?? state.now
        let elapsed = act.askTime.map { Wording.duration(end.seconds(since: $0)) } ?? "-"
        field("elapsed", StyledText(elapsed), in: rows.next())
        if let retry = act.retry, retry.rateLimit != nil {
            field("rate", StyledText(rateText(retry)), in: rows.next())
        }
        if case .finished(_, let outcome) = act.stage {
            field("outcome", outcome.text(glyphs), in: rows.next())
            if !outcome.detail.isEmpty { field("", wrapping: outcome.detail, in: &rows) }
            field(
                "",
                StyledText("kept in the stream $operations: screen 6", .muted),
                in: rows.next()
            )
        } else {
            drawNotes(waitingNotes(state), in: rows.rest.rows(.fixed(1), .remaining)[0])
            rows.skip()
        }
        rows.skip()
        drawRemaining(act, state: state, rows: &rows)
    }

    private mutating func drawLetterStages(
        _ act: LetterActState,
        entry: OperationEntry?,
        in row: Rectangle
    ) {
        let step =
            switch act.stage {
            case .planning: 0
            case .asking: 1
            case .watching: entry?.outcome == .running ? 3 : 2
            case .finished: 5
            }
        let doing = act.retry == nil ? "giving up" : "trying"
        drawStages(
            ["asked", "recorded", "taken up", doing, "done"],
            step: step,
            of: act.stage,
            in: row
        )
    }

    /// What comes before a count where there may be more.
    private func leastText(_ state: ConsoleState) -> String {
        state.isLetterCountOpen ? "at least " : ""
    }

    private mutating func drawLetterBar(
        _ act: LetterActState,
        state: ConsoleState,
        in row: Rectangle
    ) {
        let inner = row.inset(left: 2, right: 2)
        let (done, all) = (act.doneCount, act.letterCount)
        let numbers =
            " \(Wording.grouped(min(done, all))) of "
            + "\(leastText(state))\(Wording.counted(all, "event")) gone"
        let width = max(10, inner.width - TerminalText.width(numbers) - 1)
        progressBar(
            at: inner.origin,
            width: width,
            fraction: all > 0 ? Double(done) / Double(all) : 1,
            style: Style(act.stage.isFinished ? .stateOK : .stateReplaying)
        )
        draw(numbers, at: inner.origin, width: inner.width, alignment: .right)
    }

    private mutating func drawRemaining(
        _ act: LetterActState,
        state: ConsoleState,
        rows: inout RowCursor
    ) {
        guard !act.remaining.isEmpty else {
            draw(
                "\(glyphs(.ok)) none of these is a dead letter any more",
                at: rows.next().origin.moved(x: 2),
                style: Style(.stateOK),
                width: rows.area.width - 3
            )
            return
        }
        if let failed = act.failedAgain {
            let place =
                "#\(Wording.grouped(failed.position.number)) \(failed.type) in \(failed.key)"
            field("failed again", StyledText(place, .strong), in: rows.next(), labelWidth: 14)
            let cause = rows.rest.inset(left: 16, right: 1)
            rows.skip(draw(wrapping: failed.cause ?? "", in: cause, style: Style(.stateError)) + 1)
        }
        drawChosen(act.remaining, state: state, in: rows.rest)
    }
}
