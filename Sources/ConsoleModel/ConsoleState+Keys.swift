import EventModel
import OperationsModel

extension ConsoleState {
    /// Obeys a key.
    mutating func press(_ key: Key) {
        if key == .control("c") { return interrupt() }
        interruptTime = nil
        guard isDrawn else { return pressUnseen(key) }
        switch overlay {
        case .palette(let palette): press(key, in: palette)
        case .menu(let menu): press(key, in: menu)
        case .question(let question): press(key, for: question)
        case .typedConfirmation(let confirmation): press(key, in: confirmation)
        case .prompt(let prompt): press(key, in: prompt)
        case nil:
            if let command = KeyTable.command(for: key, on: screen) { perform(command) }
        }
    }

    /// Obeys a key while the terminal is too small to show what it would do.
    private mutating func pressUnseen(_ key: Key) {
        switch KeyTable.command(for: key, on: screen) {
        case .quit: leave()
        case .redraw: effects.append(.redraw)
        case .suspend: effects.append(.suspend)
        default: break
        }
    }

    /// Takes pasted text where text is typed; elsewhere it is no command.
    mutating func paste(_ text: String) {
        guard isDrawn else { return }
        switch overlay {
        case .palette(var palette):
            palette.editor.insert(text)
            palette.match()
            overlay = .palette(palette)
        case .prompt(var prompt):
            prompt.editor.insert(text)
            change(prompt)
        case .typedConfirmation(var confirmation):
            confirmation.complaint = "pasting is refused here: type it"
            overlay = .typedConfirmation(confirmation)
        case .menu, .question, nil: break
        }
    }

    private mutating func interrupt() {
        if let time = interruptTime, now.seconds(since: time) <= 3 { return leave() }
        interruptTime = now
        tell("press Ctrl-C again to leave", .refusal)
    }

    private mutating func press(_ key: Key, in palette: CommandPalette) {
        var palette = palette
        switch (key.code, key.modifiers) {
        case (.escape, _): overlay = nil
        case (.enter, _): choose(in: palette)
        case (.up, _), (.character("p"), .control): palette.move(by: -1)
        case (.down, _), (.tab, []), (.character("n"), .control): palette.move(by: 1)
        case (.tab, _): palette.move(by: -1)
        case (.pageUp, _): palette.move(by: -10)
        case (.pageDown, _): palette.move(by: 10)
        default: if palette.editor.handle(key) { palette.match() }
        }
        if case .palette = overlay { overlay = .palette(palette) }
        previewTheme()
    }

    private mutating func press(_ key: Key, in menu: ActionMenu) {
        var menu = menu
        let end = menu.entries.count - 1
        switch key.code {
        case .escape, .character("q"), .character("a"): return overlay = nil
        case .enter:
            guard menu.entries.indices.contains(menu.index) else { return overlay = nil }
            return choose(menu.entries[menu.index])
        case .up, .character("k"): menu.index = max(0, menu.index - 1)
        case .down, .tab, .character("j"): menu.index = max(0, min(end, menu.index + 1))
        default: return
        }
        overlay = .menu(menu)
    }

    private mutating func press(_ key: Key, for question: Question) {
        overlay = nil
        guard key.typed == "y" || key.typed == "Y" else { return tell("not done") }
        switch question.consequence {
        case .quit: leave()
        case .request(let kind): request(kind)
        }
    }

    private mutating func press(_ key: Key, in confirmation: TypedConfirmation) {
        var confirmation = confirmation
        guard !confirmation.isGuarded(at: now) else { return }
        confirmation.complaint = nil
        switch key.code {
        case .escape: return overlay = nil
        case .tab, .up, .down:
            confirmation.focus = confirmation.focus == .cancel ? .confirm : .cancel
        case .enter where confirmation.focus == .cancel:
            tell("nothing was changed")
            return overlay = nil
        case .enter where !confirmation.matches:
            confirmation.complaint = "type \(confirmation.expected) exactly"
        case .enter:
            overlay = nil
            return request(confirmation.kind, because: confirmation.reason)
        default: _ = confirmation.editor.handle(key)
        }
        overlay = .typedConfirmation(confirmation)
    }

    // MARK: - Prompts

    mutating func prompt(_ purpose: Prompt.Purpose, text: String = "") {
        overlay = .prompt(Prompt(purpose: purpose, editor: LineEditor(text)))
    }

    private mutating func press(_ key: Key, in prompt: Prompt) {
        var prompt = prompt
        switch key.code {
        case .escape:
            if prompt.purpose == .filter { setFilter("") }
            overlay = nil
        case .enter: finish(prompt)
        default: if prompt.editor.handle(key) { change(prompt) }
        }
    }

    private mutating func change(_ prompt: Prompt) {
        var prompt = prompt
        prompt.complaint = nil
        overlay = .prompt(prompt)
        if prompt.purpose == .filter { setFilter(prompt.editor.text) }
    }

    private mutating func finish(_ prompt: Prompt) {
        let text = prompt.editor.text
        overlay = nil
        let complaint: String? =
            switch prompt.purpose {
            case .filter: nil
            case .armReason: arm(because: text)
            case .goTo: text.isEmpty ? nil : goTo(typed: text)
            case .replayStart: text.isEmpty ? nil : setReplayStart(text)
            case .replayRate: setReplayRate(text)
            case .retryRate: setRetryRate(text)
            case .letterReason: giveUpLetters(because: text)
            case .effectReason(let id, let choice): decide(id, choice, because: text)
            case .stepTo: text.isEmpty ? nil : goInStep(typed: text)
            case .stepStream, .stepType, .stepUntil, .stepQuery: goInStep(text, for: prompt.purpose)
            }
        guard let complaint else { return }
        var prompt = prompt
        prompt.complaint = complaint
        overlay = .prompt(prompt)
    }

    /// Goes to a number or time in the screen at hand; returns what is wrong with the text.
    private mutating func goTo(typed text: String) -> String? {
        guard let target = GoToTarget(text, now: now) else { return "not a #number, time or age" }
        switch (target, screen) {
        case (.number(let number), .history): select(sequence: number)
        case (.number(let number), _): goTo(position: Position(number))
        case (.time(let time), .history):
            guard let stream = history.stream else { return nil }
            history.blame = nil
            ask(.state(stream, .time(time)), in: .locate)
        case (.time, _): return "here only a #position"
        }
        return nil
    }
}
