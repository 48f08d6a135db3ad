import EventLog
import EventModel
import Operations
import OperationsModel
import Processing
import ReadModels

extension Verb {
    static let run = Verb(
        "run",
        "Run the processing groups of a store without a screen",
        discussion: "Obeys what operators ask for, from wherever they ask, until it is "
            + "interrupted. The segments of a group are shared with other processes that run it; "
            + "those of one that ends are taken over.",
        operands: [.store],
        options: [
            VerbOption("group", "G", "Only this group.", isRepeatable: true),
            VerbOption("until-caught-up", nil, "End when every group has reached the head."),
        ],
        examples: [
            Example("run shop.store", "Keep all read models up to date."),
            Example("run shop.store --group sales --until-caught-up", "Bring one up to date."),
        ],
        exitStatuses: [
            ExitStatusMeaning(
                .finding,
                "With --until-caught-up: a group is paused, fails, or is run by another process."
            )
        ],
        run: runGroups
    )
}

@Sendable
private func runGroups(_ context: VerbContext) throws -> ExitStatus {
    let operations = try context.openOperations()
    let names = context.arguments.texts("group")
    for name in names { try checkGroup(name, operations) }
    guard !operations.domain.groups.isEmpty else {
        throw CommandFailure(
            .finding,
            "the store has no processing groups; define them in \(operations.log.directory.model)"
        )
    }
    Interrupt.catchSignals()
    let host = StoreHost(operations, groups: names.isEmpty ? nil : Set(names))
    let endsByItself = context.arguments.has("until-caught-up")
    // What the last events asked to be done outside the store is done before the end.
    defer { host.stop(performing: endsByItself && !Interrupt.isRaised) }
    return endsByItself
        ? try catchUp(host, operations, context) : try runOn(host, operations, context)
}

private func checkGroup(_ name: String, _ operations: StoreOperations) throws {
    let names = operations.domain.groups.map(\.name)
    guard !names.contains(name) else { return }
    let meant = Suggestion.nearest(to: name, among: names)
    throw CommandFailure.usage(
        "there is no processing group '\(name)'" + (meant.map { "; did you mean '\($0)'" } ?? "")
    )
}

private func catchUp(
    _ host: StoreHost,
    _ operations: StoreOperations,
    _ context: VerbContext
) throws -> ExitStatus {
    let head = try operations.log.head()
    let progress = ProgressLine(context.messages)
    var measured = CatchUpProgress()
    let behind = try host.groups.waitUntilDecided(head) { statuses in
        let line = measured.describe(statuses, head: head)
        progress.show(line)
        return !Interrupt.isRaised
    }
    progress.finish()
    guard !behind.isEmpty else {
        try context.messages.line("every group has reached position \(head)")
        return try tellLetters(operations, context)
    }
    for name in behind {
        let status = host.statuses[name]
        let cause = status?.failure ?? (status?.isPaused == true ? "paused" : "interrupted")
        try context.messages.line(
            "\(name) stopped at position \(status?.position ?? .start): \(cause)"
        )
    }
    return .finding
}

/// Names the groups that have put events aside.
private func tellLetters(
    _ operations: StoreOperations,
    _ context: VerbContext
) throws -> ExitStatus {
    let groups = try operations.processors().filter { $0.deadLetterCount > 0 }
    for group in groups {
        let letters = group.deadLetterCount == 1 ? "dead letter" : "dead letters"
        try context.messages.line(
            "\(group.group) has \(NumberFormat.grouped(group.deadLetterCount)) \(letters); "
                + "see '\(context.table.program) dead-letters'"
        )
    }
    return groups.isEmpty ? .done : .finding
}

private func runOn(
    _ host: StoreHost,
    _ operations: StoreOperations,
    _ context: VerbContext
) throws -> ExitStatus {
    let progress = ProgressLine(context.messages)
    var measured = CatchUpProgress()
    while !Interrupt.isRaised {
        let head = try operations.log.head()
        if context.messages.isTerminal {
            let line = measured.describe(host.statuses, head: head)
            progress.show(line)
        }
        _ = try operations.log.wait(after: Position(.max), timeoutMilliseconds: 500)
    }
    progress.finish()
    return .done
}
