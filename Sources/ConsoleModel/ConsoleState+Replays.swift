import EventModel
import OperationsModel

extension ConsoleState {
    /// What can be done with the plan at hand.
    var replayEntries: [ActionMenu.Entry] {
        [
            ActionMenu.Entry(
                title: "Start from another place",
                action: .prompt(.replayStart),
                changesStore: false
            ),
            ActionMenu.Entry(
                title: "Limit the rate",
                action: .prompt(.replayRate),
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

    /// Why the planned replay cannot be asked for now.
    var replayRefusal: String? {
        guard replay.stage == .planning else { return "the replay was already asked for" }
        guard let plan = replay.plan else { return "the plan is not there yet" }
        return plan.refusal ?? changeRefusal
    }

    mutating func confirmReplay() {
        guard replayRefusal == nil, let plan = replay.plan, let request = replay.request
        else { return tell(replayRefusal ?? "nothing to replay", .refusal) }
        if request.isPartial {
            return confirm(
                request,
                [
                    "The rows stay: \(plan.tables.joined(separator: ", ")).",
                    "Events after #\(plan.from) are handled on them.",
                    "The rows of before are kept; undoing puts them back.",
                ]
            )
        }
        let tables = plan.tables.joined(separator: ", ")
        confirm(
            request,
            request.isShadow
                ? [
                    "Made anew beside those in use: \(tables).",
                    "Readers see the rows in use until the new ones are ready.",
                    "The rows of before are kept; undoing puts them back.",
                ]
                : [
                    plan.tables.isEmpty
                        ? "The group keeps no tables." : "Emptied and filled again: \(tables).",
                    "Readers see incomplete rows until it is done.",
                    "The rows of before are kept; undoing puts them back.",
                ]
        )
    }

    private mutating func confirm(_ request: ReplayRequest, _ consequences: [String]) {
        overlay = .typedConfirmation(
            TypedConfirmation(
                title: "Replay \(request.group)",
                consequences: consequences,
                expected: "\(storeName)/\(request.group)",
                kind: .replay(request),
                openTime: now
            )
        )
    }

    mutating func confirmUndo(of operation: EventID, in group: String) {
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
        let (rate, complaint) = Self.rate(typed: text)
        guard complaint == nil else { return complaint }
        replay.request?.rateLimit = rate
        askForPlan()
        return nil
    }

    /// A number of events a second as typed, nothing for no limit; or what is wrong with it.
    static func rate(typed text: String) -> (rate: Int?, complaint: String?) {
        let digits = text.filter { $0 != "," && $0 != " " }
        guard digits.isEmpty || Int(digits) ?? 0 > 0 else { return (nil, "not a number of events") }
        return (Int(digits), nil)
    }
}

extension ProcessorStatus {
    /// What the replay of the group is called where it can be chosen.
    var replayTitle: String {
        if replay != nil { return "Watch the replay of \(group)" }
        guard let rewind else { return "Plan a replay of \(group)" }
        return "Plan to rewind \(group) to #\(rewind.ancestor)"
    }
}
