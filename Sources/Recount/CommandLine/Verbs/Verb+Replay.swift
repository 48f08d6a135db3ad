import EventModel
import JSON
import Operations
import OperationsModel

extension Verb {
    static let replay = Verb(
        "replay",
        "Make the rows of one processing group anew from its events",
        discussion: "Other groups go on meanwhile. The process that runs the group replays; this "
            + "command asks for it, and watches. The rows in use before are kept: 'recount undo' "
            + "puts them back. With --plan nothing is changed.",
        operands: [.store, .group],
        options: [
            VerbOption(
                "from",
                "start|P|T",
                "Where to start: the beginning (this is the default), after a position, or at a "
                    + "time. Other than the beginning only for idempotent projections."
            ),
            VerbOption(
                "to",
                "P|T",
                "Where to end: after a position or before a time. Only for idempotent projections, "
                    + "as are --stream and --type."
            ),
            VerbOption("stream", "S", "Only events of this stream.", isRepeatable: true),
            VerbOption("type", "T", "Only events of this type.", isRepeatable: true),
            VerbOption(
                "shadow",
                nil,
                "Make the new rows beside those in use, which readers see until the new ones have "
                    + "caught up and take their place in one step."
            ),
            VerbOption("rate", "N", "At most this many events a second."),
            VerbOption("plan", nil, "Only tell what would be done."),
            VerbOption("yes", nil, "Do not ask."),
            VerbOption("reason", "R", "Why; it is kept with the operation. Needed without --plan."),
            .noWait, .json,
        ],
        examples: [
            Example("replay shop.store sales --plan", "See what a replay would do."),
            Example(
                "replay shop.store sales --yes --reason 'totals were wrong'",
                "Rebuild the read model and watch."
            ),
            Example(
                "replay shop.store sales --shadow --yes --reason 'new column'",
                "Rebuild it while readers go on with the old one."
            ),
        ],
        run: replayGroup
    )
}

@Sendable
private func replayGroup(_ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    let operations = try context.openOperations()
    let request = ReplayRequest(
        group: arguments.operand(Operand.group.name),
        start: try start(arguments),
        end: try end(arguments),
        streams: Set(arguments.texts("stream").map { StreamName($0) }),
        types: Set(arguments.texts("type").map { EventType($0) }),
        rateLimit: try arguments.count("rate"),
        isShadow: arguments.has("shadow")
    )
    let plan = try operations.plan(request)
    if arguments.has("plan") {
        try printPlan(plan, context)
        return plan.refusal == nil ? .done : .refused
    }
    guard let reason = arguments.text("reason"), !reason.isEmpty else {
        throw CommandFailure.usage("a replay needs --reason R, or --plan to see what it would do")
    }
    // What would be refused is asked for all the same: the refusal is kept with the request.
    if plan.refusal == nil, !arguments.has("yes") {
        try printPlan(plan, context)
        guard try confirm(request.group, context) else {
            throw CommandFailure(.refused, "not confirmed; nothing was changed")
        }
    }
    let id = try operations.request(OperationRequest(.replay(request), reason: reason))
    if arguments.has(VerbOption.noWait.name) {
        try context.output.line("recorded as operation \(id)")
        return .done
    }
    return try watch(id, plan, operations, context)
}

private func start(_ arguments: VerbArguments) throws -> ReplayRequest.Start {
    try arguments.value("from", "start, a position, or a time as in RFC 3339") { text in
        if text == "start" { return ReplayRequest.Start.beginning }
        if let position = UInt64(text) { return .after(Position(position)) }
        return Timestamp(text).map(ReplayRequest.Start.time)
    } ?? .beginning
}

private func end(_ arguments: VerbArguments) throws -> ReplayRequest.End {
    try arguments.value("to", "a position, or a time as in RFC 3339") { text in
        if let position = UInt64(text) { return ReplayRequest.End.position(Position(position)) }
        return Timestamp(text).map(ReplayRequest.End.time)
    } ?? .group
}

private func confirm(_ group: String, _ context: VerbContext) throws -> Bool {
    guard context.messages.isTerminal else {
        throw CommandFailure.usage("without a terminal to confirm on, a replay needs --yes")
    }
    try context.output.flush()
    try context.messages.write("Type the name of the group to replay it: ")
    try context.messages.flush()
    return readLine() == group
}

private func watch(
    _ id: EventID,
    _ plan: ReplayPlan,
    _ operations: StoreOperations,
    _ context: VerbContext
) throws -> ExitStatus {
    Interrupt.catchSignals()
    let progress = ProgressLine(context.messages)
    let start = ContinuousClock.now
    let entry = try operations.waitForOutcome(of: id) { entry in
        // A replay that nobody has begun after a while waits for a host.
        if case .pending = entry.outcome, start.duration(to: .now) > .seconds(5) { return false }
        let status = try operations.processors().first { $0.group == plan.request.group }
        progress.show(describe(status, plan))
        return !Interrupt.isRaised
    }
    progress.finish()
    return try tell(entry, id, context)
}

