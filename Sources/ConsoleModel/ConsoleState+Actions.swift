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
        if screen == .replay, replay.stage == .planning, let group = subjectGroup {
            return ActionMenu(subject: "replay of \(group)", entries: replayEntries)
        }
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
                title: status.replay == nil
                    ? "Plan a replay of \(group)" : "Watch the replay of \(group)",
                action: .planReplay(group),
                changesStore: false
            ),
        ]
        if let shadow = status.shadow {
            entries.append(
                ActionMenu.Entry(
                    title: "Give up the new rows of \(group)",
                    action: .undoReplay(group: group, operation: shadow.operation),
                    changesStore: true,
                    refusal: changeRefusal
                )
            )
        } else if let kept = status.kept {
            entries.append(
                ActionMenu.Entry(
                    title: "Undo the last replay of \(group)",
                    action: .undoReplay(group: group, operation: kept.operation),
                    changesStore: true,
                    refusal: changeRefusal
                )
            )
        }
        if status.deadLetterCount > 0 {
            entries.append(
                ActionMenu.Entry(
                    title: "Try the dead letters of \(group) again",
                    action: .retryLetters(group),
                    changesStore: true,
                    refusal: changeRefusal
                )
            )
        }
        return entries
    }

    private var replayEntries: [ActionMenu.Entry] {
        [
            ActionMenu.Entry(
                title: "Start from another place",
                action: .replayStart,
                changesStore: false
            ),
            ActionMenu.Entry(
                title: "Limit the rate",
                action: .replayRate,
                changesStore: false
            ),
            ActionMenu.Entry(
                title: replay.request?.isShadow == true
                    ? "Make the rows in place" : "Make new rows beside those in use",
                action: .replayPlace,
                changesStore: false
            ),
            ActionMenu.Entry(
                title: "Run this replay",
                action: .runReplay,
                changesStore: true,
                refusal: replayRefusal
            ),
        ]
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

    /// Why the planned replay cannot be asked for now.
    var replayRefusal: String? {
        guard replay.stage == .planning else { return "the replay was already asked for" }
        guard let plan = replay.plan else { return "the plan is not there yet" }
        return plan.refusal ?? changeRefusal
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
        case .retryLetters(let group):
            question(
                "Try the dead letters of \(group) again, until one fails?",
                .retry(RetryRequest(group: group, letters: .all))
            )
        case .runReplay: confirmReplay()
        case .replayStart: prompt(.replayStart)
        case .replayRate: prompt(.replayRate)
        case .replayPlace:
            replay.request?.isShadow.toggle()
            askForPlan()
        case .undoReplay(let group, let operation):
            confirmUndo(of: operation, in: group)
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

    // MARK: - Replay

    mutating func confirmReplay() {
        guard replayRefusal == nil, let plan = replay.plan, let request = replay.request
        else { return tell(replayRefusal ?? "nothing to replay", .refusal) }
        let tables = plan.tables.joined(separator: ", ")
        overlay = .typedConfirmation(
            TypedConfirmation(
                title: "Replay \(request.group)",
                consequences: request.isShadow
                    ? [
                        "Made anew beside those in use: \(tables).",
                        "Readers see the rows in use until the new ones are ready.",
                        "The rows of before are kept; undoing puts them back.",
                    ]
                    : [
                        plan.tables.isEmpty
                            ? "The group keeps no tables."
                            : "Emptied and filled again: \(tables).",
                        "Readers see incomplete rows until it is done.",
                        "The rows of before are kept; undoing puts them back.",
                    ],
                expected: "\(storeName)/\(request.group)",
                kind: .replay(request),
                openTime: now
            )
        )
    }

    private mutating func confirmUndo(of operation: EventID, in group: String) {
        guard let status = processor(named: group) else { return }
        let isShadow = status.shadow?.operation == operation
        let position = status.kept.map { "#\($0.position)" } ?? ""
        overlay = .typedConfirmation(
            TypedConfirmation(
                title: isShadow ? "Give up new rows of \(group)" : "Undo a replay of \(group)",
                consequences: isShadow
                    ? ["The new rows are removed; those in use never changed."]
                    : [
                        "The rows of before come back, as they were at \(position).",
                        "The rows in use now are removed.",
                        "The group goes on from there.",
                    ],
                expected: "\(storeName)/\(group)",
                kind: .undo(group: group, operation: operation),
                openTime: now
            )
        )
    }

    /// Sets where the planned replay starts; returns what is wrong with the text.
    mutating func setReplayStart(_ text: String) -> String? {
        guard replay.stage == .planning, replay.request != nil else { return nil }
        if text == "start" || text == "beginning" {
            replay.request?.start = .beginning
        } else if let target = GoToTarget(text, now: now) {
            switch target {
            case .number(let number): replay.request?.start = .after(Position(number))
            case .time(let time): replay.request?.start = .time(time)
            }
        } else {
            return "not start, a #position, a time or an age"
        }
        askForPlan()
        return nil
    }

    /// Sets how fast the planned replay goes at most; returns what is wrong with the text.
    mutating func setReplayRate(_ text: String) -> String? {
        guard replay.stage == .planning, replay.request != nil else { return nil }
        let digits = text.filter { $0 != "," && $0 != " " }
        guard digits.isEmpty || Int(digits) ?? 0 > 0 else { return "not a number of events" }
        replay.request?.rateLimit = Int(digits)
        askForPlan()
        return nil
    }

    // MARK: - Requests

    /// Asks for an operation, unless changes are no longer allowed.
    mutating func request(_ kind: OperationRequest.Kind) {
        if let refusal = changeRefusal { return tell(refusal, .refusal) }
        guard let reason = arming?.reason else { return }
        lastNumber += 1
        requests[lastNumber] = kind
        if case .replay = kind { replay.stage = .asking }
        let token = RequestToken(number: lastNumber)
        effects.append(.request(OperationRequest(kind, reason: reason), token))
        tell("asking: \(kind.phrase)")
    }
}
