import EventModel
import OperationsModel

extension ConsoleState {
    /// How many events wait as dead letters in all groups that are shown, those included that the
    /// list of sequences does not hold.
    public var letterCount: Int {
        (allProcessors ?? []).filter { deadLetters.group == nil || $0.group == deadLetters.group }
            .reduce(0) { $0 + $1.deadLetterCount }
    }

    /// The rows of the lists of dead letters.
    var letterRows: ConsoleLayout.LetterRows {
        ConsoleLayout.letterRows(height: height)
    }

    /// Shows the dead letters of a group as a step deeper.
    mutating func openDeadLetters(_ group: String) {
        showDeadLetters(of: group)
        goDeeper(to: .deadLetters)
    }

    /// Has the screen of dead letters show those of a group; of every group where none is named.
    mutating func showDeadLetters(of group: String?) {
        guard deadLetters.group != group else { return }
        deadLetters = DeadLettersState()
        deadLetters.group = group
        errors[.deadLetters] = nil
        answerTimes[.deadLetters] = nil
        forget(.deadLetters)
    }

    /// Shows what a request about dead letters would do.
    mutating func planLetters(_ kind: OperationRequest.Kind) {
        letterAct = LetterActState()
        letterAct.kind = kind
        if let shown = deadLetters.group, shown != kind.letterGroup {
            showDeadLetters(of: kind.letterGroup)
        }
        letterAct.take(deadLetters.all ?? [])
        open(.retry)
    }

    mutating func take(_ letters: [DeadLetterSequence]) {
        deadLetters.take(letters, rows: letterRows, at: now)
        letterAct.take(letters)
        askForLetterEvent()
    }

    /// Asks for the payload of the selected letter where there is room for it.
    mutating func askForLetterEvent() {
        guard screen == .deadLetters, isWide, let selected = deadLetters.selected,
            deadLetters.detail?.summary.position != selected.position
        else { return }
        ask(.event(selected.position), in: .letterEvent)
    }

    /// Goes from a cause to its sequences, and from a sequence to its event.
    mutating func enterInLetters() {
        switch deadLetters.pane {
        case .causes: if deadLetters.selectedCause != nil { deadLetters.pane = .sequences }
        case .sequences: if let letter = deadLetters.selected { openEvent(at: letter.position) }
        }
    }

    // MARK: - The action menu

    /// What can be done about the selected cause and the selected sequence, the nearer one first.
    var letterMenu: ActionMenu? {
        guard let cause = deadLetters.selectedCause else { return nil }
        let group = cause.group
        var retries = [
            ActionMenu.Entry.plan(
                "Plan to retry every dead letter of \(group)",
                .retry(group, .all)
            )
        ]
        if let text = cause.text {
            let count = cause.sequences.count
            let which = count == 1 ? "the sequence" : "all \(count) sequences"
            let title = "Plan to retry \(which) of this cause"
            retries.insert(.plan(title, .retry(group, .cause(text))), at: 0)
        }
        guard let letter = deadLetters.selected else { return nil }
        retries.insert(retryEntry(letter), at: deadLetters.pane == .causes ? retries.count : 0)
        return ActionMenu(
            subject: "dead letters of \(group)",
            entries: watchEntries(of: group) + retries + [stepEntry(letter)]
                + discardEntries(letter, of: cause)
        )
    }

    /// The way back to what was asked for about the letters of a group and is not over.
    func watchEntries(of group: String) -> [ActionMenu.Entry] {
        guard case .watching = letterAct.stage, letterAct.group == group, screen != .retry
        else { return [] }
        let verb = letterAct.kind?.letterVerb ?? ""
        return [
            ActionMenu.Entry(
                title: "Watch the \(verb) of \(group)",
                action: .watchLetters,
                changesStore: false
            )
        ]
    }

    private func retryEntry(_ letter: DeadLetterSequence) -> ActionMenu.Entry {
        ActionMenu.Entry(
            title: "Retry \(letter.key) now, from #\(letter.position) on",
            action: .retrySequence(group: letter.group, key: letter.key),
            changesStore: true,
            refusal: changeRefusal
        )
    }

    private func stepEntry(_ letter: DeadLetterSequence) -> ActionMenu.Entry {
        let before = Position(letter.position.number - min(1, letter.position.number))
        return ActionMenu.Entry(
            title: "See the rows before #\(letter.position), in a copy",
            action: .step(group: letter.group, at: .position(before)),
            changesStore: false
        )
    }

    private func discardEntries(
        _ letter: DeadLetterSequence,
        of cause: LetterCause
    ) -> [ActionMenu.Entry] {
        let (group, position) = (letter.group, letter.position)
        var choices = [("#\(position) alone", LetterChoice.position(position))]
        if letter.heldCount > 0 {
            let count = letter.heldCount + 1
            choices.append(("all \(count) events of \(letter.key)", .sequence(letter.key)))
        }
        let count = cause.sequences.count
        if let text = cause.text, count > 1 {
            choices.append(("the \(count) events of this cause", .cause(text)))
        }
        return choices.map { .plan("Plan to discard \($0)", .discard(group: group, $1)) }
            + [.plan("Plan to never handle #\(position)", .skip(group: group, position))]
    }

