import EventModel
import OperationsModel

extension ConsoleState {
    /// Shows the history of a stream, at its last event where no sequence is given.
    mutating func openHistory(_ stream: StreamName, at sequence: UInt64?) {
        if history.stream != stream {
            let pane = history.pane
            history = HistoryState()
            history.stream = stream
            history.pane = pane
            for slot in [Slot.history, .historyHead, .historySnapshots, .locate] { forget(slot) }
            for slot in [Slot.aggregateState, .difference] { forget(slot) }
            for slot in [Slot.history, .historyHead, .aggregateState, .difference] {
                errors[slot] = nil
                answerTimes[slot] = nil
            }
        }
        open(.history)
        guard history.window.isEmpty || history.lastSequence == nil else {
            if let sequence { select(sequence: sequence) }
            return
        }
        history.target = sequence
        let range: EventsRequest.Range =
            sequence.map { .stream(stream, from: Self.windowStart(around: $0)) }
            ?? .streamBackwards(stream, through: nil)
        ask(.events(EventsRequest(range: range, limit: HistoryState.windowLimit)), in: .history)
    }

    private static func windowStart(around sequence: UInt64) -> Sequence {
        let half = UInt64(HistoryState.windowLimit / 2)
        return Sequence(sequence > half ? sequence - half : 0)
    }

    mutating func takeHistory(_ page: [EventSummary]) {
        let isFirst = history.window.isEmpty
        let events = page.filter { $0.stream == history.stream }
            .sorted { $0.sequence < $1.sequence }
        guard let last = events.last?.sequence.number else {
            if isFirst, let target = history.target, target > 0, let stream = history.stream {
                history.target = nil
                openHistory(stream, at: nil)
            }
            return
        }
        history.window = events
        if last > history.lastSequence ?? 0 || history.lastSequence == nil {
            history.lastSequence = last
        }
        if isFirst {
            select(sequence: history.target ?? last)
            history.target = nil
        }
    }

    mutating func takeHistoryHead(_ page: [EventSummary]) {
        guard let event = page.first, event.stream == history.stream else { return }
        let last = event.sequence.number
        guard history.lastSequence != last else { return }
        history.lastSequence = last
        history.sequence = min(history.sequence, last)
        guard !history.window.isEmpty else { return }
        holdWindow()
        if history.base == .head { askForDifference() }
    }

    /// Goes to a sequence; one outside the stream means its nearer end.
    mutating func select(sequence: UInt64) {
        guard let last = history.lastSequence else { return }
        history.blame = nil
        if isWaiting(for: .locate) { forget(.locate) }
        history.sequence = min(sequence, last)
        history.differenceTop = 0
        let rows = UInt64(listRowsOfHistory)
        let place = history.sequence
        if place + rows < history.top || place > history.top + 2 * rows {
            history.top = place > rows / 2 ? place - rows / 2 : 0
        }
        history.top = history.firstSequence(fitting: listRowsOfHistory)
        holdWindow()
        askForState()
        askForDifference()
    }

    /// Steps by so many events.
    mutating func step(by count: Int) {
        guard history.lastSequence != nil else { return }
        let distance = UInt64(count.magnitude)
        let (sum, overflow) = history.sequence.addingReportingOverflow(distance)
        let target =
            count < 0
            ? (history.sequence > distance ? history.sequence - distance : 0)
            : (overflow ? UInt64.max : sum)
        select(sequence: target)
    }

    private var listRowsOfHistory: Int {
        listRows(on: .history)
    }

    /// Asks for other events where those held do not cover the list on the screen.
    private mutating func holdWindow() {
        guard let stream = history.stream, let last = history.lastSequence else { return }
        let first = history.firstSequence(fitting: listRowsOfHistory)
        let end = min(last, first + UInt64(listRowsOfHistory) - 1)
        guard history.event(at: first) == nil || history.event(at: end) == nil else { return }
        let start = Self.windowStart(around: history.sequence)
        let request = EventsRequest(
            range: .stream(stream, from: start),
            limit: HistoryState.windowLimit
        )
        ask(.events(request), in: .history)
    }

    private mutating func askForState() {
        guard let stream = history.stream else { return }
        if history.stateSequence == history.sequence {
            forget(.aggregateState)
        } else {
            ask(.state(stream, .sequence(Sequence(history.sequence))), in: .aggregateState)
        }
    }

    mutating func askForDifference() {
        guard let stream = history.stream else { return }
        let wanted = history.wantedComparison
        if history.comparison == wanted {
            forget(.difference)
        } else {
            ask(
                .difference(
                    stream,
                    from: wanted.from.map { Sequence($0) },
                    to: Sequence(wanted.to)
                ),
                in: .difference
            )
        }
    }

    mutating func take(_ state: AggregateState, at point: StatePoint, in slot: Slot) {
        guard state.stream == history.stream else { return }
        if slot == .locate {
            if let last = state.last {
                select(sequence: last.sequence.number)
            } else {
                tell("the stream began after that time", .refusal)
            }
        } else if case .sequence(let sequence) = point {
            history.state = state
            history.stateSequence = sequence.number
            clampStateLine()
        }
    }

    mutating func takeDifference(
        _ fields: [FieldDifference],
        from: Sequence?,
        to: Sequence?,
        in slot: Slot
    ) {
        guard let to else { return }
        if slot == .locate {
            continueBlame(fields, at: to.number)
        } else {
            history.difference = fields
            history.comparison = HistoryState.Comparison(from: from?.number, to: to.number)
            history.differenceTop = min(history.differenceTop, max(0, fields.count - 1))
            clampStateLine()
        }
    }

    mutating func clampStateLine() {
        history.stateLine = min(history.stateLine, max(0, history.visibleLines.count - 1))
    }

    // MARK: - Blame

    /// The field under the cursor; nothing where the cursor is on none.
    var fieldUnderCursor: String? {
        let path: String?
        switch history.pane {
        case .events: path = nil
        case .state:
            let lines = history.visibleLines
            path = lines.indices.contains(history.stateLine) ? lines[history.stateLine].path : nil
        case .difference:
            let fields = history.difference ?? []
            path =
                fields.indices.contains(history.differenceTop)
                ? fields[history.differenceTop].path : nil
        }
        return path?.isEmpty == false ? path : nil
    }

    /// Looks for the event that last changed the field under the cursor.
    mutating func startBlame() {
        guard let path = fieldUnderCursor, history.lastSequence != nil else { return }
        lookForChange(of: path, at: history.sequence)
    }

    private mutating func lookForChange(of path: String, at sequence: UInt64) {
        guard let stream = history.stream else { return }
        history.blame = HistoryState.Blame(path: path, sequence: sequence)
        let before = sequence == 0 ? nil : Sequence(sequence - 1)
        ask(.difference(stream, from: before, to: Sequence(sequence)), in: .locate)
    }

    private mutating func continueBlame(_ fields: [FieldDifference], at sequence: UInt64) {
        guard let blame = history.blame, blame.sequence == sequence else { return }
        let isChanged = fields.contains { field in
            field.path.isField(blame.path) || blame.path.isField(field.path)
        }
        if isChanged {
            let isHere = sequence == history.sequence
            select(sequence: sequence)
            tell(isHere ? "this event changed \(blame.path)" : "here \(blame.path) last changed")
        } else if sequence == 0 {
            history.blame = nil
            tell("no event changed \(blame.path)", .refusal)
        } else {
            lookForChange(of: blame.path, at: sequence - 1)
        }
    }
}
