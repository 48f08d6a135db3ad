import EventModel
public import OperationsModel

extension ConsoleState {
    /// Shows the scratch copy of a group; makes one where there is none yet, as of a point.
    mutating func openStep(_ group: String?, at point: ReadModelPoint? = nil) {
        if step.group == group, group != nil {
            if let point { goInStep(to: point) }
        } else {
            letGoOfStep()
            step.group = group
            if let group { order(.make(group: group, at: point ?? .position(.start))) }
        }
        open(.step)
    }

    /// Lets go of the scratch copy and of all that is known of it.
    mutating func letGoOfStep() {
        guard step.group != nil else { return }
        if let work = step.work { effects.append(.interruptScratch(work.token)) }
        effects.append(.endScratch)
        step = StepState()
    }

    /// Lets go of the copy once no way leads back to it.
    mutating func letGoOfUnreachableStep() {
        if !path.contains(.step), !previousPath.contains(.step) { letGoOfStep() }
    }

    /// Has the work on the copy end where it is; false where there is none that takes long, or it
    /// was told already.
    mutating func interruptStep() -> Bool {
        guard let work = step.work, work.isLong, !work.isInterrupted else { return false }
        step.pending = nil
        effects.append(.interruptScratch(work.token))
        step.work?.isInterrupted = true
        return true
    }

    // MARK: - Moving

    /// Why the copy cannot be moved; nothing where it can.
    var stepRefusal: String? {
        if let work = step.work, work.isLong { return "at work; Esc gives it up" }
        return step.hasCopy ? nil : "there is no copy; @ begins one"
    }

    mutating func performInStep(_ command: Command) {
        switch command {
        case .stepOn: moveStep(.next(1))
        case .stepBack: moveStep(.back(1))
        case .leapOn: moveStep(.next(10))
        case .leapBack: moveStep(.back(10))
        case .nextSameType:
            if let event = step.step?.event { moveStep(.type(event.type)) }
        case .nextSameStream:
            if let event = step.step?.event { moveStep(.stream(event.stream)) }
        case .until: prompt(.stepUntil, text: suggestion(for: .stepUntil))
        case .nextPane: showRows(forward: true)
        case .previousPane: showRows(forward: false)
        default: break
        }
    }

    /// Moves the copy, after what it is at; steps asked for meanwhile are made together.
    mutating func moveStep(_ move: ReplayMove) {
        if let refusal = stepRefusal { return tell(refusal, .refusal) }
        if let steps = move.steps, let before = step.pending?.steps {
            step.pending = ReplayMove(steps: before + steps)
        } else {
            step.pending = move
        }
        makePendingMove()
    }

    private mutating func makePendingMove() {
        guard step.work == nil, let move = step.pending else { return }
        step.pending = nil
        if step.hasCopy { order(.move(move)) }
    }

    /// Goes to a point with the copy there is, or else with a new one.
    private mutating func goInStep(to point: ReadModelPoint) {
        guard let group = step.group else { return }
        if step.hasCopy {
            moveStep(.to(point))
        } else if step.work == nil {
            order(.make(group: group, at: point))
        } else {
            tell("at work; Esc gives it up", .refusal)
        }
    }

    /// Goes where a line says: a position, a time, an age, an end, or so many events on or back;
    /// returns what is wrong with the text.
    mutating func goInStep(typed text: String) -> String? {
        let text = text.filter { $0 != " " }
        if text == "start" {
            goInStep(to: .position(.start))
        } else if text == "head" {
            goInStep(to: .head)
        } else if let count = Self.count(text, after: "+") {
            moveStep(.next(count))
        } else if let count = Self.count(text, after: "-") {
            moveStep(.back(count))
        } else if let target = GoToTarget(text, now: now) {
            switch target {
            case .number(let number): goInStep(to: .position(Position(number)))
            case .time(let time): goInStep(to: .time(time))
            }
        } else {
            return "not a #position, +events, -events, start, head, a time or an age"
        }
        return nil
    }

    private static func count(_ text: String, after sign: String) -> Int? {
        guard text.hasPrefix(sign), text.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        // More than any store holds, and steps can still be summed up.
        return Int(text.dropFirst()).flatMap { $0 > 0 ? min($0, 1 << 40) : nil }
    }

    /// What a line is begun with that is typed for a purpose.
    func suggestion(for purpose: Prompt.Purpose) -> String {
        switch purpose {
        case .stepStream: step.step?.event?.stream.text ?? ""
        case .stepType: step.step?.event?.type.text ?? ""
        case .stepUntil: step.condition
        default: ""
        }
    }

