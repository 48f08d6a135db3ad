import EventModel
import OperationsModel

extension ConsoleState {
    /// Why a command does nothing now; nothing where it does something.
    public func refusal(of command: Command) -> String? {
        switch command {
        case .timeTravel where screen == .processors || screen == .processor:
            subjectGroup == nil ? "no group is selected" : nil
        case .timeTravel: subjectStream == nil ? "no stream is selected" : nil
        case .deadLetters: hasLetters ? nil : "this group has no dead letters"
        case .effects: hasEffects ? nil : "this group asks for no effects"
        case .enter where screen == .effects:
            effectList.selected?.position == .start ? "nobody knows its event any more" : nil
        case .enter where screen == .retry: letterActRefusal
        case .stepOn where screen == .step, .stepBack where screen == .step,
            .leapOn where screen == .step, .leapBack where screen == .step,
            .until:
            stepRefusal
        case .nextSameType where screen == .step, .nextSameStream:
            stepRefusal ?? (step.step?.event == nil ? "no event is here" : nil)
        case .blame: fieldUnderCursor == nil ? "Tab to a field of the state first" : nil
        case .enter where screen == .replay: replayRefusal
        case .enter where screen == .processor:
            failedPosition == nil ? "no event fails in this group" : nil
        default: nil
        }
    }

    mutating func perform(_ command: Command) {
        if let refusal = refusal(of: command) {
            tell(refusal, .refusal)
            return
        }
        switch command {
        case .open(let target): open(target)
        case .lastScreen:
            swap(&path, &previousPath)
            reconcileCursors()
        case .palette: openPalette()
        case .filter: prompt(.filter, text: filterText)
        case .help: if screen == .help { _ = goBack() } else { open(.help) }
        case .enter: enter()
        case .back: _ = goBack()
        case .quit: if !goBack() { quit() }
        case .up, .down, .pageUp, .pageDown, .first, .last: performMovement(command)
        case .follow: follow()
        case .freeze: freeze()
        case .sort, .reverse, .problemsOnly: performOrdering(command)
        case .goTo: prompt(screen == .replay ? .replayStart : screen == .step ? .stepTo : .goTo)
        case .deadLetters: if let group = subjectGroup { openDeadLetters(group) }
        case .effects: if let group = subjectGroup { openEffects(group) }
        case .timeTravel: timeTravel()
        case .actions: openActionMenu()
        case .copy: copySelection()
        case .copyLink: copyLink()
        case .timeStyle: cycleTimeStyle()
        case .mouse: toggleMouse()
        case .redraw: effects.append(.redraw)
        case .suspend: effects.append(.suspend)
        case _ where screen == .step: performInStep(command)
        case .nextPane where screen == .deadLetters, .previousPane where screen == .deadLetters:
            deadLetters.pane = deadLetters.pane.following
        default: performInHistory(command)
        }
    }

    /// Whether the group at hand has dead letters.
    var hasLetters: Bool {
        subjectGroup.flatMap { processor(named: $0) }.map { $0.deadLetterCount > 0 } ?? false
    }

    private mutating func performMovement(_ command: Command) {
        switch command {
        case .up: move(by: -1)
        case .down: move(by: 1)
        case .pageUp: move(by: -max(1, listRows - 1))
        case .pageDown: move(by: max(1, listRows - 1))
        case .first: moveToEnd(isLast: false)
        default: moveToEnd(isLast: true)
        }
    }

    private mutating func performOrdering(_ command: Command) {
        switch (command, screen) {
        case (.problemsOnly, _): processors.showsProblemsOnly.toggle()
        case (.reverse, _): processors.isReversed.toggle()
        case (_, .aggregates):
            aggregates.order = aggregates.order.following
            aggregates.clear()
            forget(.streams)
        default: processors.order = processors.order.following
        }
        if screen == .processors { retakeProcessors() }
    }

    private mutating func performInHistory(_ command: Command) {
        guard screen == .history, history.lastSequence != nil else { return }
        switch command {
        case .stepBack: step(by: -1)
        case .stepOn: step(by: 1)
        case .leapBack: step(by: -10)
        case .leapOn: step(by: 10)
        case .previousSameType: goToSameType(isForward: false)
        case .nextSameType: goToSameType(isForward: true)
        case .previousSnapshot: goToSnapshot(isForward: false)
        case .nextSnapshot: goToSnapshot(isForward: true)
        case .mark:
            history.mark = history.mark == history.sequence ? nil : history.sequence
            askForDifference()
        case .differenceBase:
            history.base = history.base.following
            if history.base == .mark, history.mark == nil { history.base = .head }
            askForDifference()
        case .changedOnly:
            history.showsChangedOnly.toggle()
            clampStateLine()
        case .foldAll:
            history.toggleAllFolds()
            clampStateLine()
        case .nextPane: focus(history.pane.following)
        case .previousPane: focus(history.pane.following.following)
        case .blame: startBlame()
        default: break
        }
    }

    private mutating func focus(_ pane: HistoryState.Pane) {
        history.pane = pane
        history.isValueOpen = false
    }

    private mutating func enter() {
        switch screen {
        case .pulse:
            guard let problems, problems.indices.contains(pulse.cursor.index) else { return }
            switch problems[pulse.cursor.index].place {
            case .store: tell(problems[pulse.cursor.index].remedy)
            case .processor(let group): openProcessor(group)
            case .stream(let stream): openHistory(stream, at: nil)
            }
        case .streams:
            streams.isDetailOpen = true
            streams.detailTop = 0
            askForPayload()
        case .processors: if let group = processors.selected?.group { openProcessor(group) }
        case .aggregates, .snapshots: timeTravel()
        case .operations: openTargetOfOperation()
        case .replay: confirmReplay()
        case .deadLetters: enterInLetters()
        case .retry: confirmLetters()
        case .effects: if let effect = effectList.selected { openEvent(at: effect.position) }
        case .step: if let event = step.step?.event { openEvent(at: event.position) }
        case .processor: if let position = failedPosition { openEvent(at: position) }
        case .history: enterInHistory()
        case .help: break
        }
    }