private func describe(_ status: ProcessorStatus?, _ plan: ReplayPlan) -> String {
    guard let status else { return "waiting for the group's process" }
    if let shadow = status.shadow { return describe(shadow, of: status) }
    guard let replay = status.replay else { return "waiting for the group's process" }
    let done = status.position.number - min(status.position, replay.from).number
    let total = max(1, replay.to.number - replay.from.number)
    var text =
        "\(NumberFormat.grouped(done)) of \(NumberFormat.grouped(total)) events, "
        + "\(done * 100 / total)%, \(NumberFormat.grouped(Int(status.ratePerSecond)))/s"
    if status.ratePerSecond > 0 {
        let seconds = Double(total - min(done, total)) / status.ratePerSecond
        text += ", \(NumberFormat.duration(seconds)) left"
    }
    if let failure = status.failure { text += ", FAILING: \(failure)" }
    return text
}

private func describe(_ shadow: ProcessorStatus.Shadow, of status: ProcessorStatus) -> String {
    let total = max(1, status.position.number)
    let done = min(total, shadow.position?.number ?? 0)
    return "\(NumberFormat.grouped(done)) of \(NumberFormat.grouped(total)) events in the new "
        + "rows, \(done * 100 / total)%"
}

private func printPlan(_ plan: ReplayPlan, _ context: VerbContext) throws {
    guard !context.printsJSON else { return try printObject(plan, context) }
    let output = context.output
    try output.line(
        "replay \(plan.request.group): positions \(plan.from.next) to \(plan.to), "
            + "\(NumberFormat.grouped(plan.chosenCount)) events in "
            + "\(NumberFormat.grouped(plan.streamCount)) streams"
    )
    if let seconds = plan.secondsExpected, let rate = plan.measuredRate {
        try output.line(
            "expected to take \(NumberFormat.duration(seconds.lowerBound)) to "
                + "\(NumberFormat.duration(seconds.upperBound)), "
                + "by the last measured \(NumberFormat.grouped(Int(rate))) events/s"
        )
    }
    try output.line("tables: \(plan.tables.joined(separator: ", "))")
    let readers = plan.readers?.summary ?? TableReaders.unknown
    try output.line("other readers of the tables: \(readers)")
    try output.line("room needed: about \(NumberFormat.grouped(plan.size)) bytes")
    if plan.deadLetterCount > 0 {
        try output.line("dead letters that are handled again: \(plan.deadLetterCount)")
    }
    if plan.count(.muted) > 0 {
        try output.line("muted in replays: \(NumberFormat.grouped(plan.count(.muted))) events")
    }
    if plan.count(.replaced) > 0 {
        try output.line(
            "handled otherwise in replays: \(NumberFormat.grouped(plan.count(.replaced))) events"
        )
    }
    for note in plan.notes { try output.line(note) }
    var table = TextTable([.text("type"), .number("events"), .text("handled")], to: output)
    for type in plan.types {
        try table.row([
            type.type.text, NumberFormat.grouped(type.count), type.handling.word,
        ])
    }
    try table.flush()
    if let refusal = plan.refusal { try output.line("would be refused: \(refusal)") }
}

extension ReplayPlan.Handling {
    /// What the table of a plan says.
    fileprivate var word: String {
        switch self {
        case .none: "no"
        case .same: "yes"
        case .replaced: "otherwise"
        case .muted: "muted"
        }
    }
}

private func printObject(_ plan: ReplayPlan, _ context: VerbContext) throws {
    try context.output.object { writer in
        writer.member("group", plan.request.group)
        writer.member("from", plan.from.number)
        writer.member("to", plan.to.number)
        writer.member("events", plan.chosenCount)
        writer.member("mutedEvents", plan.count(.muted))
        writer.member("replacedEvents", plan.count(.replaced))
        writer.member("streams", plan.streamCount)
        writer.member("measuredRate", plan.measuredRate)
        writer.member("secondsMinimum", plan.secondsExpected?.lowerBound)
        writer.member("secondsMaximum", plan.secondsExpected?.upperBound)
        writer.member("bytesNeeded", plan.size)
        writer.member("deadLetters", plan.deadLetterCount)
        writer.member("isShadow", plan.request.isShadow)
        writer.key("tables")
        writer.strings(plan.tables)
        write(plan.readers, to: &writer)
        writer.key("types")
        writer.beginArray()
        for type in plan.types {
            writer.beginObject()
            writer.member("type", type.type.text)
            writer.member("count", type.count)
            writer.member("isHandled", type.isHandled)
            writer.member("handling", type.handling.rawValue)
            writer.endObject()
        }
        writer.endArray()
        writer.key("notes")
        writer.strings(plan.notes)
        writer.member("refusal", plan.refusal)
    }
}

private func write(_ readers: TableReaders?, to writer: inout JSONWriter) {
    writer.member("readersComplete", readers?.isComplete)
    writer.key("readers")
    guard let readers = readers?.readers else { return writer.null() }
    writer.beginArray()
    for reader in readers {
        writer.beginObject()
        writer.member("process", reader.process)
        writer.member("name", reader.name)
        writer.member("isHost", reader.isHost)
        writer.endObject()
    }
    writer.endArray()
}
