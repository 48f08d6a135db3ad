import EventModel
import OperationsModel

extension ConsoleState {
    // MARK: - Arming

    /// Why nothing can be changed now; nothing where something can.
    public var changeRefusal: String? {
        if let reason = status?.readOnlyReason { return "the store is read-only: \(reason)" }
        return arming == nil ? "read-only: use :arm first" : nil
    }

    /// Allows changes for a while; returns what is wrong with the reason.
    mutating func arm(because reason: String) -> String? {
        let words = reason.split(separator: " ").joined(separator: " ")
        guard words.count >= 3 else { return "say why; it is kept with every operation" }
        arming = Arming(reason: words, endTime: now.advanced(bySeconds: Arming.seconds))
        tell("armed for 15 minutes; :disarm ends it")
        return nil
    }

    mutating func disarm() {
        arming = nil
        tell("read-only")
    }

    // MARK: - The action menu

    mutating func openActionMenu() {
        guard let menu = actionMenu else { return tell("nothing to act on here", .refusal) }
        overlay = .menu(menu)
    }

    /// What can be done on the screen at hand.
    var actionMenu: ActionMenu? {
        switch screen {
        case .replay where replay.stage == .planning && subjectGroup != nil:
            return ActionMenu(subject: "replay of \(subjectGroup ?? "")", entries: replayEntries)
        case .deadLetters: return letterMenu
        case .effects: return effectMenu
        case .retry where letterAct.stage == .planning:
            return ActionMenu(subject: "dead letters", entries: letterActEntries)
        case .step: return ActionMenu(subject: "scratch copy", entries: stepEntries)
        default: return menuOfSubject
        }
    }

    private var menuOfSubject: ActionMenu? {
        if let group = subjectGroup, let status = processor(named: group) {
            return ActionMenu(subject: "group \(group)", entries: entries(for: status))
        }
        if let stream = subjectStream {
            return ActionMenu(subject: "stream \(stream)", entries: entries(for: stream))
        }
        return nil
    }

    private func entries(for status: ProcessorStatus) -> [ActionMenu.Entry] {
        let group = status.group
        let isPaused = status.state == .paused
        var entries = [
            ActionMenu.Entry(
                title: "Pause \(group)",
                action: .pause(group),
                changesStore: true,
                refusal: changeRefusal ?? (isPaused ? "already paused" : nil)
            ),
            ActionMenu.Entry(
                title: "Resume \(group)",
                action: .resume(group),
                changesStore: true,
                refusal: changeRefusal ?? (isPaused ? nil : "not paused")
            ),
            ActionMenu.Entry(
                title: status.replayTitle,
                action: .planReplay(group),
                changesStore: false
            ),
        ]
        entries += undoEntries(for: status) + letterEntries(for: status)
        entries += effectEntries(for: status)
        entries += segmentEntries(for: status)
        entries.append(
            ActionMenu.Entry(
                title: "Step through the tables of \(group)",
                action: .step(group: group, at: nil),
                changesStore: false
            )
        )
        return entries
    }

    private func undoEntries(for status: ProcessorStatus) -> [ActionMenu.Entry] {
        let operation = status.shadow?.operation ?? status.kept?.operation
        guard let operation else { return [] }
        return [
            ActionMenu.Entry(
                title: status.shadow == nil
                    ? "Undo the last replay of \(status.group)"
                    : "Give up the new rows of \(status.group)",
                action: .undoReplay(group: status.group, operation: operation),
                changesStore: true,
                refusal: changeRefusal
            )
        ]
    }

    private func segmentEntries(for status: ProcessorStatus) -> [ActionMenu.Entry] {
        let split = ActionMenu.Entry(
            title: "Split a segment of \(status.group)",
            action: .split(status.group),
            changesStore: true,
            refusal: changeRefusal
        )
        let merge = ActionMenu.Entry(
            title: "Merge two segments of \(status.group)",
            action: .merge(status.group),
            changesStore: true,
            refusal: changeRefusal
        )
        return status.segmentCount > 1 ? [split, merge] : [split]
    }

    private func letterEntries(for status: ProcessorStatus) -> [ActionMenu.Entry] {
        let group = status.group
        guard status.deadLetterCount > 0 else { return watchEntries(of: group) }
        return watchEntries(of: group) + [
            ActionMenu.Entry(
                title: "Show the dead letters of \(group)",
                action: .showLetters(group),
                changesStore: false
            ),
            .plan("Plan to retry every dead letter of \(group)", .retry(group, .all)),
        ]
    }