    /// Goes on to what a line names, or asks what it asks; returns what is wrong with it.
    mutating func goInStep(_ text: String, for purpose: Prompt.Purpose) -> String? {
        guard !text.isEmpty else { return nil }
        switch purpose {
        case .stepStream: moveStep(.stream(StreamName(text)))
        case .stepType: moveStep(.type(EventType(text)))
        case .stepUntil:
            step.condition = text
            moveStep(.until(text))
        default: queryStep(text)
        }
        return nil
    }

    // MARK: - Rows

    /// The tables of the copy, and the query that was last asked.
    public var stepSources: [RowSource] {
        let tables = step.group.flatMap { processor(named: $0) }?.tables ?? []
        var sources = tables.map { RowSource.table($0) }
        if let source = step.source, !sources.contains(source) { sources.append(source) }
        return sources
    }

    /// Gives the keys to the next of: the changes, each table, the query.
    private mutating func showRows(forward: Bool) {
        let sources = stepSources
        let place = step.source.flatMap { sources.firstIndex(of: $0) }
        let current = step.pane == .changes ? 0 : 1 + (place ?? 0)
        let count = sources.count + 1
        let next = (current + (forward ? 1 : count - 1)) % count
        guard next > 0 else { return step.pane = .changes }
        step.pane = .rows
        showRows(of: sources[next - 1])
    }

    mutating func showRows(of source: RowSource) {
        guard step.source != source else { return }
        step.source = source
        step.page = nil
        step.rowsError = nil
        step.pagePosition = nil
        step.rowTop = 0
    }

    /// Asks the tables of the copy as they are here.
    mutating func queryStep(_ sql: String) {
        step.pane = .rows
        step.source = nil
        showRows(of: .query(sql))
    }

    /// Has the rows read that are shown, unless they were since the last move.
    mutating func refreshStepRows() {
        guard screen == .step, step.hasCopy, step.work == nil, isWide || step.pane == .rows
        else { return }
        if step.source == nil { step.source = stepSources.first }
        guard let source = step.source, step.pagePosition != step.position else { return }
        order(.rows(source))
    }

    // MARK: - Orders and answers

    private mutating func order(_ order: ScratchOrder) {
        lastNumber += 1
        let token = ScratchToken(number: lastNumber)
        step.work = StepState.Work(token: token, order: order, startTime: now)
        if case .rows = order {} else { step.error = nil }
        effects.append(.scratch(order, token))
    }

    mutating func takeProgress(of token: ScratchToken, reached: Position, last: Position) {
        guard step.work?.token == token else { return }
        step.work?.take(reached: reached, last: last, at: now)
    }

    /// Takes what came of an order, unless another copy is wanted since.
    mutating func take(
        _ result: Result<ScratchAnswer, OperationsError>,
        for token: ScratchToken
    ) {
        guard let work = step.work, work.token == token else { return }
        step.work = nil
        switch result {
        case .success(.made(let made, let failure)):
            stand(made)
            step.failure = failure
        case .success(.moved(let moved)): stand(moved)
        case .success(.rows(let page)):
            step.page = page
            step.rowsError = nil
            step.pagePosition = step.position
            step.rowTop = min(step.rowTop, max(0, page.rows.count - 1))
        case .failure(let error):
            step.pending = nil
            if case .rows = work.order {
                step.page = nil
                step.rowsError = error
                step.pagePosition = step.position
            } else {
                step.error = error
            }
        }
        makePendingMove()
    }

    private mutating func stand(_ made: ReplayStep) {
        step.step = made
        step.failure = nil
        step.changeTop = 0
    }

    /// Scrolls the pane that takes the keys.
    mutating func scrollStep(by rows: Int) {
        // Notes take some of the rows.
        let visible = listRows - (step.hasNotes ? 8 : 0)
        switch step.pane {
        case .changes:
            let end = max(0, step.changeLineCount - visible)
            step.changeTop = min(max(0, step.changeTop + rows), end)
        case .rows:
            let end = max(0, (step.page?.rows.count ?? 0) - visible + 1)
            step.rowTop = min(max(0, step.rowTop + rows), end)
        }
    }
}

extension ReplayMove {
    /// So many handled events on, or back where negative; nothing where it goes elsewhere.
    fileprivate var steps: Int? {
        switch self {
        case .next(let count): count
        case .back(let count): -count
        default: nil
        }
    }

    /// A move by so many events; nothing for none.
    fileprivate init?(steps: Int) {
        guard steps != 0 else { return nil }
        self = steps > 0 ? .next(steps) : .back(-steps)
    }
}
