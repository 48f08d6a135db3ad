import EventModel
import OperationsModel

extension ConsoleState {
    /// Whether the group at hand asks for effects.
    var hasEffects: Bool {
        subjectGroup.flatMap { processor(named: $0) }.map { !$0.effectKinds.isEmpty } ?? false
    }

    /// Shows the effects of a group as a step deeper.
    mutating func openEffects(_ group: String) {
        showEffects(of: group)
        goDeeper(to: .effects)
    }

    /// Has the screen of effects show those of a group; of every group where none is named.
    mutating func showEffects(of group: String?) {
        guard effectList.group != group else { return }
        effectList = EffectListState()
        effectList.group = group
        errors[.effects] = nil
        answerTimes[.effects] = nil
        forget(.effects)
    }

    // MARK: - The action menu

    /// What can be done about the selected effect.
    var effectMenu: ActionMenu? {
        guard let effect = effectList.selected else { return nil }
        let retry = effect.attempts > 0 ? "Try \(effect.title) again" : "Try \(effect.title) now"
        return ActionMenu(
            subject: "effects of \(effect.group)",
            entries: [
                entry(retry, .retry, effect), entry("Give up \(effect.title)", .giveUp, effect),
            ]
        )
    }

    /// The way to the effects of a group that asks for some.
    func effectEntries(for status: ProcessorStatus) -> [ActionMenu.Entry] {
        guard !status.effectKinds.isEmpty else { return [] }
        return [
            ActionMenu.Entry(
                title: "Show the effects of \(status.group)",
                action: .showEffects(status.group),
                changesStore: false
            )
        ]
    }

    private func entry(
        _ title: String,
        _ choice: EffectChoice,
        _ effect: EffectEntry
    ) -> ActionMenu.Entry {
        ActionMenu.Entry(
            title: title,
            action: .prompt(.effectReason(effect.id, choice)),
            changesStore: true,
            refusal: changeRefusal ?? effect.refusal(of: choice)
        )
    }

    // MARK: - From the reason to the request

    /// Goes on from the reason to the confirmation; returns what is wrong with the reason.
    mutating func decide(
        _ id: EventID,
        _ choice: EffectChoice,
        because text: String
    ) -> String? {
        let words = text.split(separator: " ").joined(separator: " ")
        guard words.count >= 3 else { return "say why; it is kept with the operation" }
        guard let effect = effectList.all?.first(where: { $0.id == id }) else {
            tell("the effect waits no longer", .refusal)
            return nil
        }
        if let refusal = changeRefusal ?? effect.refusal(of: choice) {
            tell(refusal, .refusal)
            return nil
        }
        overlay = .typedConfirmation(
            TypedConfirmation(
                title: choice == .retry ? "Try \(effect.title) again" : "Give up \(effect.title)",
                consequences: effect.consequences(of: choice) + ["Because: \(words)"],
                expected: "\(storeName)/\(effect.group)",
                kind: .effect(group: effect.group, effect: id, choice),
                reason: words,
                openTime: now
            )
        )
        return nil
    }
}

extension EffectEntry {
    /// Why nothing can be decided about it now; nothing where something can.
    fileprivate func refusal(of choice: EffectChoice) -> String? {
        switch state {
        case .performed: "it was performed"
        case .givenUp: "it was given up"
        case .underWay where choice == .retry: "it is under way"
        case .waiting where choice == .retry && attempts == 0:
            "it was not tried yet: its turn comes by itself"
        case .waiting, .underWay, .failed, .inDoubt: nil
        }
    }

    /// What comes of a decision, one sentence each.
    fileprivate func consequences(of choice: EffectChoice) -> [String] {
        let times = attempts == 1 ? "once" : "\(attempts) times"
        switch (choice, state) {
        case (.retry, .inDoubt):
            return [
                "It was begun \(times), and nobody knows whether it was done.",
                "If it was, it is done twice now, unless the other side",
                "knows it again by its id, which stays the same.",
            ]
        case (.retry, _):
            return [
                "It failed \(times); what was done before it failed is done again.",
                "Its id, by which the other side can know it again, stays the same.",
            ]
        case (.giveUp, .inDoubt), (.giveUp, .underWay):
            return [
                "It is never tried again, though it may not have been done.",
                "The later effects of \(sequenceKey) go on.", "Nothing undoes it.",
            ]
        case (.giveUp, _):
            return [
                "It is never done, also not in a replay.",
                "The later effects of \(sequenceKey) go on.", "Nothing undoes it.",
            ]
        }
    }
}
