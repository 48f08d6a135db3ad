import EventModel
import OperationsModel

extension ConsoleState {
    /// Shows a screen; one that is already on the way becomes the last of the way.
    mutating func open(_ target: ScreenName) {
        // By their own names or digits, these screens are about every group.
        if target == .deadLetters { showDeadLetters(of: nil) }
        if target == .effects { showEffects(of: nil) }
        guard target != screen else { return }
        previousPath = path
        if let place = path.firstIndex(of: target) {
            path.removeSubrange((place + 1)...)
        } else if ScreenName.numbered.contains(target) {
            path = target == .pulse ? [.pulse] : [.pulse, target]
        } else {
            if target == .help { help = HelpState(subject: screen) }
            path.append(target)
        }
        reconcileCursors()
    }

    /// Shows the list of events at one of them, with its payload, as a step deeper.
    mutating func openEvent(at position: Position) {
        if !streams.filter.isEmpty {
            streams.filter = ""
            streams.clear()
        }
        goDeeper(to: .streams)
        goTo(position: position)
        streams.isDetailOpen = true
        streams.detailTop = 0
    }

    /// Shows a screen as a step deeper, also one that has a digit.
    mutating func goDeeper(to target: ScreenName) {
        previousPath = path
        if let place = path.firstIndex(of: target) {
            path.removeSubrange((place + 1)...)
        } else {
            path.append(target)
        }
        reconcileCursors()
    }

    /// Takes back one step; nothing at the root.
    ///
    /// - Returns: whether there was anything to take back.
    mutating func goBack() -> Bool {
        if takeBackWithinScreen() { return true }
        guard path.count > 1 else { return false }
        previousPath = path
        path.removeLast()
        reconcileCursors()
        return true
    }

    private mutating func takeBackWithinScreen() -> Bool {
        switch screen {
        case .streams where streams.isDetailOpen: streams.isDetailOpen = false
        case .step where interruptStep(): break
        case .step where step.pane == .rows: step.pane = .changes
        case .deadLetters where deadLetters.pane == .sequences: deadLetters.pane = .causes
        case .history where history.isValueOpen: history.isValueOpen = false
        case .history where history.blame != nil:
            history.blame = nil
            forget(.locate)
        case .history where history.pane != .events: history.pane = .events
        case _ where !filterText.isEmpty: setFilter("")
        default: return false
        }
        return true
    }

    mutating func openProcessor(_ group: String?) {
        processor = ProcessorState(group: group)
        open(.processor)
    }

    /// Shows the replay of a group: the one under way, or a plan from the beginning.
    mutating func openReplay(_ group: String?) {
        let isSame = replay.request?.group == group
        if !isSame || replay.stage.isFinished {
            replay = ReplayState()
            replay.request = group.map { ReplayRequest(group: $0) }
            errors[.plan] = nil
            if let group, let status = processor(named: group) { replay.take(status, at: now) }
            forget(.plan)
        }
        open(.replay)
        if case .planning = replay.stage { askForPlan() }
    }

    mutating func askForPlan() {
        guard let request = replay.request else { return }
        replay.plan = nil
        ask(.plan(request), in: .plan)
    }

    /// Goes to a place named in words: `#position`, a group, a screen, `stream@sequence`.
    mutating func goTo(place text: String) {
        let text = String(text.drop { $0 == " " })
        guard !text.isEmpty else {
            tell("name a stream, a group or a #position", .refusal)
            return
        }
        if text.hasPrefix("#"), let number = UInt64(text.dropFirst()) {
            open(.streams)
            goTo(position: Position(number))
        } else if processor(named: text) != nil {
            openProcessor(text)
        } else if let screen = ScreenName(rawValue: text), screen.argumentName == nil {
            open(screen)
        } else {
            let (name, number) = Self.place(text)
            openHistory(StreamName(name), at: number)
        }
    }

    /// A name with the number behind its `@`, where it has one.
    static func place(_ text: String) -> (name: String, number: UInt64?) {
        guard let at = text.lastIndex(of: "@"), let number = number(text[at...]) else {
            return (text, nil)
        }
        return (String(text[..<at]), number)
    }

    private static func number(_ text: Substring) -> UInt64? {
        let digits = text.dropFirst().drop { $0 == "#" }
        return digits.first == "+" ? nil : UInt64(digits)
    }

    /// Shows the events around a position in the tail.
    mutating func goTo(position: Position) {
        streams.isFollowing = false
        streams.target = position
        let (end, overflow) = position.number.addingReportingOverflow(
            UInt64(TailState.pageLimit / 2)
        )
        let range = EventsRequest.Range.before(overflow ? nil : Position(end))
        streams.headAsked = .start
        ask(.events(streams.request(range)), in: .tail)
    }

    // MARK: - Filters

    /// What narrows the list of the screen at hand.
    public var filterText: String {
        switch screen {
        case .streams: streams.filter
        case .processors: processors.filter
        case .aggregates: aggregates.filter
        case .operations: operations.filter
        case .deadLetters: deadLetters.filter
        case .effects: effectList.filter
        default: ""
        }
    }

    mutating func setFilter(_ text: String) {
        guard text != filterText else { return }
        switch screen {
        case .streams:
            streams.filter = text
            streams.clear()
            forget(.tail)
            forget(.tailOlder)
            forget(.event)
        case .processors:
            processors.filter = text
            retakeProcessors()
        case .aggregates:
            aggregates.filter = text
            aggregates.clear()
            forget(.streams)
        case .operations:
            operations.filter = text
            operations.take(allOperations ?? [], rows: listRows)
        case .deadLetters:
            deadLetters.filter = text
            deadLetters.cursor.moveTime = nil
            deadLetters.take(deadLetters.all ?? [], rows: letterRows, at: now)
        case .effects:
            effectList.filter = text
            effectList.cursor.moveTime = nil
            effectList.take(effectList.all ?? [], rows: listRows, at: now)
        default: break
        }
    }

    /// Chooses and orders the groups again, at once.
    mutating func retakeProcessors() {
        processors.cursor.moveTime = nil
        processors.take(
            allProcessors ?? [],
            rows: listRows(on: .processors),
            at: now
        )
    }

    // MARK: - What hangs on a selection

    /// Asks for the payload of the selected event where it is shown.
    mutating func askForPayload() {
        guard screen == .streams, isWide || streams.isDetailOpen else { return }
        guard let selected = streams.selected else { return }
        guard streams.detail?.summary.position != selected.position else { return }
        streams.detailTop = 0
        ask(.event(selected.position), in: .event)
    }

    /// Lists the snapshots of the stream that needs one most in the selected category.
    mutating func chooseSnapshotStream() {
        let stream = snapshots.selected?.worstStream
        guard stream != snapshots.stream else { return }
        snapshots.stream = stream
        snapshots.snapshots = nil
        forget(.snapshots)
    }
}