    private var stepEntries: [ActionMenu.Entry] {
        let prompts: [(String, Prompt.Purpose)] = [
            ("Go to a place, or over some events", .stepTo),
            ("Go on to the next event of a stream", .stepStream),
            ("Go on to the next event of a type", .stepType),
            ("Go on until a condition holds", .stepUntil),
            ("Ask the tables as they are here", .stepQuery),
        ]
        return prompts.map { title, purpose in
            ActionMenu.Entry(
                title: title,
                action: .prompt(purpose),
                changesStore: false,
                refusal: purpose == .stepTo ? nil : stepRefusal
            )
        }
    }

    private func entries(for stream: StreamName) -> [ActionMenu.Entry] {
        var entries = [
            ActionMenu.Entry(
                title: "Take a snapshot of \(stream)",
                action: .snapshotStream(stream),
                changesStore: true,
                refusal: changeRefusal
            )
        ]
        if screen == .snapshots, let category = snapshots.selected?.category {
            entries.append(
                ActionMenu.Entry(
                    title: "Take snapshots of every \(category) without a current one",
                    action: .snapshotCategory(category),
                    changesStore: true,
                    refusal: changeRefusal
                )
            )
            entries.append(
                ActionMenu.Entry(
                    title: "Take every stale snapshot of all categories",
                    action: .snapshotStale,
                    changesStore: true,
                    refusal: changeRefusal
                )
            )
        }
        return entries
    }

    mutating func choose(_ entry: ActionMenu.Entry) {
        if let refusal = entry.refusal { return tell(refusal, .refusal) }
        overlay = nil
        perform(entry.action)
    }

    mutating func perform(_ action: Action) {
        switch action {
        case .pause(let group): question("Pause \(group)?", .pause(group: group))
        case .resume(let group): question("Resume \(group)?", .resume(group: group))
        case .planReplay(let group): openReplay(group)
        case .showLetters(let group): openDeadLetters(group)
        case .showEffects(let group): openEffects(group)
        case .retrySequence(let group, let key):
            question("Retry the dead letters of \(key)?", .retry(group, .sequence(key)))
        case .planLetters(let kind): planLetters(kind)
        case .watchLetters: open(.retry)
        case .retryFailure: turnRetryFailure()
        case .runLetters: confirmLetters()
        case .step(let group, let point): openStep(group, at: point)
        case .prompt(let purpose): prompt(purpose, text: suggestion(for: purpose))
        case .runReplay: confirmReplay()
        case .replayPlace:
            replay.request?.isShadow.toggle()
            askForPlan()
        case .undoReplay(let group, let operation):
            confirmUndo(of: operation, in: group)
        case .split(let group): question("Split a segment of \(group)?", .split(group: group))
        case .merge(let group): question("Merge two segments of \(group)?", .merge(group: group))
        case .snapshotStream(let stream):
            question("Take a snapshot of \(stream)?", .snapshotStream(stream))
        case .snapshotCategory(let category):
            question(
                "Take snapshots of every \(category) without a current one?",
                .snapshotCategory(category)
            )
        case .snapshotStale:
            question("Take every stale snapshot of all categories?", .snapshotStale())
        }
    }

    private mutating func question(_ text: String, _ kind: OperationRequest.Kind) {
        overlay = .question(Question(text: text, consequence: .request(kind)))
    }

    // MARK: - Requests

    /// Asks for an operation, unless changes are no longer allowed.
    ///
    /// The reason is that of the arming, unless the request has one of its own.
    mutating func request(_ kind: OperationRequest.Kind, because ownReason: String? = nil) {
        if let refusal = changeRefusal { return tell(refusal, .refusal) }
        guard let reason = ownReason ?? arming?.reason else { return }
        lastNumber += 1
        requests[lastNumber] = kind
        setStage(.asking, of: kind)
        let token = RequestToken(number: lastNumber)
        effects.append(.request(OperationRequest(kind, reason: reason), token))
        tell("asking: \(kind.phrase)")
    }

    /// Notes how far a request has come on the screen that watches it, if there is one.
    mutating func setStage(_ stage: OperationStage, of kind: OperationRequest.Kind) {
        if case .replay = kind { replay.stage = stage }
        guard kind == letterAct.kind, !letterAct.stage.isFinished else { return }
        letterAct.stage = stage
        if stage == .asking { letterAct.askTime = now }
    }
}