    /// What can be done with the plan at hand.
    var letterActEntries: [ActionMenu.Entry] {
        guard let kind = letterAct.kind else { return [] }
        var entries: [ActionMenu.Entry] = []
        if let retry = letterAct.retry {
            entries = [
                ActionMenu.Entry(
                    title: "Limit the rate",
                    action: .prompt(.retryRate),
                    changesStore: false
                ),
                ActionMenu.Entry(
                    title: retry.stopsAtFailure
                        ? "Go on also after one fails again" : "Stop at the first that fails again",
                    action: .retryFailure,
                    changesStore: false
                ),
            ]
        }
        entries.append(
            ActionMenu.Entry(
                title: "Go on to confirm this \(kind.letterVerb)",
                action: .runLetters,
                changesStore: true,
                refusal: letterActRefusal
            )
        )
        return entries
    }

    // MARK: - From the plan to the request

    /// Why what is planned with dead letters cannot be asked for now.
    var letterActRefusal: String? {
        guard letterAct.stage == .planning else { return "it was already asked for" }
        guard deadLetters.all != nil else { return "the plan is not there yet" }
        guard !letterAct.chosen.isEmpty else { return "no dead letter is meant any more" }
        return changeRefusal
    }

    /// Goes on from the plan to the confirmation; what cannot be undone needs a reason first.
    mutating func confirmLetters() {
        if let refusal = letterActRefusal { return tell(refusal, .refusal) }
        if letterAct.retry == nil { prompt(.letterReason) } else { confirmLetters(because: nil) }
    }

    /// Takes the reason for giving letters up; returns what is wrong with it.
    mutating func giveUpLetters(because text: String) -> String? {
        let words = text.split(separator: " ").joined(separator: " ")
        guard words.count >= 3 else { return "say why; it is kept with the operation" }
        confirmLetters(because: words)
        return nil
    }

    private mutating func confirmLetters(because reason: String?) {
        guard letterActRefusal == nil, let kind = letterAct.kind, let group = kind.letterGroup
        else { return }
        overlay = .typedConfirmation(
            TypedConfirmation(
                title: confirmationTitle(kind, group),
                consequences: letterConsequences(kind) + (reason.map { ["Because: \($0)"] } ?? []),
                expected: "\(storeName)/\(group)",
                kind: kind,
                reason: reason,
                openTime: now
            )
        )
    }

    private func confirmationTitle(_ kind: OperationRequest.Kind, _ group: String) -> String {
        switch kind {
        case .skip(_, let position): "Never handle #\(position) in \(group)"
        case .discard: "Discard dead letters of \(group)"
        default: "Retry dead letters of \(group)"
        }
    }

    /// Whether more letters may be meant than are known: the list of them is cut.
    public var isLetterCountOpen: Bool {
        switch letterAct.kind?.letters {
        case .all, .cause: deadLetters.isCut
        case .position, .sequence, nil: false
        }
    }

    private func letterConsequences(_ kind: OperationRequest.Kind) -> [String] {
        let count = letterAct.letterCount
        let sequences = letterAct.chosen.count
        let events =
            (isLetterCountOpen ? "At least " : "")
            + (count == 1 ? "1 event of " : "\(count) events of ")
            + (sequences == 1 ? "1 sequence" : "\(sequences) sequences")
            + (count == 1 ? " is" : " are")
        switch kind {
        case .retry(let request):
            return [
                "\(events) handled again.",
                request.stopsAtFailure
                    ? "The first that fails again ends it."
                    : "It goes on with the others where one fails again.",
                "What fails stays a dead letter.",
            ]
        case .discard:
            return [
                "\(events) given up.",
                "The events behind them are handled without them.",
                "Only a replay handles them again; nothing undoes it.",
            ]
        default:
            return [
                "The event is not handled, also not in a replay.",
                "The events behind it are handled without it.",
                "Nothing undoes it.",
            ]
        }
    }

    /// Sets how fast the planned retry goes at most; returns what is wrong with the text.
    mutating func setRetryRate(_ text: String) -> String? {
        guard letterAct.stage == .planning, var retry = letterAct.retry else { return nil }
        let (rate, complaint) = Self.rate(typed: text)
        guard complaint == nil else { return complaint }
        retry.rateLimit = rate
        letterAct.kind = .retry(retry)
        return nil
    }

    /// Turns around whether the planned retry ends at the first failure.
    mutating func turnRetryFailure() {
        guard letterAct.stage == .planning, var retry = letterAct.retry else { return }
        retry.stopsAtFailure.toggle()
        letterAct.kind = .retry(retry)
    }
}

extension ActionMenu.Entry {
    /// An entry that shows what a request about dead letters would do.
    static func plan(_ title: String, _ kind: OperationRequest.Kind) -> Self {
        Self(title: title, action: .planLetters(kind), changesStore: false)
    }
}

extension OperationRequest.Kind {
    /// A retry that goes as fast as it can and ends at the first failure.
    static func retry(_ group: String, _ letters: LetterChoice) -> Self {
        .retry(RetryRequest(group: group, letters: letters))
    }
}
