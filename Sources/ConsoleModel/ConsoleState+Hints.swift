import OperationsModel

extension ConsoleState {
    /// The keys the footer shows now, the most useful first.
    public var hints: [KeyBinding] {
        KeyTable.hints(on: screen).filter { isUseful($0.command) }
    }

    /// Whether a key leads anywhere as the screen stands.
    private func isUseful(_ command: Command) -> Bool {
        switch (command, screen) {
        case (.back, .pulse): false
        case (.enter, .processor): failedPosition != nil
        case (.deadLetters, _): hasLetters
        case (.effects, _): hasEffects
        case (.enter, .effects), (.actions, .effects): effectList.selected != nil
        case (.enter, .retry): letterAct.stage == .planning
        case (.enter, .deadLetters): deadLetters.selectedCause != nil
        case (.stepOn, .step), (.stepBack, .step), (.until, _): stepRefusal == nil
        case (.enter, .step): step.step?.event != nil
        case (.open(let target), let screen): target != screen
        case (.enter, .pulse): problems?.isEmpty == false
        case (.enter, .replay), (.goTo, .replay): replay.stage == .planning
        case (.enter, .operations): operations.selected != nil
        case (.enter, .streams), (.filter, .streams), (.follow, .streams), (.goTo, .streams):
            !streams.isDetailOpen
        case (.stepBack, .history), (.stepOn, .history), (.goTo, .history):
            history.lastSequence != nil
        default: true
        }
    }
}