    /// Shows the group or the stream that the selected operation was about.
    private mutating func openTargetOfOperation() {
        guard let entry = operations.selected else { return }
        if processor(named: entry.target) != nil {
            openProcessor(entry.target)
        } else if entry.name.hasPrefix("snapshot"), entry.target.contains("-") {
            openHistory(StreamName(entry.target), at: nil)
        } else {
            openEvent(at: entry.position)
        }
    }

    /// Opens the selected event, or the value under the cursor; folds or unfolds what has parts.
    private mutating func enterInHistory() {
        switch history.pane {
        case .events: if let event = history.selected { openEvent(at: event.position) }
        case .state:
            let lines = history.visibleLines
            guard lines.indices.contains(history.stateLine) else { return }
            let line = lines[history.stateLine]
            if line.isContainer {
                history.toggleFold(line.path)
                clampStateLine()
            } else {
                openValue()
            }
        case .difference: openValue()
        }
    }

    private mutating func openValue() {
        guard fieldUnderCursor != nil else { return }
        history.isValueOpen.toggle()
        history.valueTop = 0
    }

    private mutating func timeTravel() {
        if screen == .processors || screen == .processor { return openStep(subjectGroup) }
        guard let stream = subjectStream else { return }
        let sequence: Sequence? =
            switch screen {
            case .streams: streams.selected?.sequence
            case .deadLetters: deadLetters.selected?.sequence
            default: nil
            }
        openHistory(stream, at: sequence?.number)
    }

    private mutating func follow() {
        if streams.isFollowing { streams.isFollowing = false } else { startFollowing() }
    }

    private mutating func freeze() {
        isFrozen.toggle()
        if isFrozen {
            tell("display held still; p lets it go on")
        } else {
            askTimes = [:]
        }
    }

    private mutating func toggleMouse() {
        usesMouse.toggle()
        effects.append(.useMouse(usesMouse))
        tell(
            usesMouse
                ? "the mouse wheel scrolls here; F2 gives the mouse back to the terminal"
                : "the mouse is the terminal's again"
        )
    }

    private mutating func cycleTimeStyle() {
        timeStyle = timeStyle.following
        if timeStyle == .local, context.localOffsetMinutes == 0 { timeStyle = .relative }
    }

    private mutating func goToSameType(isForward: Bool) {
        guard let type = history.selected?.type, let stream = history.stream else { return }
        let here = history.sequence
        let near =
            isForward
            ? history.window.first { $0.sequence.number > here && $0.type == type }
            : history.window.last { $0.sequence.number < here && $0.type == type }
        if let near { return select(sequence: near.sequence.number) }
        guard isForward || here > 0 else { return tell("no earlier \(type)", .refusal) }
        let range: EventsRequest.Range =
            isForward
            ? .stream(stream, from: Sequence(here + 1))
            : .streamBackwards(stream, through: Sequence(here - 1))
        ask(.events(EventsRequest(range: range, types: [type], limit: 1)), in: .locate)
    }

    private mutating func goToSnapshot(isForward: Bool) {
        let here = history.sequence
        let target =
            isForward
            ? history.snapshots.first { $0 > here } : history.snapshots.last { $0 < here }
        guard let target else {
            return tell(isForward ? "no later snapshot" : "no earlier snapshot", .refusal)
        }
        select(sequence: target)
    }

    private mutating func copySelection() {
        let text: String? =
            switch screen {
            case .pulse:
                problems.flatMap { list in
                    list.indices.contains(pulse.cursor.index)
                        ? list[pulse.cursor.index].summary : nil
                }
            case .streams: streams.selected?.id
            case .history: fieldUnderCursor ?? history.stream.map { "\($0)@\(history.sequence)" }
            case .operations: operations.selected?.id.description
            case .deadLetters: deadLetters.selectedCause?.text
            case .effects: effectList.selected?.id.description
            case .step: step.step?.event?.id
            default: subjectGroup ?? subjectStream?.text
            }
        guard let text else { return tell("nothing is selected", .refusal) }
        effects.append(.copy(text))
        tell("copied \(text)")
    }

    private mutating func copyLink() {
        var link = "recount://\(storeName)/\(screen.rawValue)"
        let subject = subject(of: screen)
        if !subject.isEmpty { link += "/\(subject)" }
        if screen == .history { link += "@\(history.sequence)" }
        if screen == .step { link += "@\(step.position)" }
        if screen == .streams, let event = streams.selected { link += "/#\(event.position)" }
        effects.append(.copy(link))
        tell("copied \(link)")
    }

    mutating func quit() {
        guard awaited.isEmpty else {
            let what = awaited.values.sorted().joined(separator: ", ")
            overlay = .question(
                Question(
                    text: "Leave? Without this console goes on: \(what)",
                    consequence: .quit
                )
            )
            return
        }
        leave()
    }

    mutating func leave() {
        isLeaving = true
        effects.append(.quit)
    }
}

extension EventSummary {
    /// The event as `stream@sequence`.
    fileprivate var id: String { "\(stream)@\(sequence)" }
}

extension CaseIterable where Self: Equatable {
    /// The case after this one; the first one after the last.
    var following: Self {
        let cases = Array(Self.allCases)
        let index = cases.firstIndex(of: self) ?? 0
        return cases[(index + 1) % cases.count]
    }
}
